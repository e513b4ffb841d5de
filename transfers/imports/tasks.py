"""The handlers of the imports' jobs, and the planner of what expires: each calls one service and returns."""

from typing import Final

from django.db import connection
from django_tenants.utils import schema_context

from tenants import clock
from tenants.jobs.services import enqueue_jobs
from tenants.models import District, Job
from transfers.imports.kinds import ANALYZE, EXPIRE, IMPORT, RECALL
from transfers.imports.services.analyzing import analyze_import
from transfers.imports.services.failing import expire_import, fail_import
from transfers.imports.services.importing import import_students
from transfers.imports.services.recalling import recall_students

ATTEMPTS: Final = 8
"""Of analysis and import: with the growing pauses about ten minutes."""
UNTIL_DONE: Final = 500
"""Of what must be destroyed in the end: with the growing pauses, about four weeks."""

DUE = """
SELECT c.destination_id, c.import_id FROM public.transfer_codes_transfercode AS c
JOIN public.tenants_district AS d ON d.id = c.destination_id AND d.removed_at IS NULL
WHERE c.import_id IS NOT NULL AND c.expires_at <= %(now)s
  AND NOT EXISTS (SELECT FROM public.tenants_job AS j WHERE j.district_id = c.destination_id AND j.kind = %(kind)s
                  AND j.key = c.import_id::text)
ORDER BY c.expires_at, c.id LIMIT 500
"""


def analyze_job(district: District, job: Job) -> None:
    """Analyze the import that the job names."""
    analyze_import(district, job.payload["import"], at=clock.now())


def import_job(district: District, job: Job) -> None:
    """Import the students of the import that the job names."""
    import_students(district, job.payload["import"], at=clock.now())


def expire_job(district: District, job: Job) -> None:
    """Destroy what is left of the import that the job names."""
    expire_import(district, job.payload["import"], at=clock.now())


def recall_job(district: District, job: Job) -> None:
    """Destroy what is staged of the students that the job names by their source and keys."""
    recall_students(district, int(job.payload["source"]), job.payload["keys"], at=clock.now())


def job_failed(district: District, job: Job, error: str) -> None:
    """End the import of a job that has used up its attempts: "Import Failed", and nothing is left behind."""
    fail_import(district, job.payload["import"], error, at=clock.now())


def plan_expired() -> int:
    """Ask for the end of imports whose code's time is over, told by the public schema; returns the jobs added."""
    now = clock.now()
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(DUE, {"now": now, "kind": EXPIRE})
        due = cursor.fetchall()
        districts = District.objects.in_bulk({row[0] for row in due})
    wanted = [(districts[key], str(import_id), {"import": str(import_id)}) for key, import_id in due]
    enqueue_jobs(EXPIRE, wanted, due_at=now)
    return len(wanted)


__all__ = [
    "ANALYZE",
    "EXPIRE",
    "IMPORT",
    "RECALL",
    "analyze_job",
    "expire_job",
    "import_job",
    "job_failed",
    "plan_expired",
    "recall_job",
]
