"""The handler of the letters' job."""

from tenants.models import District, Job


def send_letters(district: District, job: Job) -> None:
    """Send one occasion's letters."""


def letters_failed(district: District, job: Job, error: str) -> None:
    """The job has failed for good."""
