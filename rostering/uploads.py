"""Bundles that people upload: kept under the district's own folder until the worker has imported them.

The folder's name is random; the bundle keeps a tidied form of its own name, which the sync's record shows.
"""

import contextlib
import datetime as dt
import shutil
import uuid
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import get_valid_filename
from django_tenants.utils import schema_context
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from rostering.errors import UploadGoneError
from rostering.services import import_bundle
from tenants.jobs.registry import Kind, register_kind
from tenants.jobs.services import enqueue_job, give_up
from tenants.jobs.tasks import tick
from tenants.models import District, Job

KIND = "upload_import"
ATTEMPTS = 3
PROGRESS_SECONDS = 3600
WITHDRAWN = (
    "The bundle held a student whose data was destroyed on request meanwhile. Nothing was changed. Upload it anew."
)


def size_limit() -> int:
    """How many bytes an upload may have."""
    return int(getattr(settings, "ROSTER_UPLOAD_MAX_BYTES", 250 * 1024 * 1024))


def is_zip(upload: "UploadedFile[Any]") -> bool:
    """Whether an upload can be opened as a zip; it is left at its beginning."""
    answer = zipfile.is_zipfile(upload.file) if upload.file else False
    upload.seek(0)
    return answer


def accept_upload(
    district: District,
    upload: "UploadedFile[Any]",
    *,
    actor: str,
    as_of: dt.date,
    now: dt.datetime,
    strict: bool,
    dry_run: bool,
) -> uuid.UUID:
    """Keep an uploaded bundle and ask the worker to import it; returns the upload's key, under which its page is found.

    Args:
        actor: who, as `role:key`.
        as_of: the district's date, which stays the import's date when the worker comes later.
        now: when the import is due.
    """
    key = uuid.uuid4()
    folder = upload_folder(district, str(key))
    _store(upload, folder)
    asked = {"actor": actor, "as_of": as_of.isoformat(), "strict": strict, "dry_run": dry_run}
    try:
        enqueue_job(district, KIND, str(key), due_at=now, payload=asked)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    with contextlib.suppress(OperationalError):  # without a broker the next tick finds it
        tick.apply_async(retry=False)
    return key


def import_upload(district: District, job: Job) -> None:
    """Import an uploaded bundle, note which sync it became, and delete it. Running it again does nothing more.

    Raises:
        UploadGoneError: the bundle is not there any more.
    """
    folder = upload_folder(district, job.key)
    asked: dict[str, Any] = job.payload
    if "sync" not in asked:
        sync = import_bundle(
            _bundle_in(folder),
            source="upload",
            actor=asked["actor"],
            as_of=dt.date.fromisoformat(asked["as_of"]),
            strict=asked["strict"],
            dry_run=asked["dry_run"],
            progress=lambda what, share: tell_progress(job.key, what, share),
            check=lambda: _check_wanted(job),
        )
        with schema_context("public"):
            Job.objects.filter(pk=job.pk).update(payload={**asked, "sync": str(sync.pk)})
    shutil.rmtree(folder, ignore_errors=True)


def forget_upload(district: District, job: Job, _error: str) -> None:
    """Delete the bundle of an import that has failed for good."""
    shutil.rmtree(upload_folder(district, job.key), ignore_errors=True)


def tell_progress(key: str, what: str, share: float) -> None:
    """Say how far an import is. The import goes on when nobody can be told."""
    with contextlib.suppress(RedisError):
        cache.set(f"upload-progress:{key}", (what, share), PROGRESS_SECONDS)


def told_progress(key: str) -> tuple[str, float] | None:
    """What was last said about an import: what was done, and the share of the work (0 to 1)."""
    with contextlib.suppress(RedisError):
        told: tuple[str, float] | None = cache.get(f"upload-progress:{key}")
        return told
    return None


def withdraw_upload(district: District, folder: str) -> None:
    """Let an upload not be imported any more, in the caller's transaction; the caller holds the district's lock.

    Args:
        folder: the name of its folder.
    """
    with schema_context("public"):
        for job in Job.objects.filter(district=district, kind=KIND, key=str(uuid.UUID(folder)), finished_at=None):
            give_up(job.pk, WITHDRAWN)


def upload_folder(district: District, key: str) -> Path:
    """Where an upload is kept."""
    return Path(settings.MEDIA_ROOT) / str(district.schema_name) / "uploads" / uuid.UUID(key).hex


def _check_wanted(job: Job) -> None:
    with schema_context("public"):
        if Job.objects.filter(pk=job.pk).exclude(finished_at=None).exists():
            raise UploadGoneError(WITHDRAWN)


def _store(upload: "UploadedFile[Any]", folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o700)
    name = get_valid_filename(Path(upload.name or "bundle.zip").name)[-80:].lstrip(".") or "bundle.zip"
    try:
        with (folder / name).open("wb") as kept:
            for chunk in upload.chunks():
                kept.write(chunk)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _bundle_in(folder: Path) -> Path:
    bundles = sorted(folder.iterdir()) if folder.is_dir() else []
    if not bundles:
        raise UploadGoneError("The uploaded bundle is not there any more; nothing was changed. Upload it again.")
    return bundles[0]


register_kind(Kind(KIND, import_upload, max_attempts=ATTEMPTS, on_failed=forget_upload))
