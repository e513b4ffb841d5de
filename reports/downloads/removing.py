"""Prepared files go when their days are over, when their person may not see them any more, and with whom they name."""

import shutil
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django_tenants.utils import schema_context

from ledger.models import LedgerEntry
from reports.downloads.models import FileState, PreparedFile
from reports.kept import Erased
from tenants.jobs.services import enqueue_job
from tenants.models import District, Job
from tenants.schema import current_schema

KIND: Final = "remove_report"
STALE: Final = "remove_reports_with"
FOLDER: Final = "report-files"
"""Below the district's own folder: a folder for each file, named by its key."""
OVER: Final = "Its days are over."
DESTROYED: Final = "Students who were in it have been destroyed or anonymized since. Ask for it again."
DESTROYS: Final = ("destruction", "anonymization", "postponed")
"""Entries of the ledger after which rows or names that a file may hold are gone. Which files they concern is told by
the entries' numbers: a file remembers the last entry before its rows were read."""


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


def remove_with(district: District, erased: Erased) -> None:
    """Ask, in the transaction of an erasure, for the removal of the files whose rows were read before it."""
    enqueue_job(district, STALE, str(erased.entry), due_at=erased.at, payload={"entry": erased.entry})


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
