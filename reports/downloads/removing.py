"""Prepared files go when their days are over, when their person may not see them any more, and with whom they name."""

import shutil
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection
from django_tenants.utils import schema_context

from ledger.models import LedgerEntry
from reports.downloads import terms
from reports.downloads.models import FileState, PreparedFile
from reports.kept import Erased
from tenants import clock
from tenants.jobs.services import enqueue_jobs
from tenants.models import District, Job
from tenants.schema import current_schema

KIND: Final = "remove_report"
STALE: Final = "remove_reports_with"
FOLDER: Final = "report-files"
"""Below the district's own folder: a folder for each file, named by its key."""
OVER: Final = "Its days are over."
DESTROYED: Final = "Students who were in it have been destroyed or anonymized since. Ask for it again."
DESTROYS: Final = ("destruction", "anonymization", "postponed")
"""Entries of the ledger after which rows or names that a file may hold are gone."""
STALE_FILES = """
SELECT e.district_id, max(e.number) FROM public.ledger_ledgerentry AS e
JOIN public.tenants_district AS d ON d.id = e.district_id AND d.removed_at IS NULL
WHERE e.kind = ANY(%(kinds)s) AND e.at > %(now)s - make_interval(days => %(kept)s + 2)
  AND EXISTS (SELECT FROM public.tenants_job AS j WHERE j.district_id = e.district_id AND j.kind = 'prepare_report'
              AND j.due_at > %(now)s - make_interval(days => %(kept)s + 2)
              AND j.due_at < e.at + make_interval(days => 1))
  AND NOT EXISTS (SELECT FROM public.tenants_job AS j WHERE j.district_id = e.district_id
                  AND j.kind = 'remove_reports_with' AND j.key = e.number::text)
GROUP BY e.district_id
"""
"""Destructions since files were asked for. Which files they concern is decided in the district, by the entries'
numbers: a file remembers the last entry before its rows were read."""


def remove(key: UUID, why: str) -> None:
    """Remove one file of the entered district: first nobody gets it any more, then it is deleted."""
    PreparedFile.objects.filter(pk=key).exclude(state=FileState.FAILED).update(
        state=FileState.REMOVED, file="", why=why
    )
    shutil.rmtree(_folder(key), ignore_errors=True)


def remove_file(_district: District, job: Job) -> None:
    """Remove the file that a job names: its days are over."""
    remove(UUID(str(job.payload["file"])), OVER)


def remove_stale(_district: District, job: Job) -> None:
    """Remove the files whose rows were read before an entry of the ledger that destroyed some, as often as asked."""
    before = int(job.payload["entry"])
    for key in PreparedFile.objects.filter(state=FileState.READY, ledger_seen__lt=before).values_list("pk", flat=True):
        remove(key, DESTROYED)
    _remove_orphans()


def plan_stale() -> int:
    """Ask for the removal of files that hold what was destroyed since; returns the number of jobs added."""
    now = clock.now()
    values: dict[str, Any] = {"now": now, "kinds": list(DESTROYS), "kept": terms.KEPT_DAYS}
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(STALE_FILES, values)
        found = {int(district): int(number) for district, number in cursor.fetchall()}
        districts = District.objects.in_bulk(found)
    enqueue_jobs(STALE, ((districts[pk], str(number), {"entry": number}) for pk, number in found.items()), due_at=now)
    return len(found)


def remove_with(district: District, erased: Erased) -> None:
    """Ask, in the transaction of an erasure, for the removal of the files whose rows were read before it."""
    enqueue_jobs(STALE, [(district, str(erased.entry), {"entry": erased.entry})], due_at=erased.at)


def is_stale(district: District, made: PreparedFile) -> bool:
    """Whether rows or names that a file may hold were destroyed after they were read."""
    with schema_context("public"):
        later = LedgerEntry.objects.filter(district_id=district.pk, kind__in=DESTROYS, number__gt=made.ledger_seen)
        return later.exists()


def _remove_orphans() -> None:
    """Files without a row: a row about one student went with the student."""
    root = Path(settings.MEDIA_ROOT) / current_schema() / FOLDER
    if not root.is_dir():
        return
    known = {str(key) for key in PreparedFile.objects.values_list("pk", flat=True)}
    for folder in root.iterdir():
        if folder.name not in known:
            shutil.rmtree(folder, ignore_errors=True)


def _folder(key: UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / current_schema() / FOLDER / str(key)
