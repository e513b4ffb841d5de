"""Asking for jobs, claiming what is due, and finding what a lost message or a dead worker left behind.

States go forward only: waiting, running, then done or failed for good. A trigger on the table holds that too.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django_tenants.utils import schema_context

from tenants.errors import describe_error
from tenants.jobs.registry import max_attempts_of, planners
from tenants.models import District, Job

log = logging.getLogger(__name__)

RESEND_SECONDS: Final = 20
BACKOFF_SECONDS: Final = 5
PUT_BACK_SECONDS: Final = 600
"""A job that was stopped looks again after so long by itself; `wake_stopped` makes it look at once."""

CLAIM = """
UPDATE public.tenants_job SET sent_at = clock_timestamp()
WHERE id IN (
    SELECT job.id FROM public.tenants_job AS job
    JOIN public.tenants_district AS district ON district.id = job.district_id AND district.removed_at IS NULL
    WHERE job.state IN ('waiting', 'running') AND job.due_at <= %(now)s
      AND (job.retry_at IS NULL OR job.retry_at <= clock_timestamp())
      AND (job.lease_until IS NULL OR job.lease_until <= clock_timestamp())
      AND (job.sent_at IS NULL OR job.sent_at <= clock_timestamp() - make_interval(secs => %(resend)s))
    ORDER BY job.sent_at IS NOT NULL, job.due_at, job.id LIMIT %(limit)s FOR UPDATE OF job SKIP LOCKED
)
RETURNING id, district_id, schema_name
"""
START = """
UPDATE public.tenants_job
SET state = 'running', attempts = attempts + 1, lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE id = %(job)s AND district_id = %(district)s AND state IN ('waiting', 'running')
  AND (lease_until IS NULL OR lease_until <= clock_timestamp())
  AND (retry_at IS NULL OR retry_at <= clock_timestamp())
"""
RETRY = """
UPDATE public.tenants_job SET error = %(error)s, lease_until = NULL, sent_at = NULL,
    retry_at = clock_timestamp() + make_interval(secs => %(pause)s)
WHERE id = %(job)s AND state = 'running' AND attempts = %(attempt)s
"""
PUT_BACK = """
UPDATE public.tenants_job SET error = %(error)s, lease_until = NULL, sent_at = NULL, stopped = stopped + 1,
    retry_at = clock_timestamp() + make_interval(secs => %(pause)s)
WHERE id = %(job)s AND state = 'running' AND attempts = %(attempt)s
"""
WAKE = """
UPDATE public.tenants_job SET retry_at = NULL
WHERE state = 'running' AND stopped > 0 AND lease_until IS NULL AND retry_at > clock_timestamp()
"""
CLOSE = """
UPDATE public.tenants_job SET state = %(state)s, error = %(error)s, finished_at = clock_timestamp(), lease_until = NULL
WHERE {which} AND state IN ('waiting', 'running')
"""


def enqueue_job(
    district: District, kind: str, key: str, *, due_at: dt.datetime, payload: dict[str, Any] | None = None
) -> Job:
    """Ask for a piece of work once, in the caller's transaction; asking again returns the same job.

    Args:
        district: whose work it is.
        kind: a registered kind.
        key: names the piece of work within the kind.
        due_at: the earliest time, on Yearturn's clock.
        payload: identifiers only, never personal data.
    """
    with schema_context("public"):
        job, _ = Job.objects.get_or_create(
            district=district,
            kind=kind,
            key=key,
            defaults={"schema_name": district.schema_name, "due_at": due_at, "payload": payload or {}},
        )
    return job


def enqueue_jobs(kind: str, wanted: Iterable[tuple[District, str, dict[str, Any]]], *, due_at: dt.datetime) -> None:
    """Ask for many pieces of work of one kind in one statement, in the caller's transaction.

    Args:
        kind: a registered kind.
        wanted: (district, key, payload) of each; what has been asked for before stays as it is.
        due_at: the earliest time, on Yearturn's clock.
    """
    jobs = [
        Job(district=district, schema_name=district.schema_name, kind=kind, key=key, payload=payload, due_at=due_at)
        for district, key, payload in wanted
    ]
    with schema_context("public"):
        Job.objects.bulk_create(jobs, ignore_conflicts=True)


def plan_due_work() -> int:
    """Let every registered planner put its due work on the list; returns the number of jobs added.

    Each works in a transaction of its own. One that fails is logged and undone, and the others go on.
    """
    added = 0
    for planner in planners():
        try:
            with schema_context("public"), transaction.atomic():
                added += planner()
        except Exception as error:  # whatever it is, it is the planner's own, and the next tick asks it again
            log.error("planner %s.%s failed: %s", planner.__module__, planner.__qualname__, describe_error(error))
    return added


def claim_due_jobs(now: dt.datetime, limit: int = 200) -> list[tuple[str, int, str]]:
    """Claim due jobs that nobody works on: new ones, retries, and those whose worker or message was lost.

    Any number of dispatchers may run this at once. Returns (job id, district id, schema name) of each.
    """
    resend = min(RESEND_SECONDS, 2 * settings.JOB_LEASE_SECONDS)
    with schema_context("public"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "resend": resend, "limit": limit})
        return [(str(row[0]), row[1], row[2]) for row in cursor.fetchall()]


def start_attempt(job_id: str, district_id: int) -> Job | None:
    """Take the lease of a district's job and count the attempt.

    None when the job is finished, waits for its next attempt, is held by another worker, or is not this district's.
    """
    values: dict[str, Any] = {"lease": settings.JOB_LEASE_SECONDS, "job": job_id, "district": district_id}
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(START, values)
        return Job.objects.get(pk=job_id) if cursor.rowcount else None


def renew_lease(job: Job) -> bool:
    """Keep the job for another lease; false when another attempt has taken it over, or it is finished."""
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE public.tenants_job SET lease_until = clock_timestamp() + make_interval(secs => %s)"
            " WHERE id = %s AND state = 'running' AND attempts = %s",
            [settings.JOB_LEASE_SECONDS, job.pk, job.attempts],
        )
        return bool(cursor.rowcount)


def finish_job(job: Job) -> None:
    """Record that the work is done. It only goes forward: a failed job stays failed."""
    _close("id = %(job)s", "done", "", {"job": job.pk})


def is_spent(job: Job) -> bool:
    """Whether this attempt is the last that the job's kind allows."""
    return job.attempts - job.stopped >= max_attempts_of(job.kind)


def is_overspent(job: Job) -> bool:
    """Whether all allowed attempts were begun before this one, and none came to an end: the workers died."""
    return job.attempts - job.stopped > max_attempts_of(job.kind)


def postpone_attempt(job: Job, error: str) -> None:
    """Record a failed attempt, and when the next may begin: after 5, 10, 20, ... seconds."""
    pause = min(BACKOFF_SECONDS, settings.JOB_LEASE_SECONDS) * 2 ** min(job.attempts - 1, 10)
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(RETRY, {"error": error, "pause": pause, "job": job.pk, "attempt": job.attempts})


def put_back(job: Job, reason: str) -> None:
    """Let a job wait that a person has stopped; the attempt is not counted."""
    values: dict[str, Any] = {"error": reason, "pause": PUT_BACK_SECONDS, "job": job.pk, "attempt": job.attempts}
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(PUT_BACK, values)


def wake_stopped() -> int:
    """Let every job that was stopped look again with the next tick, in the caller's transaction; returns how many."""
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(WAKE)
        return int(cursor.rowcount)


def give_up(job_id: Any, error: str) -> None:
    """Record that a job has failed for good."""
    _close("id = %(job)s", "failed", error, {"job": job_id})


def close_jobs_of(district: District, reason: str) -> int:
    """Fail every open job of a district, in the caller's transaction; returns how many."""
    return _close("district_id = %(district)s", "failed", reason, {"district": district.pk})


def _close(which: str, state: str, error: str, values: dict[str, Any]) -> int:
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(CLOSE.format(which=which), {"state": state, "error": error, **values})
        return int(cursor.rowcount)
