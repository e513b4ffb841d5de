"""Asking for jobs, claiming what is due, and finding what a lost message or a dead worker left behind."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django_tenants.utils import schema_context

from tenants.jobs.registry import kind_named, planners
from tenants.models import District, Job

RESEND_SECONDS = 20
BACKOFF_SECONDS = 5

CLAIM = """
UPDATE public.tenants_job SET sent_at = clock_timestamp()
WHERE id IN (
    SELECT job.id FROM public.tenants_job AS job
    JOIN public.tenants_district AS district ON district.id = job.district_id AND district.removed_at IS NULL
    WHERE job.state IN ('waiting', 'running') AND job.due_at <= %(now)s
      AND (job.retry_at IS NULL OR job.retry_at <= clock_timestamp())
      AND (job.lease_until IS NULL OR job.lease_until <= clock_timestamp())
      AND (job.sent_at IS NULL OR job.sent_at <= clock_timestamp() - make_interval(secs => %(resend)s))
    ORDER BY job.due_at, job.id LIMIT %(limit)s FOR UPDATE OF job SKIP LOCKED
)
RETURNING id, district_id, schema_name
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


def plan_due_work() -> int:
    """Let every registered planner put its due work on the list; returns the number of jobs added."""
    with schema_context("public"):
        return sum(planner() for planner in planners())


def claim_due_jobs(now: dt.datetime, limit: int = 200) -> list[tuple[str, int, str]]:
    """Claim due jobs that nobody works on: new ones, retries, and those whose worker or message was lost.

    Any number of dispatchers may run this at once. Returns (job id, district id, schema name) of each.
    """
    with schema_context("public"), transaction.atomic(), connection.cursor() as cursor:
        resend = min(RESEND_SECONDS, 2 * settings.JOB_LEASE_SECONDS)
        cursor.execute(CLAIM, {"now": now, "resend": resend, "limit": limit})
        return [(str(row[0]), row[1], row[2]) for row in cursor.fetchall()]


def start_attempt(job_id: str) -> Job | None:
    """Take the lease of a job and count the attempt; None when it is finished or another worker holds it."""
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE public.tenants_job
            SET state = 'running', attempts = attempts + 1, error = '',
                lease_until = clock_timestamp() + make_interval(secs => %s)
            WHERE id = %s AND state IN ('waiting', 'running')
              AND (lease_until IS NULL OR lease_until <= clock_timestamp())
            """,
            [settings.JOB_LEASE_SECONDS, job_id],
        )
        return Job.objects.get(pk=job_id) if cursor.rowcount else None


def finish_job(job: Job) -> None:
    """Record that the work is done. It only goes forward: a failed job stays failed."""
    _close(job, "done", "")


def fail_attempt(job: Job, error: str) -> bool:
    """Record a failed attempt: try again later, or give up at the cap. Tells whether it has given up."""
    if job.attempts >= kind_named(job.kind).max_attempts:
        _close(job, "failed", error)
        return True
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE public.tenants_job SET error = %s, lease_until = NULL, sent_at = NULL,
                retry_at = clock_timestamp() + make_interval(secs => %s)
            WHERE id = %s AND state = 'running'
            """,
            [error, min(BACKOFF_SECONDS, settings.JOB_LEASE_SECONDS) * 2 ** (job.attempts - 1), job.pk],
        )
    return False


def _close(job: Job, state: str, error: str) -> None:
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE public.tenants_job
            SET state = %s, error = %s, finished_at = clock_timestamp(), lease_until = NULL
            WHERE id = %s AND state IN ('waiting', 'running')
            """,
            [state, error, job.pk],
        )


def close_jobs_of(district: District, reason: str) -> int:
    """Close every open job of a district, in the caller's transaction; returns how many."""
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE public.tenants_job
            SET state = 'failed', error = %s, finished_at = clock_timestamp(), lease_until = NULL
            WHERE district_id = %s AND state IN ('waiting', 'running')
            """,
            [reason, district.pk],
        )
        return int(cursor.rowcount)
