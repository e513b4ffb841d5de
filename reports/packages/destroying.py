"""Destroying packages through the ledger: the record first, and the file with the commit."""

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django_tenants.utils import schema_context

from ledger.replaying import current_replay
from ledger.services import append_entry, append_later
from reports.kept import Erased, holds_any, remove_after_commit
from reports.packages.errors import PackageError
from reports.packages.models import OPEN, GoneReason, Package, PackageState
from reports.packages.places import FOLDER, KEYS, PLAIN, SEALED, folder_of
from resets.controls import check_going_on, confirm_going_on
from resets.exports.services import note_export_gone
from tenants import clock
from tenants.locks import Lock, take_lock
from tenants.models import District, Job

KIND = "package_destroyed"


def destroy_package(district: District, package: Package, *, reason: GoneReason, actor: str, at: dt.datetime) -> bool:
    """Destroy a finished package of a district; one that is gone stays so.

    Returns:
        whether it was there.

    Raises:
        PackageError: it is being built.
        WorkStoppedError: a person has stopped all destructive work.
    """
    check_going_on()
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        kept = Package.objects.select_for_update().get(pk=package.pk, district=district)
        if kept.is_open:
            raise PackageError("It is being built. It can be destroyed when it is done.")
        if kept.state != PackageState.READY:
            return False
        append_entry(district.pk, KIND, actor=actor, at=at, facts=facts_of(kept, reason))
        take_away(district, kept, reason, at)
        confirm_going_on()
    return True


def expire_package(district: District, job: Job) -> None:
    """Destroy a package whose days are over."""
    with schema_context("public"):
        package = Package.objects.get(pk=str(job.payload["package"]))
    destroy_package(district, package, reason=GoneReason.EXPIRED, actor="system:packages", at=clock.now())


def destroy_with(district: District, erased: Erased) -> None:
    """Destroy each package of the entered district that holds any of the erased; one that is being built begins anew.

    The entries are appended by a worker: while an erasure is done again after a restore, the ledger takes its own only.
    """
    with schema_context("public"):
        Package.objects.filter(district=district, state__in=OPEN).update(is_stale=True)
        for package in Package.objects.select_for_update().filter(district=district, state=PackageState.READY):
            if holds_any(folder_of(package) / KEYS, erased.keys):
                facts = {**facts_of(package, GoneReason.ERASED), "entry": erased.entry}
                if not _is_published(package):
                    append_later(district, KIND, f"package {package.pk}", actor=erased.actor, at=erased.at, facts=facts)
                take_away(district, package, GoneReason.ERASED, erased.at)


def left_with(district: District, keys: frozenset[int]) -> int:
    """How many packages lie in the district's folder that hold any of these students, whatever is recorded of them."""
    folder = Path(settings.MEDIA_ROOT) / str(district.schema_name) / FOLDER
    files = [path for name in (PLAIN, SEALED) for path in folder.glob(f"*/{name}")]
    return sum(holds_any(path.with_name(KEYS), keys) for path in files)


def destroy_all(district: District, *, actor: str, at: dt.datetime) -> None:
    """Destroy what there is of a district that is being removed, in that transaction; its folder goes with it."""
    with schema_context("public"):
        if (replay := current_replay()) is not None:
            while replay.entries and replay.entries[0].kind == KIND:
                append_entry(district.pk, KIND, actor=actor, at=at, facts={})
        for package in Package.objects.select_for_update().filter(district=district).exclude(state=PackageState.GONE):
            if package.state == PackageState.READY and replay is None:
                append_entry(district.pk, KIND, actor=actor, at=at, facts=facts_of(package, GoneReason.DISTRICT))
            take_away(district, package, GoneReason.DISTRICT, at)


def destroy_again(district: District, key: UUID, facts: dict[str, Any], *, actor: str, at: dt.datetime) -> bool:
    """Destroy a package that a backup brought back, with the entry that was published; whether it was there."""
    with schema_context("public"), transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        kept = Package.objects.select_for_update().filter(pk=key, district=district).exclude(state=PackageState.GONE)
        package = kept.first()
        if package is None:
            return False
        append_entry(district.pk, KIND, actor=actor, at=at, facts=facts)
        take_away(district, package, GoneReason(facts["reason"]), at)
    return True


def take_away(district: District, package: Package, reason: GoneReason, at: dt.datetime) -> None:
    """Mark a package as gone and remove its folder, in the caller's transaction."""
    Package.objects.filter(pk=package.pk).update(
        state=PackageState.GONE, gone_at=at, gone_reason=reason, file="", step="", contents=[]
    )
    note_export_gone(district, package.suite, package.school_year, package_id=package.pk, at=at)
    remove_after_commit(district, folder_of(package), at)


def facts_of(package: Package, reason: GoneReason | None = None) -> dict[str, Any]:
    """What the ledger says of a package, and why it is destroyed where it is."""
    facts: dict[str, Any] = {
        "package": str(package.pk), "suite": package.suite, "school_year": package.school_year, "rows": package.rows,
        "students": package.students, "bytes": package.size, "sha256": package.sha256,
    }  # fmt: skip
    return {**facts, "reason": str(reason)} if reason else facts


def _is_published(package: Package) -> bool:
    """Whether what is being replayed has an entry of this package's destruction: then it is written down again."""
    replay = current_replay()
    return replay is not None and any(
        entry.kind == KIND and entry.facts.get("package") == str(package.pk) for entry in replay.entries
    )
