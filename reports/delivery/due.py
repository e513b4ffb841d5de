"""Which reports are due now, over all districts, told by the public schema: no district is visited.

Everything is on the district's own calendar. A weekly one that nobody could send on its day is left out; one before the
reset follows its date, and goes out once for each date.
"""

import datetime as dt
from typing import Any, Final

from django.db import connection
from django_tenants.utils import schema_context

from tenants import clock
from tenants.jobs.services import enqueue_jobs
from tenants.models import District

JOB_KIND: Final = "report_mail"
BATCH: Final = 2000
"""So many of each sort in one tick; the others follow with the next, a minute later."""
ZONES = """
WITH zone AS MATERIALIZED (
    SELECT time_zone, here, here::date AS today, extract(hour FROM here)::int AS hour
    FROM (SELECT time_zone, %(now)s AT TIME ZONE time_zone AS here
          FROM (SELECT DISTINCT time_zone FROM public.tenants_district WHERE removed_at IS NULL) AS known) AS clocks
)"""
NOT_ASKED = """NOT EXISTS (
    SELECT 1 FROM public.tenants_job AS j WHERE j.district_id = d.id AND j.kind = 'report_mail' AND j.key = {key})"""
WEEKLY = f"""{ZONES}
SELECT due.district_id, due.key, due.on, due.hour FROM (
    SELECT slot.district_id, zone.today AS on, slot.hour, 'weekly-' || zone.today || '-' || slot.hour AS key
    FROM public.report_delivery_deliveryslot AS slot
    JOIN public.tenants_district AS d ON d.id = slot.district_id AND d.removed_at IS NULL
    JOIN zone ON zone.time_zone = d.time_zone
    WHERE slot.every = 'weekly' AND slot.weekday = extract(isodow FROM zone.here) AND slot.hour <= zone.hour
) AS due JOIN public.tenants_district AS d ON d.id = due.district_id
WHERE {NOT_ASKED.format(key="due.key")}
ORDER BY due.district_id, due.hour LIMIT %(limit)s
"""  # noqa: S608 - of our own pieces
BEFORE_RESET = f"""{ZONES}
SELECT due.district_id, due.key, due.suite, due.school_year, due.on, due.days, due.hour FROM (
    SELECT slot.district_id, slot.suite, s.school_year, s.on, slot.days, slot.hour,
           'reset-' || slot.suite || '-' || s.on || '-' || slot.days || '-' || slot.hour AS key
    FROM public.report_delivery_deliveryslot AS slot
    JOIN public.tenants_district AS d ON d.id = slot.district_id AND d.removed_at IS NULL
    JOIN public.resets_resetschedule AS s ON s.district_id = d.id AND s.suite = slot.suite
     AND s.school_year = d.school_year
    JOIN zone ON zone.time_zone = d.time_zone
    WHERE slot.every = 'before_reset' AND zone.today >= s.on - slot.days AND zone.today < s.on
      AND (slot.hour <= zone.hour OR zone.today > s.on - slot.days)
      AND NOT EXISTS (SELECT 1 FROM public.resets_resetrun AS r WHERE r.district_id = d.id AND r.suite = s.suite
                      AND r.school_year = s.school_year AND r.state IN ('running', 'completed'))
) AS due JOIN public.tenants_district AS d ON d.id = due.district_id
WHERE {NOT_ASKED.format(key="due.key")}
ORDER BY due.on, due.district_id LIMIT %(limit)s
"""  # noqa: S608 - of our own pieces


def plan_deliveries() -> int:
    """Put due reports on the list, one job for each district and hour; returns the number of jobs added."""
    now = clock.now()
    wanted = [*_weekly(now), *_before_reset(now)]
    with schema_context("public"):
        districts = District.objects.in_bulk({district for district, _, _ in wanted})
    enqueue_jobs(JOB_KIND, ((districts[pk], key, payload) for pk, key, payload in wanted), due_at=now)
    return len(wanted)


def _weekly(now: dt.datetime) -> list[tuple[int, str, dict[str, Any]]]:
    return [
        (pk, key, {"every": "weekly", "on": on.isoformat(), "hour": hour}) for pk, key, on, hour in _rows(WEEKLY, now)
    ]


def _before_reset(now: dt.datetime) -> list[tuple[int, str, dict[str, Any]]]:
    return [
        (pk, key, before_reset_payload(suite, year, on, days, hour))
        for pk, key, suite, year, on, days, hour in _rows(BEFORE_RESET, now)
    ]


def before_reset_payload(suite: str, school_year: int, on: dt.date, days: int, hour: int) -> dict[str, Any]:
    """What a job of a report before the reset says."""
    return {
        "every": "before_reset", "suite": suite, "school_year": school_year, "on": on.isoformat(), "days": days,
        "hour": hour,
    }  # fmt: skip


def _rows(query: str, now: dt.datetime) -> list[tuple[Any, ...]]:
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(query, {"now": now, "limit": BATCH})
        return list(cursor.fetchall())
