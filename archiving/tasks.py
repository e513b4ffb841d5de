"""The handler of the anonymization's job."""

from archiving.services import anonymize_leavers
from tenants import clock
from tenants.models import District, Job

ACTOR = "system:ninety_days"


def anonymize(district: District, job: Job) -> None:
    """Anonymize whoever has not come back."""
    suite, school_year = str(job.payload["suite"]), int(job.payload["school_year"])
    anonymize_leavers(district, suite, school_year, actor=ACTOR, at=clock.now())
