"""The handler of the letters' job: an occasion's letters, or one letter that a person asked to be sent again."""

from django_tenants.utils import schema_context

from correspondence.models import Letter, LetterState
from correspondence.occasions import Occasion, occasion_of
from correspondence.sending import give_up, send_waiting, write_letters
from tenants import clock
from tenants.models import District, Job


def send_letters(district: District, job: Job) -> None:
    """Send what the job names.

    Raises:
        LaterError: the mail server did not take everything yet; the job is tried again.
    """
    occasion = _occasion(district, job)
    if occasion is None:
        return
    letters = _one(job) if "letter" in job.payload else write_letters(occasion, clock.now())
    if letters:
        send_waiting(occasion, letters)


def letters_failed(district: District, job: Job, error: str) -> None:
    """The job has failed for good: what still waits is shown as failed, and why."""
    if "letter" in job.payload:
        give_up(_one(job), error, clock.now())
    elif occasion := _occasion(district, job):
        give_up(write_letters(occasion, clock.now()), error, clock.now())


def _occasion(district: District, job: Job) -> Occasion | None:
    payload = job.payload
    return occasion_of(
        district, str(payload["suite"]), int(payload["school_year"]), str(payload["kind"]), payload.get("about")
    )


def _one(job: Job) -> list[Letter]:
    with schema_context("public"):
        return list(Letter.objects.filter(pk=int(job.payload["letter"]), state=LetterState.WAITING))
