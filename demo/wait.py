"""Waiting for the real worker and beat, and telling at once when something has failed."""

import time
from collections.abc import Callable

from django_tenants.utils import schema_context

from config.processes import Processes
from resets.models import ResetRun, RunState
from tenants.models import Job, JobState

POLL_SECONDS = 0.2


class DemoError(Exception):
    """The demo cannot go on; the message says what went wrong."""


def wait_until(done: Callable[[], bool], what: str, processes: Processes, seconds: float = 180) -> None:
    """Wait until `done` answers true.

    Raises:
        DemoError: it took too long, a process died, or a job failed for good.
    """
    deadline = time.monotonic() + seconds
    while not done():
        processes.check()
        _check_jobs()
        if time.monotonic() > deadline:
            raise DemoError(f"waited {seconds:.0f} s in vain for {what}; the logs are in {processes.logs}")
        time.sleep(POLL_SECONDS)


def runs_completed(district_id: int, suite: str, school_year: int) -> bool:
    """Whether the reset of this district, suite and year has been completed and verified."""
    with schema_context("public"):
        return ResetRun.objects.filter(
            district_id=district_id, suite=suite, school_year=school_year, state=RunState.COMPLETED
        ).exists()


def jobs_done(kind: str, district_id: int) -> bool:
    """Whether the district has had jobs of this kind, and none of them is open."""
    with schema_context("public"):
        states = set(Job.objects.filter(kind=kind, district_id=district_id).values_list("state", flat=True))
    return bool(states) and states == {JobState.DONE}


def _check_jobs() -> None:
    with schema_context("public"):
        failed = Job.objects.filter(state=JobState.FAILED).values_list("kind", "district__slug", "error").first()
    if failed is not None:
        raise DemoError("job {} of {} failed: {}".format(*failed))
