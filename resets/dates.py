"""On which dates a suite may be reset: pure functions of the window, the district's own dates, and today."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

FURTHEST = 400
"""How many days ahead a valid date is looked for."""
CONFLICTS: Final[Mapping[str, str]] = {
    "earliest": "Before the earliest date",
    "range": "Outside of the range",
    "school_year": "School year not over",
    "summer_session": "Summer session not over",
    "rostering": "Not before rostering",
    "closed": "Closed day",
}
"""The rules that a date which was valid when it was picked may break later, in few words."""


@dataclass(frozen=True)
class Limits:
    """What bounds a date: the window's part, and the district's.

    Attributes:
        latest_on: last day of the window's range; None where any day before rostering will do.
        exception_reason: why the range may be left, where the window allows that; empty for no exception.
        early_on: a date before the earliest that two people stand for.
    """

    earliest_on: dt.date
    latest_on: dt.date | None
    exception_allowed: bool
    lead_days: int
    school_year_ends_on: dt.date
    summer_session_ends_on: dt.date | None
    rostering_starts_on: dt.date
    closed_days: frozenset[dt.date] = frozenset()
    exception_reason: str = ""
    early_on: dt.date | None = None


@dataclass(frozen=True)
class Refusal:
    """Why a date is refused, and the nearest one that would not be (None when there is none)."""

    code: str
    reason: str
    nearest: dt.date | None = None

    @property
    def text(self) -> str:
        """The reason, with the way out."""
        way_out = f" The nearest valid date is {_long(self.nearest)}." if self.nearest else ""
        return f"{self.reason}{way_out}"


def refusals(on: dt.date, limits: Limits, as_of: dt.date) -> tuple[Refusal, ...]:
    """Every rule that a date breaks; empty for a valid date."""
    broken = list(_broken_rules(on, limits, as_of))
    nearest = nearest_valid_date(on, limits, as_of) if broken else None
    return tuple(Refusal(code, reason, nearest) for code, reason in broken)


def nearest_valid_date(on: dt.date, limits: Limits, as_of: dt.date) -> dt.date | None:
    """The valid date nearest to `on`, the later of two equally near; None when there is none."""
    for distance in range(FURTHEST):
        for day in (on + dt.timedelta(days=distance), on - dt.timedelta(days=distance)):
            if is_valid(day, limits, as_of):
                return day
    return None


def is_valid(on: dt.date, limits: Limits, as_of: dt.date) -> bool:
    """Whether a date breaks no rule."""
    return not any(_broken_rules(on, limits, as_of))


def needs_exception(on: dt.date, limits: Limits) -> bool:
    """Whether a date is outside of the window's range, so that only an exception with a reason lets it be."""
    return limits.latest_on is not None and not limits.earliest_on <= on <= limits.latest_on


def is_early_only(refused: tuple[Refusal, ...]) -> bool:
    """Whether nothing is against a date but the window's earliest one: then two people may stand for it."""
    return [refusal.code for refusal in refused] == ["earliest"]


def conflicts(on: dt.date, limits: Limits) -> tuple[str, ...]:
    """The rules that a date breaks whenever it is asked about, by code; not how near it is. See `CONFLICTS`."""
    long_before = on - dt.timedelta(days=limits.lead_days)
    return tuple(code for code, _ in _broken_rules(on, limits, long_before))


def default_date(default_on: dt.date, limits: Limits, as_of: dt.date) -> dt.date | None:
    """The date of a district that does not answer.

    "Leave the reset date as July 28th if your school year and summer school session both end before July 28th", else
    "select the earliest possible date after their conclusion." Where that leaves nothing, the valid date nearest to it.
    """
    concluded = max(filter(None, (limits.school_year_ends_on, limits.summer_session_ends_on)))
    wanted = default_on if concluded < default_on else concluded + dt.timedelta(days=1)
    return nearest_valid_date(wanted, limits, as_of)


def _broken_rules(on: dt.date, limits: Limits, as_of: dt.date) -> Iterator[tuple[str, str]]:
    yield from _broken_range(on, limits)
    if on <= limits.school_year_ends_on:
        yield (
            "school_year",
            f"The school year ends on {_long(limits.school_year_ends_on)}, and the reset must follow it.",
        )
    if limits.summer_session_ends_on and on <= limits.summer_session_ends_on:
        ends = _long(limits.summer_session_ends_on)
        yield "summer_session", f"The summer school session ends on {ends}, and the reset must follow it."
    if on >= limits.rostering_starts_on:
        starts = _long(limits.rostering_starts_on)
        yield (
            "rostering",
            f"The reset must take place BEFORE rostering for the new school year, which starts on {starts}.",
        )
    if on < as_of:
        yield "past", f"{_long(on)} is in the past."
    elif on < as_of + dt.timedelta(days=limits.lead_days):
        yield "lead_time", f"A date must be picked at least {limits.lead_days} day(s) ahead."
    if on in limits.closed_days:
        yield "closed", f"{_long(on)} is a closed day of the district."


def _broken_range(on: dt.date, limits: Limits) -> Iterator[tuple[str, str]]:
    """A window with a last day is a range, which an exception with a reason may leave; else the first day binds."""
    if limits.latest_on is None:
        if on < limits.earliest_on and on != limits.early_on:
            yield "earliest", f"You may choose any date {_long(limits.earliest_on)} or after."
    elif needs_exception(on, limits) and not (limits.exception_allowed and limits.exception_reason):
        first, last = _long(limits.earliest_on), _long(limits.latest_on)
        exception = " Another date needs an exception with a reason." if limits.exception_allowed else ""
        yield "range", f"The data is archived between {first} and {last}.{exception}"


def _long(day: dt.date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
