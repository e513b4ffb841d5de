"""The handlers of the requests' jobs: each calls one service and returns."""

from tenants import clock
from tenants.models import District, Job
from transfers.requesting.services import erase_request, fail_request, send_request


def send_job(district: District, job: Job) -> None:
    """Send the request that the job names."""
    send_request(job.payload["request"], at=clock.now())


def send_failed(district: District, job: Job, error: str) -> None:
    """Say of a request that waits still that it has failed."""
    fail_request(job.payload["request"], at=clock.now())


def erase_job(district: District, job: Job) -> None:
    """Destroy the request that the job names."""
    erase_request(district, job.payload["request"], at=clock.now())
