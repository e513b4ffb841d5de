"""The two Celery tasks: the tick that dispatches, and the one that runs a district's job."""

import logging
from typing import Any
from uuid import UUID

from celery import shared_task
from django_tenants.utils import schema_context

from tenants import clock
from tenants.errors import NotNowError, describe_error
from tenants.jobs import services
from tenants.jobs.lease import kept_lease
from tenants.jobs.registry import find_kind, kind_named
from tenants.models import District, Job
from tenants.tasks import DistrictTask

log = logging.getLogger(__name__)

BATCH = 200
DIED = "the worker died in each of its attempts"
LAST_WORDS = 3
"""How often `on_failed` is begun for a job whose worker dies even in that."""


class JobTask(DistrictTask):
    """A job whose district cannot be entered has failed: time does not mend that."""

    abstract = True

    def refused(self, reason: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Close the job that the message speaks of."""
        job_id = _uuid(args[0] if args else kwargs.get("job_id"))
        if job_id is not None:
            services.give_up(job_id, reason)


@shared_task(name="tenants.jobs.tasks.tick", ignore_result=True)
def tick() -> int:
    """Put due work on the list, claim it and wake a worker for each piece. Running it twice is harmless."""
    services.plan_due_work()
    sent = 0
    while claimed := services.claim_due_jobs(clock.now(), BATCH):
        for job_id, district_id, schema_name in claimed:
            run_job.delay(job_id, district_id=district_id, schema_name=schema_name)
        sent += len(claimed)
        if len(claimed) < BATCH:
            break
    return sent


@shared_task(name="tenants.jobs.tasks.run_job", base=JobTask, ignore_result=True)
def run_job(job_id: str, *, district_id: int, schema_name: str) -> None:
    """Run one job in its district, already entered; a second delivery of the same message does nothing."""
    if _uuid(job_id) is None:
        log.error("a message named no job")
        return
    job = services.start_attempt(job_id, district_id)
    if job is None:
        return
    with schema_context("public"):
        district = District.objects.get(pk=district_id)
    with kept_lease(job):
        if services.is_overspent(job):
            _fail(district, job, DIED)
            return
        try:
            error = _attempt(district, job)
        except NotNowError as stopped:
            services.put_back(job, str(stopped))
            return
        if error is None:
            services.finish_job(job)
        elif services.is_spent(job):
            _fail(district, job, error)
        else:
            services.postpone_attempt(job, error)


def _attempt(district: District, job: Job) -> str | None:
    """Run the handler; returns what went wrong.

    Raises:
        NotNowError: a person has stopped the work.
    """
    try:
        kind_named(job.kind).handler(district, job)
    except NotNowError:
        raise
    except Exception as error:  # the job's own record is where its failure belongs, whatever it is
        message = describe_error(error)
        log.error("job %s of kind %s failed in attempt %s: %s", job.pk, job.kind, job.attempts, message)
        return message
    return None


def _fail(district: District, job: Job, error: str) -> None:
    """Tell whoever must know, then close the job: a worker that dies in between is followed by one that tells again."""
    kind = find_kind(job.kind)
    if kind and kind.on_failed and job.attempts - job.stopped <= kind.max_attempts + LAST_WORDS:
        try:
            kind.on_failed(district, job, error)
        except Exception as second:  # the job has failed all the same
            log.error("job %s of kind %s: on_failed failed: %s", job.pk, job.kind, describe_error(second))
    services.give_up(job.pk, error)


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
