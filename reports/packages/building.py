"""Building a package: from one snapshot into a folder of its own, checked, sealed, and only then offered.

Whoever is killed in the middle leaves a folder that the next attempt clears: a package's file is there whole or not at
all. Somebody who is erased meanwhile makes it begin anew (`destroying.destroy_with` marks it under the district's lock,
which is taken here before the snapshot and again before the package is offered).
"""

import datetime as dt
import os
import shutil
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import Max
from django_tenants.utils import schema_context

from ledger.services import append_entry
from reports.kept import write_keys
from reports.packages.checking import check_package
from reports.packages.contents import locked_relations
from reports.packages.destroying import KIND as DESTROYED
from reports.packages.destroying import facts_of, take_away
from reports.packages.errors import StaleError
from reports.packages.models import OPEN, GoneReason, Package, PackageState
from reports.packages.places import FOLDER, KEYS, PLAIN, SEALED, WORK, folder_of
from reports.packages.progress import Progress, told
from reports.packages.sealing import keys_of, seal
from reports.packages.snapshot import snapshot
from reports.packages.terms import EXPIRE, kept_until
from reports.packages.writing import Written, write_package
from resets.controls import engine_control
from resets.exports.services import note_export_built, note_export_checked
from resets.models import ResetRun, RunState
from tenants import clock
from tenants.jobs.services import enqueue_job
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.zips import digest_of

TRIES: Final = 5
"""How often a package is begun anew in one attempt because somebody in it was erased."""


def build(district: District, package: Package) -> None:
    """Build a package of the entered district and offer it.

    Raises:
        StaleError: somebody was erased in each of the tries.
        DamagedError: what was written is not what is in the file.
    """
    for _ in range(TRIES):
        if not _begin(district, package):
            return
        folder = _cleared(package)
        try:
            with told(package.pk) as progress:
                written, path = _write(district, package, folder, progress)
                progress.reach(98, "Offering it")
            if _offer(district, package, written, path):
                return
        finally:
            shutil.rmtree(folder / WORK, ignore_errors=True)
    raise StaleError("Students were destroyed or anonymized while the package was being built, again and again.")


def _begin(district: District, package: Package) -> bool:
    """Show that it is being built. Whoever is erased from here on is heard of, because both take the lock."""
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        begun = Package.objects.filter(pk=package.pk, state__in=OPEN)
        return bool(begun.update(state=PackageState.BUILDING, is_stale=False, percent=0, step="Beginning", error=""))


def _cleared(package: Package) -> Path:
    """The package's folder, without anything that an earlier attempt has left."""
    folder = folder_of(package)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / WORK).mkdir(parents=True, mode=0o700)
    return folder


def _write(district: District, package: Package, folder: Path, progress: Progress) -> tuple[Written, Path]:
    path = folder / WORK / PLAIN
    recipients = [key.recipient for key in keys_of(district)]
    with snapshot(locked_relations(package.suite, package.school_year)):
        written = write_package(district, package, path, progress)
    written.sealed_to = recipients
    progress.reach(85, "Checking every checksum and every count")
    check_package(path)
    write_keys(folder / KEYS, written.students)
    final = folder / PLAIN
    if written.sealed_to:
        progress.reach(92, "Encrypting it to the district's keys")
        final, whole = folder / SEALED, path
        path = folder / WORK / SEALED
        seal(whole, path, written.sealed_to)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.replace(final)
    return written, final


def _offer(district: District, package: Package, written: Written, path: Path) -> bool:
    """Offer the finished file, unless somebody in it was erased since its snapshot."""
    at, digest = clock.now(), digest_of(path)
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        kept = Package.objects.select_for_update().get(pk=package.pk)
        if not kept.is_open:  # its district was removed meanwhile
            shutil.rmtree(path.parent, ignore_errors=True)
            return True
        if kept.is_stale:
            return False
        kept.state, kept.percent, kept.step = PackageState.READY, 100, ""
        kept.snapshot_at, kept.built_at = written.snapshot_at, at
        kept.file = f"{FOLDER}/{kept.pk}/{path.name}"
        kept.size, kept.sha256 = path.stat().st_size, digest
        kept.rows, kept.students, kept.contents = written.rows, len(written.students), written.contents
        kept.encrypted_to = written.sealed_to
        _record(district, kept, written, at)
        _replace_older(district, kept, at)
        kept.save()
        year, own = kept.school_year, kept.pk
        note_export_built(
            district, kept.suite, year, package_id=own, built_at=written.snapshot_at, rows=written.rows,
            actor=kept.asked_by,
        )  # fmt: skip
        note_export_checked(district, kept.suite, year, package_id=own, at=at)
    return True


def _record(district: District, kept: Package, written: Written, at: dt.datetime) -> None:
    until = kept_until(district, kept.suite, clock.date_in(at, district.time_zone))
    kept.kept_until = until
    facts = {
        **facts_of(kept),
        "tables": {entry.table: entry.rows for entry in written.tables if entry.rows},
        "kept_until": until.isoformat(),
        "encrypted": bool(kept.encrypted_to),
    }
    append_entry(district.pk, "package_built", actor=kept.asked_by, at=at, facts=facts)
    gone_at = clock.local_start(until + dt.timedelta(days=1), 0, district.time_zone)
    enqueue_job(district, EXPIRE, str(kept.pk), due_at=gone_at, payload={"package": str(kept.pk)})


def _replace_older(district: District, kept: Package, at: dt.datetime) -> None:
    """Destroy the earlier packages of the same year, but for those with what a reset has deleted since."""
    if engine_control().stopped_at is not None:
        return
    key = {"district": district, "suite": kept.suite, "school_year": kept.school_year}
    resets = ResetRun.objects.filter(**key, state=RunState.COMPLETED)
    since = resets.aggregate(newest=Max("finished_at"))["newest"]
    older = Package.objects.filter(**key, state=PackageState.READY).exclude(pk=kept.pk)
    for package in older.filter(snapshot_at__gt=since) if since else older:
        append_entry(district.pk, DESTROYED, actor=kept.asked_by, at=at, facts=facts_of(package, GoneReason.REPLACED))
        take_away(district, package, GoneReason.REPLACED, at)
