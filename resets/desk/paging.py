"""The board in order, some rows at a time, by key: a page costs the same wherever in the list it is."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    F,
    Field,
    Func,
    IntegerField,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from resets.models import Answer, ResetSchedule

PAGE = 25
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
URGENCY = (Answer.ASKED, Answer.NONE, Answer.CUSTOM, Answer.AGREED)
"""Answers in the order in which a CSM has to do with them."""


@dataclass(frozen=True)
class Order:
    """A column that rows are put in order by, the schedule's key breaking ties. `read` makes a value of its text."""

    expression: Any
    field: "Field[Any, Any]"
    read: Callable[[str], Any]


@dataclass(frozen=True)
class BoardPage:
    """One page; `before` and `after` are the keys of its neighbours, empty where there is none."""

    schedules: Sequence[ResetSchedule]
    before: str
    after: str


_PERCENT = Case(
    When(district__status__ready_total__gt=0, then=F("district__status__ready_items") * 100
         / F("district__status__ready_total")),
    default=Value(-1), output_field=IntegerField(),
)  # fmt: skip
_URGENCY = Case(
    *(When(answer=answer, then=Value(rank)) for rank, answer in enumerate(URGENCY)),
    default=Value(len(URGENCY)),
    output_field=IntegerField(),
)
ORDERS: dict[str, Order] = {
    "date": Order(F("on"), DateField(), dt.date.fromisoformat),
    "district": Order(F("district__name"), CharField(), str),
    "suite": Order(F("suite"), CharField(), str),
    "answer": Order(_URGENCY, IntegerField(), int),
    "ready": Order(_PERCENT, IntegerField(), int),
    "sync": Order(Coalesce("district__status__last_sync_at", Value(NEVER)), DateTimeField(), dt.datetime.fromisoformat),
}


def board_page(
    rows: QuerySet[ResetSchedule], sort: str, *, after: str = "", before: str = "", limit: int = PAGE
) -> BoardPage:
    """The page after a key, or before one; the first page where neither is given or makes sense.

    Keys are put in order first, and only those of the page are looked at whole.

    Args:
        sort: a name of `ORDERS`, with a minus before it for the other way round.
    """
    order, falling = ORDERS[sort.removeprefix("-")], sort.startswith("-")
    start, end = _read(order, after), _read(order, before)
    backwards = start is None and end is not None
    downwards = falling != backwards
    sign = "-" if downwards else ""
    ordered = rows.annotate(order_value=order.expression).order_by(f"{sign}order_value", f"{sign}pk")
    if key := start or end:
        ordered = ordered.filter(_beyond(order, key, downwards=downwards))
    found = list(ordered.values_list("order_value", "pk")[: limit + 1])
    more, page = len(found) > limit, found[:limit]
    if backwards:
        if not more:
            return board_page(rows, sort, limit=limit)  # the first page, whole
        page.reverse()
    has_before, has_after = backwards or start is not None, backwards or more
    before, after = (_key(*page[0]), _key(*page[-1])) if page else ("", "")
    return BoardPage(_whole([pk for _, pk in page]), before if has_before else "", after if has_after else "")


def _whole(keys: list[int]) -> list[ResetSchedule]:
    """The schedules of these keys, in their order, with where their districts stand."""
    found = ResetSchedule.objects.select_related("district__status", "district__csm").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _beyond(order: Order, key: tuple[Any, int], *, downwards: bool) -> Func:
    """A comparison of whole rows, which PostgreSQL answers from an index of both columns."""
    here = Func(order.expression, F("pk"), function="ROW", output_field=BooleanField())
    there = Func(Value(key[0], order.field), Value(key[1]), function="ROW", output_field=BooleanField())
    sign = " < " if downwards else " > "
    return Func(here, there, template="%(expressions)s", arg_joiner=sign, output_field=BooleanField())


def _key(value: object, pk: int) -> str:
    return f"{value.isoformat() if isinstance(value, dt.date) else value}~{pk}"


def _read(order: Order, key: str) -> tuple[Any, int] | None:
    value, mark, number = key.rpartition("~")
    if not mark or not (number.isascii() and number.isdecimal() and len(number) < 19) or "\x00" in value:
        return None
    try:
        read = order.read(value)
    except ValueError:
        return None
    is_naive = isinstance(read, dt.datetime) and read.tzinfo is None
    is_huge = isinstance(read, int) and abs(read) > 2**31 - 1
    return None if is_naive or is_huge else (read, int(number))
