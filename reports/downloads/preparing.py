"""Large downloads: asked for, made by the worker, kept for some days."""

import contextlib
import datetime as dt
import os
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django_tenants.utils import schema_context
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts.models import User
from ledger.models import LedgerEntry
from reports.asking.asked import asked_again
from reports.asking.errors import NotInSightError
from reports.asking.reader import reader_of
from reports.asking.reading import Reading, reading_of
from reports.downloads import terms
from reports.downloads.errors import TooManyFilesError
from reports.downloads.making import count_rows, file_name, sheets_for, write_file
from reports.downloads.models import FileState, PreparedFile
from reports.downloads.removing import DESTROYED, FOLDER, is_stale, remove
from reports.downloads.removing import KIND as REMOVE
from reports.downloads.seeing import sight_kept, still_sees
from reports.downloads.telling import KIND as TELL
from reports.formats import Format, format_named
from reports.formats.snapshot import one_snapshot
from reports.mailing.mailed import MailState
from reports.yearend.compile import students_in_report
from tenants import clock
from tenants.jobs.services import enqueue_job
from tenants.jobs.tasks import tick
from tenants.models import District, Job
from tenants.schema import current_schema

KIND = "prepare_report"
PROGRESS_SECONDS = 600
CHANGED = "What you may see has changed since you asked for it."
FAILED = "Something went wrong on our side. Ask for it again; if it fails again, tell your contact at Yearturn."


def ask_file(reading: Reading, form: Format, *, user: User, at: dt.datetime) -> PreparedFile:
    """Ask the worker for a file; asking again for one that is being made returns that one.

    Raises:
        TooManyFilesError: this person waits for as many as one may.
    """
    asked, district = reading.asked, reading.district
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # one wish of a person at a time
        waiting = PreparedFile.objects.filter(user=user, state=FileState.WAITING)
        facts = {"report": asked.report, "filters": asked.kept, "format": form.code}
        if same := next((each for each in waiting.filter(**facts) if each.student_id == asked.student), None):
            return same
        if waiting.count() >= terms.OPEN_AT_MOST:
            raise TooManyFilesError(f"You wait for {terms.OPEN_AT_MOST} files already. Wait for one of them.")
        made = PreparedFile.objects.create(
            user=user, student_id=asked.student, sight=sight_kept(user), asked_at=at, **facts
        )
        enqueue_job(district, KIND, str(made.pk), due_at=at, payload={"file": str(made.pk)})
    with contextlib.suppress(OperationalError):  # without a broker the next tick finds it
        tick.apply_async(retry=False)
    return made


def prepare_file(district: District, job: Job) -> None:
    """Make the file that a job names, in the entered district; done twice it does nothing more."""
    wanted = PreparedFile.objects.select_related("user").filter(pk=str(job.payload["file"])).first()
    if wanted is None or wanted.state != FileState.WAITING:
        return
    reading = _reading_for(wanted, district)
    form = format_named(wanted.format)
    if reading is None or form is None:
        _fail(wanted.pk, CHANGED)
        return
    seen = ledger_end(district)
    name = f"{FOLDER}/{wanted.pk}/{file_name(reading, form)}"
    path = Path(settings.MEDIA_ROOT) / current_schema() / name
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    with one_snapshot():
        tables = sheets_for(reading, form)
        students, total = students_in_report(reading.report, reading.scope), count_rows(tables)
        rows = write_file(path, form, reading.heading(clock.now()), tables, _Teller(wanted.pk, total))
    with path.open("rb") as written:
        os.fsync(written.fileno())
    _ready(district, wanted, name, path, seen, students, rows)
    wanted.refresh_from_db()
    if is_stale(district, wanted):  # somebody was erased while it was being written
        remove(wanted.pk, DESTROYED)


def file_failed(_district: District, job: Job, _error: str) -> None:
    """The job has failed for good: the page says so. What went wrong stands in the job's own record."""
    _fail(UUID(str(job.payload["file"])), FAILED)


def told_share(key: UUID) -> float | None:
    """How far a file is, from 0 to 1, where that is known."""
    with contextlib.suppress(RedisError):
        told: float | None = cache.get(f"report-file:{key}")
        return told
    return None


def ledger_end(district: District) -> int:
    """The number of the district's last entry in the ledger: what is destroyed after it has a higher one."""
    with schema_context("public"):
        newest = (
            LedgerEntry.objects.filter(district_id=district.pk).order_by("-number").values_list("number", flat=True)
        )
        return newest.first() or 0


def _reading_for(wanted: PreparedFile, district: District) -> Reading | None:
    """What was asked for, as the person may see it today; None when that is not what it was."""
    if not still_sees(wanted.user, wanted.sight):
        return None
    asked = asked_again(wanted.report, wanted.filters, wanted.student_id)
    try:
        return reading_of(asked, reader_of(wanted.user), district, clock.now())
    except NotInSightError:
        return None


def _ready(
    district: District, wanted: PreparedFile, name: str, path: Path, seen: int, students: int, rows: int
) -> None:
    now = clock.now()
    until = terms.last_day(clock.date_in(now, district.time_zone))
    key = str(wanted.pk)
    with transaction.atomic():
        PreparedFile.objects.filter(pk=wanted.pk, state=FileState.WAITING).update(
            state=FileState.READY, file=name, made_at=now, kept_until=until, ledger_seen=seen, students=students,
            rows=rows, size=path.stat().st_size, mail=MailState.WAITING,
        )  # fmt: skip
        enqueue_job(district, TELL, key, due_at=now, payload={"file": key})
        gone_at = clock.local_start(until + dt.timedelta(days=1), 0, district.time_zone)
        enqueue_job(district, REMOVE, key, due_at=gone_at, payload={"file": key})


def _fail(key: UUID, why: str) -> None:
    PreparedFile.objects.filter(pk=key, state=FileState.WAITING).update(state=FileState.FAILED, why=why)


class _Teller:
    """Says how far a file is, each time that it has come a hundredth further."""

    def __init__(self, key: UUID, total: int) -> None:
        self.key, self.total, self.said = key, max(total, 1), 0

    def __call__(self, rows: int) -> None:
        percent = min(99, rows * 100 // self.total)
        if percent > self.said:
            self.said = percent
            with contextlib.suppress(RedisError):
                cache.set(f"report-file:{self.key}", percent / 100, PROGRESS_SECONDS)
