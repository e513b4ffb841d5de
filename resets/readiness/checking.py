"""How ready a district is, told to the lists over many districts: after each import, reset and declaration."""

from django.db import connection
from django_tenants.utils import schema_context

from resets.readiness.ground import ground_of
from resets.readiness.outcomes import outcome_of
from resets.readiness.registry import items_for
from resets.selectors import subscribed_suites
from rostering.readiness import State
from tenants import clock
from tenants.jobs.services import enqueue_jobs
from tenants.models import District, Job
from tenants.status import note_status

KIND = "check_readiness"
DUE = """
WITH done AS (
    SELECT district_id, max(finished_at) AS at FROM public.resets_resetrun WHERE state = 'completed' GROUP BY 1
), due AS (
    SELECT done.district_id, greatest(done.at, s.last_import_at, s.rostering_complete_at) AS since,
           s.readiness_checked_at AS checked
    FROM done JOIN public.tenants_district AS d ON d.id = done.district_id AND d.removed_at IS NULL
    LEFT JOIN public.tenants_districtstatus AS s ON s.district_id = done.district_id
), named AS (
    SELECT *, to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS key FROM due
    WHERE checked IS NULL OR checked < since
)
SELECT district_id, key FROM named
WHERE NOT EXISTS (SELECT FROM public.tenants_job AS j
                  WHERE j.district_id = named.district_id AND j.kind = %(kind)s AND j.key = named.key)
ORDER BY district_id LIMIT 500
"""
"""Districts where something has happened since they were looked at: each cause asks once."""


def plan_checks() -> int:
    """Ask for a check of every district where a reset, an import or a declaration came after the last one."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"kind": KIND})
        due = cursor.fetchall()
    districts = District.objects.in_bulk([row[0] for row in due])
    enqueue_jobs(KIND, ((districts[pk], key, {}) for pk, key in due), due_at=now)
    return len(due)


def check_readiness(district: District) -> tuple[int, int]:
    """Count the checklist of the entered district anew, and note how much is in order; returns (in order, of all)."""
    now = clock.now()
    ground = ground_of(district, clock.date_in(now, district.time_zone))
    items = items_for(subscribed_suites(district, ground.as_of))
    ready = sum(outcome_of(item, ground, fresh=True).state is State.OK for item in items)
    with schema_context("public"):
        note_status(district.pk, ready_items=ready, ready_total=len(items), readiness_checked_at=now)
    return ready, len(items)


def check_job(district: District, job: Job) -> None:
    """Do a job of the kind `check_readiness`."""
    check_readiness(district)
