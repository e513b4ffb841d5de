"""Do a district's jobs as the worker would."""

from collections.abc import Iterable

from resets.engine.followups import StillReadError
from tenants.jobs.registry import kind_named
from tenants.models import District, Job
from tests.support.waiting import wait_for

PATIENCE_SECONDS = 150
"""The worker tries for four weeks; on a busy machine an autovacuum can take its time with a database's catalogue."""


def do_jobs(district: District, jobs: Iterable[Job]) -> None:
    """Do jobs of the entered district; a rewrite again, while an autovacuum's snapshot still needs the deleted rows."""
    for job in list(jobs):
        said: list[str] = []
        try:
            wait_for(lambda job=job, said=said: _done(district, job, said), PATIENCE_SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{error}: {said[-1]}") from None


def _done(district: District, job: Job, said: list[str]) -> bool:
    try:
        kind_named(job.kind).handler(district, job)
    except StillReadError as error:
        said.append(str(error))
        return False
    return True
