"""The handlers of a restore's job."""

from uuid import UUID

from resets.restoring.execute import execute_restore, fail_restore
from tenants.models import District, Job


def run_restore_job(district: District, job: Job) -> None:
    """Execute the restore that the job names."""
    execute_restore(job.payload["restore"])


def restore_failed(district: District, job: Job, error: str) -> None:
    """End the restore of a job that has used up its attempts. Nothing was changed."""
    fail_restore(UUID(job.payload["restore"]), error)
