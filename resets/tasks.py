"""The handlers of the resets' jobs: each calls one service of the engine and returns."""

from resets.engine.execute import execute
from resets.engine.followups import remove_files, rewrite_storage
from resets.engine.progress import told
from resets.models import ResetRun
from tenants.models import District, Job

__all__ = ["remove_files", "reset_failed", "rewrite_storage", "run_reset_job"]


def run_reset_job(district: District, job: Job) -> None:
    """Execute the run that the job names."""
    execute(job.payload["run_id"])


def reset_failed(district: District, job: Job, error: str) -> None:
    """End the run of a job that has used up its attempts. Nothing was changed."""
    run_id = ResetRun.objects.values_list("pk", flat=True).get(pk=job.payload["run_id"])
    with told(run_id) as progress:
        progress.fail(error, {}, final=True)
