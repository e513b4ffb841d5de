"""What will be sent in the next days, as things stand: nobody has answered since, and no date has moved."""

import datetime as dt
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django_tenants.utils import schema_context

from correspondence.due import DATA_MISSING, NOTICE_DAYS, REQUESTS, kept_days
from correspondence.models import DATA_REMINDERS, REMINDERS
from disposal import terms
from resets.exports import conditions
from tenants import clock
from tenants.models import District

AHEAD_DAYS: Final = 14

NOT_ASKED = """NOT EXISTS (SELECT 1 FROM public.tenants_job AS j WHERE j.district_id = p.district_id
    AND j.kind = 'letters'
    AND j.key = p.kind || '-' || coalesce(nullif(p.about, ''), p.suite || '-' || p.school_year))"""
PLANNED = """
WITH planned(send_on, kind, suite, school_year, district_id, about) AS (
    SELECT s.on - k.days, k.kind, s.suite, s.school_year, s.district_id, ''
    FROM public.resets_resetschedule AS s, unnest(%(days)s::int[], %(kinds)s::text[]) AS k(days, kind)
    WHERE s.on BETWEEN %(first)s AND %(last)s + %(longest)s::int AND s.on - k.days BETWEEN %(first)s AND %(last)s
      AND s.answer = 'none' AND s.held_at IS NULL
    UNION ALL
    SELECT s.on - k.days, k.kind, s.suite, s.school_year, s.district_id, ''
    {data_sources} CROSS JOIN unnest(%(data_days)s::int[], %(data_kinds)s::text[]) AS k(days, kind)
    WHERE s.on BETWEEN %(first)s AND %(last)s + %(data_longest)s::int AND s.on - k.days BETWEEN %(first)s AND %(last)s
      AND s.on - k.days > greatest(d.school_year_ends_on, d.summer_session_ends_on)
      AND s.answer <> 'none' AND s.held_at IS NULL AND d.school_year = s.school_year AND {data_missing}
    UNION ALL
    SELECT s.on, 'on_reset', s.suite, s.school_year, s.district_id, '' FROM public.resets_resetschedule AS s
    WHERE s.on BETWEEN %(first)s AND %(last)s AND s.held_at IS NULL
    UNION ALL
    SELECT d.rostering_starts_on, 'on_rostering', s.suite, s.school_year, s.district_id, ''
    FROM public.resets_resetschedule AS s
    JOIN public.tenants_district AS d ON d.id = s.district_id AND d.school_year = s.school_year
    WHERE d.rostering_starts_on BETWEEN %(first)s AND %(last)s AND s.on < d.rostering_starts_on AND s.held_at IS NULL
    UNION ALL
    SELECT r.on + kept.after - %(notice)s::int, 'day_80', r.suite, r.school_year, r.district_id, ''
    FROM public.resets_resetrun AS r
    JOIN unnest(%(suites)s::text[], %(after)s::int[]) AS kept(suite, after) ON kept.suite = r.suite
    WHERE r.state = 'completed' AND r.on + kept.after - %(notice)s::int BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT c.due_on + k.days, k.kind, %(requests)s::text, 0, c.district_id, c.id::text
    FROM public.disposal_case AS c, (VALUES (-%(soon)s::int, 'request_soon'), (1, 'request_late')) AS k(days, kind)
    WHERE c.state IN ('asked', 'approved', 'stale') AND c.due_on BETWEEN %(first)s - 1 AND %(last)s + %(soon)s::int
      AND c.due_on + k.days BETWEEN %(first)s AND %(last)s
)
SELECT {columns} FROM planned AS p
JOIN public.tenants_district AS d ON d.id = p.district_id AND d.removed_at IS NULL
WHERE p.district_id IN ({book}) AND {not_asked} AND {which}
{end}
"""


class Planned(NamedTuple):
    """So many districts are written to about one thing on one day."""

    send_on: dt.date
    kind: str
    suite: str
    districts: int


class Addressed(NamedTuple):
    """One of them."""

    district_id: int
    name: str
    slug: str


def planned_letters(book: QuerySet[District], as_of: dt.date) -> list[Planned]:
    """What will be sent to a book's districts from `as_of` on, by day, kind and suite. One question."""
    end = "GROUP BY p.send_on, p.kind, p.suite ORDER BY p.send_on, p.kind, p.suite"
    return [
        Planned(*row)
        for row in _ask("p.send_on, p.kind, p.suite, count(DISTINCT p.district_id)", "TRUE", end, book, as_of, {})
    ]


def districts_planned(
    book: QuerySet[District], as_of: dt.date, *, on: dt.date, kind: str, suite: str, after: str = "", limit: int = 25
) -> list[Addressed]:
    """The districts behind one of those numbers, some at a time: the ones whose slug follows `after`."""
    which = "p.send_on = %(on)s AND p.kind = %(kind)s AND p.suite = %(suite)s AND d.slug > %(slug)s"
    values = {"on": on, "kind": kind, "suite": suite, "slug": after, "limit": limit}
    rows = _ask("DISTINCT d.id, d.name, d.slug", which, "ORDER BY d.slug LIMIT %(limit)s", book, as_of, values)
    return [Addressed(*row) for row in rows]


def _ask(
    columns: str, which: str, end: str, book: QuerySet[District], as_of: dt.date, values: dict[str, Any]
) -> list[tuple[Any, ...]]:
    kept = kept_days()
    inner, inner_values = book.order_by().values("pk").query.sql_with_params()
    named = {f"book_{number}": value for number, value in enumerate(inner_values)}
    asked = PLANNED.format(
        columns=columns,
        book=inner % tuple(f"%({name})s" for name in named),
        not_asked=NOT_ASKED,
        which=which,
        end=end,
        data_sources=conditions.SOURCES,
        data_missing=DATA_MISSING,
    )
    common: dict[str, Any] = {
        "first": as_of,
        "last": as_of + dt.timedelta(days=AHEAD_DAYS - 1),
        "days": list(REMINDERS),
        "kinds": [kind.value for kind in REMINDERS.values()],
        "longest": max(REMINDERS),
        "data_days": list(DATA_REMINDERS),
        "data_kinds": [kind.value for kind in DATA_REMINDERS.values()],
        "data_longest": max(DATA_REMINDERS),
        **conditions.asked_at(clock.now()),
        "notice": NOTICE_DAYS,
        "requests": REQUESTS,
        "soon": terms.SOON,
        "suites": list(kept),
        "after": list(kept.values()),
    }
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(asked, {**common, **named, **values})
        return list(cursor.fetchall())
