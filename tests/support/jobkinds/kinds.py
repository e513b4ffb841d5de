"""What the tests' kinds of jobs do."""

import os
import signal

from django.db import connection, transaction

from ledger.services import append_entry
from tenants import clock
from tenants.jobs.registry import Kind, register_kind
from tenants.locks import Lock, take_lock
from tenants.models import District, Job


def register() -> None:
    """Make the kinds known to this process."""
    register_kind(Kind("note", note, max_attempts=3, on_failed=note_failure))
    register_kind(Kind("hang_once", hang_once, max_attempts=3, on_failed=note_failure))
    register_kind(Kind("die", die, max_attempts=2, on_failed=note_failure))
    register_kind(Kind("refuse", refuse, max_attempts=2, on_failed=note_failure))


def note(district: District, job: Job) -> None:
    """Leave a trace."""
    _trace(district, job, "ran")


def hang_once(district: District, job: Job) -> None:
    """Leave a trace; in the first attempt, then work without end."""
    _trace(district, job, "ran")
    if job.attempts == 1:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(600)")
    _trace(district, job, "finished")


def die(district: District, job: Job) -> None:
    """Take the worker's process along, as the kernel does when memory runs out."""
    _trace(district, job, "ran")
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(district: District, job: Job) -> None:
    """Fail, with something in the message that must not be told."""
    raise ValueError("Jane Doe")


def note_failure(district: District, job: Job, error: str) -> None:
    """Leave a trace of the end."""
    _trace(district, job, "gave up")


def _trace(district: District, job: Job, what: str) -> None:
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        facts = {"job": str(job.pk), "attempt": job.attempts}
        append_entry(district.pk, what, actor="tests", at=clock.now(), facts=facts)
