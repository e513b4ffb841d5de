"""Which letters are due now, over all districts, told by the public schema: no district is visited.

Everything is on the district's own calendar, and nothing is sent between 20:00 and 8:00 there.
"""

import datetime as dt
from typing import Any, Final, NamedTuple

from django.db import connection
from django_tenants.utils import schema_context

from archiving.selectors import returning_days
from correspondence.models import DATA_REMINDERS, REMINDERS, Kind
from disposal import terms
from resets.exports import conditions
from resets.policies.registry import policies

FIRST_HOUR: Final = 8
LAST_HOUR: Final = 19
"""Letters leave from 8:00 to 19:59, local to the district."""
LATE_DAYS: Final = 7
"""How many days late a letter about something that has happened is still sent."""
NOTICE_DAYS: Final = 10
"""How many days before its students' data is anonymized a district is told: on day 80 of 90."""
REQUESTS: Final = "disposal"
"""What stands for the suite in letters about a request."""
BATCH: Final = 2000
"""So many occasions of each sort in one tick: more than mail servers like to take in a minute."""

ZONES = """
WITH zone AS MATERIALIZED (
    SELECT time_zone, here, here::date AS today
    FROM (SELECT time_zone, %(now)s AT TIME ZONE time_zone AS here
          FROM (SELECT DISTINCT time_zone FROM public.tenants_district WHERE removed_at IS NULL) AS known) AS clocks
    WHERE extract(hour FROM here) BETWEEN %(first_hour)s AND %(last_hour)s
)"""
"""The zones in which it is a civil hour now: the time there is worked out once for each zone, not for each district."""
NOT_ASKED = """NOT EXISTS (
    SELECT 1 FROM public.tenants_job AS j WHERE j.district_id = d.id AND j.kind = 'letters'
      AND j.key = {kind} || '-' || {of}.suite || '-' || {of}.school_year)"""
REMINDED = f"""{ZONES}
SELECT s.district_id, s.suite, s.school_year, nearest.kind
FROM public.resets_resetschedule AS s
JOIN public.tenants_district AS d ON d.id = s.district_id AND d.school_year = s.school_year AND d.removed_at IS NULL
JOIN zone ON zone.time_zone = d.time_zone
CROSS JOIN LATERAL (
    SELECT r.kind FROM unnest(%(days)s::int[], %(kinds)s::text[]) AS r(days, kind)
    WHERE r.days >= s.on - zone.today ORDER BY r.days LIMIT 1
) AS nearest
WHERE s.on BETWEEN %(today)s - 1 AND %(today)s + %(longest)s::int + 1
  AND s.on > zone.today AND s.answer = 'none' AND s.held_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM public.resets_resetrun AS r WHERE r.district_id = s.district_id AND r.suite = s.suite
                  AND r.school_year = s.school_year AND r.state IN ('running', 'completed'))
  AND {NOT_ASKED.format(kind="nearest.kind", of="s")}
ORDER BY s.on, s.district_id LIMIT %(limit)s
"""  # noqa: S608 - of our own pieces
"""Reminders. Whoever has answered gets none; a late start sends the nearest one only. `today` is the UTC date, which
is a day off the local one at most."""
DATA_MISSING = f"""{conditions.DELETES} AND NOT {conditions.DOWNLOADED} AND NOT {conditions.WAIVED}"""
"""The reset deletes what nobody has downloaded, and nobody has waived that."""
NOT_DOWNLOADED = f"""{ZONES}
SELECT s.district_id, s.suite, s.school_year, nearest.kind
{conditions.SOURCES}
JOIN zone ON zone.time_zone = d.time_zone
CROSS JOIN LATERAL (
    SELECT r.kind FROM unnest(%(data_days)s::int[], %(data_kinds)s::text[]) AS r(days, kind)
    WHERE r.days >= s.on - zone.today ORDER BY r.days LIMIT 1
) AS nearest
WHERE d.school_year = s.school_year AND d.removed_at IS NULL
  AND s.on BETWEEN %(today)s AND %(today)s + %(data_longest)s::int + 1
  AND s.on > zone.today AND s.answer <> 'none' AND s.held_at IS NULL
  AND zone.today > greatest(d.school_year_ends_on, d.summer_session_ends_on)
  AND NOT EXISTS (SELECT 1 FROM public.resets_resetrun AS r WHERE r.district_id = s.district_id AND r.suite = s.suite
                  AND r.school_year = s.school_year AND r.state IN ('running', 'completed'))
  AND {NOT_ASKED.format(kind="nearest.kind", of="s")} AND {DATA_MISSING}
ORDER BY s.on, s.district_id LIMIT %(limit)s
"""  # noqa: S608 - of our own pieces
"""Of those who have answered, and so get no reminder: whose year's data is still to be downloaded. While the school
year goes on there is no whole year to download."""
FOLLOWING = f"""{ZONES}
SELECT r.district_id, r.suite, r.school_year, %(kind)s::text
FROM public.resets_resetrun AS r
JOIN public.tenants_district AS d ON d.id = r.district_id AND d.removed_at IS NULL
JOIN zone ON zone.time_zone = d.time_zone
LEFT JOIN unnest(%(suites)s::text[], %(after)s::int[]) AS kept(suite, after) ON kept.suite = r.suite
WHERE r.state = 'completed' AND {{which}} AND {NOT_ASKED.format(kind="%(kind)s::text", of="r")}
ORDER BY r.on, r.district_id LIMIT %(limit)s
"""  # noqa: S608 - of our own pieces
REQUESTED = f"""{ZONES}
SELECT c.district_id, %(requests)s::text, d.school_year, due.kind, c.id::text
FROM public.disposal_case AS c
JOIN public.tenants_district AS d ON d.id = c.district_id AND d.removed_at IS NULL
JOIN zone ON zone.time_zone = d.time_zone
CROSS JOIN LATERAL (SELECT CASE
    WHEN c.state = 'done' THEN CASE WHEN zone.today - (c.done_at AT TIME ZONE d.time_zone)::date BETWEEN 0 AND %(late)s
                                    THEN 'request_done' END
    WHEN c.due_on < zone.today THEN CASE WHEN zone.today - c.due_on <= %(late)s THEN 'request_late' END
    WHEN c.due_on - zone.today <= %(soon)s THEN 'request_soon' END
) AS due(kind)
WHERE (c.state IN ('asked', 'approved', 'stale')
       AND c.due_on BETWEEN %(today)s - %(late)s - 1 AND %(today)s + %(soon)s + 1
       OR c.state = 'done' AND c.done_at > %(now)s - make_interval(days => %(late)s + 2))
  AND due.kind IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM public.tenants_job AS j WHERE j.district_id = d.id AND j.kind = 'letters'
                  AND j.key = due.kind || '-' || c.id)
ORDER BY c.due_on, c.id LIMIT %(limit)s
"""  # noqa: S608 - of our own pieces
"""Requests for export and destruction that are due soon, overdue, or done."""
WHICH: Final[dict[Kind, str]] = {
    Kind.ON_RESET: "r.finished_at > %(now)s - make_interval(days => %(late)s + 2)"
    " AND zone.today - (r.finished_at AT TIME ZONE d.time_zone)::date BETWEEN 0 AND %(late)s",
    Kind.ON_ROSTERING: "d.school_year = r.school_year AND zone.today - d.rostering_starts_on BETWEEN 0 AND %(late)s",
    Kind.DAY_80: "zone.today BETWEEN r.on + kept.after - %(notice)s::int AND r.on + kept.after",
}
"""What follows a reset goes to all, whatever they have answered."""


class Due(NamedTuple):
    """One occasion to write to a district's admins."""

    district_id: int
    suite: str
    school_year: int
    kind: str
    about: str = ""
    """The request that it is about; empty for a suite."""

    @property
    def key(self) -> str:
        """How the job that sends it is named."""
        if self.about:
            return f"{self.kind}-{self.about}"
        return f"{self.kind}-{self.suite}-{self.school_year}"


def due_letters(now: dt.datetime, limit: int = BATCH) -> list[Due]:
    """The occasions that have come and have not been asked for; at most so many of each sort at a time."""
    values = _values(now) | {"limit": limit}
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(REMINDED, values)
        found = [Due(*row) for row in cursor.fetchall()]
        cursor.execute(NOT_DOWNLOADED, values)
        found += [Due(*row) for row in cursor.fetchall()]
        for kind, which in WHICH.items():
            cursor.execute(FOLLOWING.format(which=which), values | {"kind": kind.value})
            found += [Due(*row) for row in cursor.fetchall()]
        cursor.execute(REQUESTED, values)
        found += [Due(*row) for row in cursor.fetchall()]
    return found


def kept_days() -> dict[str, int]:
    """After how many days each suite anonymizes, by the policy object that the anonymization reads too."""
    found = {policy.suite: returning_days(policy) for policy in policies()}
    return {suite: days for suite, days in found.items() if days is not None}


def _values(now: dt.datetime) -> dict[str, Any]:
    kept = kept_days()
    return {
        **conditions.asked_at(now),
        "today": now.date(),
        "data_days": list(DATA_REMINDERS),
        "data_kinds": [kind.value for kind in DATA_REMINDERS.values()],
        "data_longest": max(DATA_REMINDERS),
        "days": list(REMINDERS),
        "kinds": [kind.value for kind in REMINDERS.values()],
        "longest": max(REMINDERS),
        "first_hour": FIRST_HOUR,
        "last_hour": LAST_HOUR,
        "late": LATE_DAYS,
        "soon": terms.SOON,
        "requests": REQUESTS,
        "notice": NOTICE_DAYS,
        "suites": list(kept),
        "after": list(kept.values()),
    }
