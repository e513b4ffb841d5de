"""The month: what resets each night, and how long the night lasts when so many districts start in an hour."""

import calendar
import datetime as dt
from dataclasses import dataclass, field, replace

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from resets.controls import engine_control
from resets.desk.board import BoardFilters, schedules_matching
from resets.desk.nights import Night
from resets.models import Answer, ResetSchedule

A_DAY = 24
"""Hours. A night that lasts longer runs into the next one's."""
LOADS = """
SELECT night, count(*) FROM (
    SELECT DISTINCT s.on AS night, s.district_id FROM public.resets_resetschedule AS s
    JOIN public.tenants_district AS d ON d.id = s.district_id AND d.removed_at IS NULL
    WHERE s.on BETWEEN %s AND %s
) AS nights GROUP BY night
"""
WEEK = calendar.Calendar(calendar.SUNDAY)


@dataclass
class NightCounts:
    """Of what matches on a date: its resets by suite, and how many of them need a CSM."""

    suites: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    conflicts: int = 0
    held: int = 0

    @property
    def resets(self) -> int:
        """All of them."""
        return sum(self.suites.values())


@dataclass(frozen=True)
class CalendarNight:
    """One date of the month.

    Attributes:
        counts: what matches.
        load: the districts of the whole night, every book in one, which the ceiling is for.
        query: the board's question for exactly these.
    """

    on: dt.date
    is_in_month: bool
    is_today: bool
    counts: NightCounts
    load: Night
    query: str

    @property
    def is_too_long(self) -> bool:
        """Whether the night does not fit into a day."""
        return self.load.hours is not None and self.load.hours > A_DAY


@dataclass(frozen=True)
class Month:
    """A month in weeks; `most` is what a full bar means: a day's work by the ceiling, else the busiest night."""

    first_on: dt.date
    weeks: list[list[CalendarNight]]
    most: int

    @property
    def before(self) -> dt.date:
        """A day of the month before."""
        return self.first_on - dt.timedelta(days=1)

    @property
    def after(self) -> dt.date:
        """A day of the month after."""
        return self.first_on + dt.timedelta(days=31)

    @property
    def half(self) -> int:
        """Where a bar begins to warn: half a day's work."""
        return self.most // 2

    @property
    def full(self) -> int:
        """Beyond this a night takes longer than a day."""
        return self.most - 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing that matches is reset in it."""
        return not any(night.counts.resets for week in self.weeks for night in week if night.is_in_month)


def first_month(request: HttpRequest, filters: BoardFilters, as_of: dt.date) -> dt.date:
    """The month to begin with: of the next reset that matches, else of the last, else this one."""
    rows = schedules_matching(request, filters).values_list("on", flat=True)
    on = rows.filter(on__gte=as_of).order_by("on").first() or rows.order_by("-on").first() or as_of
    return dt.date(on.year, on.month, 1)


def month_of(request: HttpRequest, filters: BoardFilters, first_on: dt.date, as_of: dt.date) -> Month:
    """A month of the own book's resets that match; three queries, however many districts there are."""
    days = [day for week in WEEK.monthdatescalendar(first_on.year, first_on.month) for day in week]
    shown = replace(filters, first_on=days[0], last_on=days[-1], undated=False)
    rows = schedules_matching(request, shown).order_by()
    counts, loads = _counts(rows), _loads(days[0], days[-1])
    per_hour = engine_control().districts_per_hour
    nights = [
        CalendarNight(
            on=on,
            is_in_month=on.month == first_on.month,
            is_today=on == as_of,
            counts=counts.get(on, NightCounts()),
            load=Night(on, loads.get(on, 0), per_hour),
            query=filters.query(first_on=on, last_on=on, undated=False),
        )
        for on in days
    ]
    most = per_hour * A_DAY if per_hour else max(loads.values(), default=0)
    return Month(first_on, [nights[start : start + 7] for start in range(0, len(nights), 7)], max(most, 1))


def _counts(rows: QuerySet[ResetSchedule]) -> dict[dt.date, NightCounts]:
    counted = rows.values_list("on", "suite").annotate(
        resets=Count("pk"),
        asked=Count("pk", filter=Q(answer=Answer.ASKED)),
        conflicts=Count("pk", filter=~Q(conflicts="")),
        held=Count("pk", filter=Q(held_at__isnull=False)),
    )
    nights: dict[dt.date, NightCounts] = {}
    for on, suite, resets, asked, conflicts, held in counted.order_by("on", "suite"):
        night = nights.setdefault(on, NightCounts())
        night.suites[suite] = resets
        night.asked, night.conflicts, night.held = (
            night.asked + asked, night.conflicts + conflicts, night.held + held,
        )  # fmt: skip
    return nights


def _loads(first_on: dt.date, last_on: dt.date) -> dict[dt.date, int]:
    """How many districts reset in each night, of all books: a number only."""
    with connection.cursor() as cursor:
        cursor.execute(LOADS, [first_on, last_on])
        return dict(cursor.fetchall())
