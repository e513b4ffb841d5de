"""Each tick: which districts' ninety days are over, told by their runs in the public schema: no district is visited."""

from django.db import connection
from django_tenants.utils import schema_context

from resets.policies.registry import policies
from resets.policies.words import Anonymize
from tenants import clock
from tenants.jobs.services import enqueue_job
from tenants.models import District

DUE = """
SELECT r.district_id, r.suite, r.school_year FROM public.resets_resetrun AS r
JOIN public.tenants_district AS d ON d.id = r.district_id AND d.removed_at IS NULL
WHERE r.state = 'completed' AND r.suite = %(suite)s
  AND (%(now)s AT TIME ZONE d.time_zone)::date > r.on + %(days)s::int
  AND NOT EXISTS (SELECT 1 FROM public.tenants_job AS j WHERE j.district_id = r.district_id AND j.kind = 'anonymize'
                  AND j.key = r.suite || '-' || r.school_year)
ORDER BY r.on, r.district_id LIMIT 500
"""
"""Day 90 is the last on which a student still returns; on day 91, in the district's own zone, names go."""


def plan_anonymizations() -> int:
    """Ask for the anonymization of every district whose days are over; returns the number of jobs added."""
    now = clock.now()
    added = 0
    for policy in policies():
        days = [rule.action.after for rule in policy.rules if isinstance(rule.action, Anonymize)]
        if not days:
            continue
        with schema_context("public"), connection.cursor() as cursor:
            cursor.execute(DUE, {"suite": policy.suite, "now": now, "days": min(days)})
            due = cursor.fetchall()
            districts = District.objects.in_bulk([district_id for district_id, _, _ in due])
        for district_id, suite, school_year in due:
            payload = {"suite": suite, "school_year": school_year}
            enqueue_job(districts[district_id], "anonymize", f"{suite}-{school_year}", due_at=now, payload=payload)
            added += 1
    return added
