"""Whose ninety days are over, told by the runs in the public schema: no district is visited."""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django_tenants.utils import schema_context

from resets.policies.registry import policies
from resets.policies.words import Policy
from tenants.models import District

DUE = """
SELECT r.district_id, r.suite, r.school_year, r.on, r.id FROM public.resets_resetrun AS r
JOIN public.tenants_district AS d ON d.id = r.district_id AND d.removed_at IS NULL
WHERE r.state = 'completed' AND r.suite = %(suite)s AND (r.undone_at IS NULL OR r.restored_schools <> '[]')
  AND (%(now)s AT TIME ZONE d.time_zone)::date > r.on + %(days)s::int
  AND NOT EXISTS (SELECT 1 FROM public.tenants_job AS j WHERE j.district_id = r.district_id AND j.kind = 'anonymize'
                  AND j.key = r.id::text)
ORDER BY r.on, r.district_id LIMIT 500
"""
"""Day 90 is the last on which a student still returns; on day 91, in the district's own zone, names go."""


class Due(NamedTuple):
    """A reset of a district whose days are over, and the last of them."""

    district: District
    suite: str
    school_year: int
    until: dt.date
    run_id: UUID


def returning_days(policy: Policy) -> int | None:
    """For how many days after its reset a suite's students still return; None when it anonymizes nobody."""
    return policy.return_days if policy.resettable else None


def due_anonymizations(now: dt.datetime) -> list[Due]:
    """What is due and has not been asked for, the oldest first; at most 500 of each suite at a time."""
    found = []
    for policy in policies():
        days = returning_days(policy)
        if days is None:
            continue
        with schema_context("public"), connection.cursor() as cursor:
            cursor.execute(DUE, {"suite": policy.suite, "now": now, "days": days})
            rows = cursor.fetchall()
            districts = District.objects.in_bulk([row[0] for row in rows])
        after = dt.timedelta(days=days)
        found += [Due(districts[pk], suite, year, on + after, run_id) for pk, suite, year, on, run_id in rows]
    return found
