"""What is wished for many districts' dates at once, and what of it was previewed: pure data, signed in between."""

import datetime as dt
import enum
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.core import signing

from resets import dates
from resets.errors import ScheduleError

SALT: Final = "resets.bulk"
A_DAY: Final = 24 * 3600
MOST: Final = 50_000
"""So many dates are changed at once at most: what was previewed travels with the page."""


class Kind(enum.StrEnum):
    """Which date each district is to get."""

    DATE = "date"
    DEFAULT = "default"
    DAYS = "days"


@dataclass(frozen=True)
class Wish:
    """The date that each district is to get.

    Attributes:
        on: for a date that is the same for all.
        days: for moving each date; before today's when negative.
        nearest: whoever is refused gets the nearest valid date.
        exception_reason: why a range may be left, where its window allows that.
    """

    kind: Kind
    on: dt.date | None = None
    days: int = 0
    nearest: bool = False
    exception_reason: str = ""

    @property
    def words(self) -> str:
        """The wish for a person."""
        match self.kind:
            case Kind.DATE if self.on:
                text = f"the date {self.on:%B} {self.on.day}, {self.on.year}"
            case Kind.DAYS:
                how = "later" if self.days > 0 else "earlier"
                text = f"{abs(self.days)} day{'' if abs(self.days) == 1 else 's'} {how}"
            case _:
                text = "the suite's default date"
        return f"{text}{', or else the nearest valid date' if self.nearest else ''}"

    def wanted(self, now_on: dt.date, default_on: dt.date, limits: dates.Limits, as_of: dt.date) -> dt.date:
        """The date that a district is to get, valid or not."""
        match self.kind:
            case Kind.DATE if self.on:
                return self.on
            case Kind.DAYS:
                return now_on + dt.timedelta(days=self.days)
            case _:
                return dates.default_date(default_on, limits, as_of) or default_on


@dataclass(frozen=True)
class Plan:
    """What was previewed: per schedule its key, the newest change that was seen, and its new date (None if refused).

    Attributes:
        id: the change's own, so that doing it twice does it once.
        actor: who previewed it, and alone may do it.
    """

    id: uuid.UUID
    actor: str
    wish: Wish
    reason: str
    rows: tuple[tuple[int, int, dt.date | None], ...]


def sign_plan(plan: Plan) -> str:
    """The plan as a text that nobody can change on the way."""
    rows = [[key, seen, on.toordinal() if on else 0] for key, seen, on in plan.rows]
    wish = {**asdict(plan.wish), "on": plan.wish.on.isoformat() if plan.wish.on else None}
    value = {"id": str(plan.id), "actor": plan.actor, "wish": wish, "reason": plan.reason, "rows": rows}
    return signing.dumps(value, salt=SALT, compress=True)


def read_plan(text: str, actor: str) -> Plan:
    """The plan of a text.

    Raises:
        ScheduleError: it is not whole, too old, or somebody else's.
    """
    value = _read(text, SALT, actor)
    said = value["wish"]
    wish = Wish(**{**said, "kind": Kind(said["kind"]), "on": dt.date.fromisoformat(said["on"]) if said["on"] else None})
    rows = tuple((key, seen, dt.date.fromordinal(on) if on else None) for key, seen, on in value["rows"])
    return Plan(uuid.UUID(value["id"]), actor, wish, value["reason"], rows)


def sign_keys(keys: Iterable[int], actor: str) -> str:
    """Chosen schedules as a text that nobody can change on the way.

    Raises:
        ScheduleError: there are none, or too many.
    """
    chosen = sorted(set(keys))
    if not chosen:
        raise ScheduleError("no reset date is chosen: tick some on the board, or choose all that match")
    if len(chosen) > MOST:
        raise ScheduleError(
            f"{len(chosen):,} dates are chosen; at most {MOST:,} can be changed at once: narrow the board"
        )
    return signing.dumps({"keys": chosen, "actor": actor}, salt=f"{SALT}.keys", compress=True)


def read_keys(text: str, actor: str) -> list[int]:
    """The chosen schedules of a text.

    Raises:
        ScheduleError: it is not whole, too old, or somebody else's.
    """
    return [int(key) for key in _read(text, f"{SALT}.keys", actor)["keys"]]


def _read(text: str, salt: str, actor: str) -> dict[str, Any]:
    try:
        value: dict[str, Any] = signing.loads(text, salt=salt, max_age=A_DAY)
    except signing.BadSignature as error:
        raise ScheduleError("the choice is not whole or older than a day: choose on the board again") from error
    if value["actor"] != actor:
        raise ScheduleError("the choice was made by somebody else: choose on the board again")
    return value
