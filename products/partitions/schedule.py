"""When partitions are made: with the district, and each month for the school year that comes next."""

from typing import Any

from products.partitions.guard import close_archive
from products.partitions.make import ensure_partitions
from products.partitions.mend import mend_partitions
from products.partitions.statistics import hide_personal_values
from tenants import clock
from tenants.jobs.registry import Kind, register_kind, register_planner
from tenants.jobs.services import enqueue_job
from tenants.models import District, Job
from tenants.schema import current_schema
from tenants.signals import district_provisioned

READY_PARTITIONS = "ready_partitions"


def make_first_partitions(district: District, **_: Any) -> None:
    """Give a new district the partitions of its school year and the next."""
    ensure_partitions(district.schema_name, [district.school_year, district.school_year + 1])
    close_archive(district.schema_name)


def plan_ready_partitions() -> int:
    """Put one job per district and month on the list; returns how many were added."""
    now = clock.now()
    month = f"{now:%Y-%m}"
    done = Job.objects.filter(kind=READY_PARTITIONS, key=month).values("district_id")
    waiting = District.objects.filter(removed_at=None).exclude(pk__in=done)
    for district in waiting:
        enqueue_job(district, READY_PARTITIONS, month, due_at=now)
    return len(waiting)


def ready_next_year(district: District, job: Job) -> None:
    """The job: next year's partitions, with all that a reset will ask of them.

    The current year's are left alone: a partition that a reset has deleted must not come back.
    """
    hide_personal_values(current_schema())  # also of tables that a migration has brought
    close_archive(current_schema())  # the same
    problems = mend_partitions(current_schema(), district.school_year + 1)
    if problems:
        raise RuntimeError("; ".join(str(problem) for problem in problems))


def register() -> None:
    """Hook into the districts' life and the worker; called when the app is ready."""
    district_provisioned.connect(make_first_partitions, dispatch_uid="products.partitions.make_first")
    register_kind(Kind(READY_PARTITIONS, ready_next_year))
    register_planner(plan_ready_partitions)
