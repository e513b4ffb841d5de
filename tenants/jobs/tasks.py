"""The two Celery tasks: the tick that dispatches, and the one that runs a district's job."""

import logging

from celery import shared_task
from django_tenants.utils import schema_context

from tenants import clock
from tenants.errors import describe_error
from tenants.jobs import services
from tenants.jobs.lease import kept_lease
from tenants.jobs.registry import kind_named
from tenants.models import District, Job
from tenants.tasks import DistrictTask

log = logging.getLogger(__name__)


@shared_task(name="tenants.jobs.tasks.tick", ignore_result=True)
def tick() -> int:
    """Put due work on the list, claim it and wake a worker for each piece. Running it twice is harmless."""
    services.plan_due_work()
    claimed = services.claim_due_jobs(clock.now())
    for job_id, district_id, schema_name in claimed:
        run_job.delay(job_id, district_id=district_id, schema_name=schema_name)
    return len(claimed)


@shared_task(name="tenants.jobs.tasks.run_job", base=DistrictTask, ignore_result=True)
def run_job(job_id: str, *, district_id: int, schema_name: str) -> None:
    """Run one job in its district, already entered; a second delivery of the same message does nothing."""
    job = services.start_attempt(job_id)
    if job is None:
        return
    with schema_context("public"):
        district = District.objects.get(pk=district_id)
    with kept_lease(job):
        error = _attempt(district, job)
    if error is None:
        services.finish_job(job)
    elif services.fail_attempt(job, error):
        on_failed = kind_named(job.kind).on_failed
        if on_failed is not None:
            on_failed(district, job, error)


def _attempt(district: District, job: Job) -> str | None:
    try:
        kind_named(job.kind).handler(district, job)
    except Exception as error:  # the job's own record is where its failure belongs, whatever it is
        message = describe_error(error)
        log.error("job %s of kind %s failed in attempt %s: %s", job.pk, job.kind, job.attempts, message)
        return message
    return None
