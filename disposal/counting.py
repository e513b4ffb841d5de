"""What a request for a whole district concerns, in counts that are kept: a page says them at once, a worker counts.

A district is counted when somebody opens the page of a new request and the kept count is missing or old. What a request
is bound to is never this one: it is counted when the request is made.
"""

import datetime as dt
from typing import Final

from django_tenants.utils import schema_context

from disposal.leaving import preview_district
from disposal.models import DistrictCount
from tenants import clock
from tenants.jobs.services import enqueue_job
from tenants.models import District, Job, JobState

KIND: Final = "count_district"
OLD: Final = dt.timedelta(hours=1)


def kept_count(district: District) -> DistrictCount | None:
    """What a district's data was counted to be last; None while it never was."""
    return DistrictCount.objects.filter(pk=district.pk).first()


def ask_for_count(district: District, counted: DistrictCount | None, now: dt.datetime) -> Job | None:
    """Have a district counted by a worker, unless its count is younger than an hour.

    Args:
        district: whose data is counted.
        counted: the count that is kept.
        now: the current time.

    Returns:
        the job that waits or runs, or that has failed; None when the count is fresh.
    """
    if counted and counted.counted_at > now - OLD:
        return None
    # Named by the hour: one that fails is not begun anew with every look.
    job = enqueue_job(district, KIND, f"{now:%Y-%m-%dT%H}", due_at=now)
    return job if job.state != JobState.DONE else None


def count_district(district: District, now: dt.datetime) -> DistrictCount:
    """Count the entered district's rows by relation, and keep the count."""
    rows = preview_district()
    with schema_context("public"):
        counted, _ = DistrictCount.objects.update_or_create(pk=district.pk, defaults={"counted_at": now, "rows": rows})
    return counted


def count_job(district: District, _: Job) -> None:
    """Do a job of the kind `count_district`."""
    count_district(district, clock.now())
