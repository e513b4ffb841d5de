"""The handlers of the jobs: the anonymization, and what a hold had postponed."""

from uuid import UUID

from archiving.postponed import run_postponed
from archiving.services import anonymize_leavers
from tenants import clock
from tenants.models import District, Job

ACTOR = "system:ninety_days"
ACTOR_OF_HOLDS = "system:lifted_hold"


def anonymize(district: District, job: Job) -> None:
    """Anonymize whoever has not come back."""
    suite, school_year = str(job.payload["suite"]), int(job.payload["school_year"])
    run = job.payload.get("run")  # jobs of before resets were told apart name none
    run_id = UUID(str(run)) if run else None
    anonymize_leavers(district, suite, school_year, actor=ACTOR, at=clock.now(), run_id=run_id)


def do_postponed(district: District, job: Job) -> None:
    """Do what a hold that was lifted had postponed."""
    run_postponed(district, int(job.payload["hold"]), actor=ACTOR_OF_HOLDS, at=clock.now())
