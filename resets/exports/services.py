"""Noting what became of a year's data: built, checked, downloaded, waived, printed. Each once, with a ledger entry.

Whoever builds and serves packages calls these in the transaction of what they record; they are harmless to repeat. A
package that is not the newest one any more changes nothing here. The entries are appended by a worker: a download does
not wait for a district's lock, which may be a reset's.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django_tenants.utils import schema_context

from ledger.services import append_later
from resets.exports.errors import ExportError
from resets.models import ResetRun, RunState, YearExport
from tenants.models import District

BUILDER = "system:packages"
OF_PEOPLE = ("export_waived", "export_printed")
"""Entries of what a person did with the year, not with a package."""


def note_export_built(
    district: District,
    suite: str,
    school_year: int,
    *,
    package_id: UUID,
    built_at: dt.datetime,
    rows: int,
    actor: str = BUILDER,
) -> bool:
    """A package of the year has been built. It is the one that counts from now on, and begins anew.

    Args:
        built_at: when its data was read: only what was read after the school year's end is the whole year.
        rows: how many rows it holds.

    Returns:
        Whether it is noted: not one older than the newest, nor one made after the reset, which holds what was left.
    """
    with schema_context("public"), transaction.atomic():
        export = _locked(district, suite, school_year)
        if _is_reset(district, suite, school_year) or (export.built_at and export.built_at >= built_at):
            return False
        export.package_id, export.built_at, export.rows = package_id, built_at, rows
        export.checked_at = export.downloaded_at = export.gone_at = None
        export.downloaded_by = ""
        export.save()
        _tell(export, "export_built", actor, built_at, {"rows": rows})
        return True


def note_export_checked(
    district: District, suite: str, school_year: int, *, package_id: UUID, at: dt.datetime, actor: str = BUILDER
) -> bool:
    """The package's files were read back, and hold what they should. Returns whether it was noted now."""
    with schema_context("public"), transaction.atomic():
        export = _newest(district, suite, school_year, package_id)
        if export is None or export.checked_at or export.gone_at:
            return False
        export.checked_at = at
        export.save(update_fields=["checked_at"])
        _tell(export, "export_checked", actor, at)
        return True


def note_export_downloaded(
    district: District, suite: str, school_year: int, *, package_id: UUID, actor: str, at: dt.datetime
) -> bool:
    """Somebody of the district has downloaded the package, to its last byte. Returns whether it was the first time.

    Raises:
        ExportError: it was not checked before; nothing is noted.
    """
    with schema_context("public"), transaction.atomic():
        export = _newest(district, suite, school_year, package_id)
        if export is None or export.downloaded_at or export.gone_at:
            return False
        if export.checked_at is None:
            raise ExportError("The package has not been checked yet: it cannot be downloaded.")
        export.downloaded_at, export.downloaded_by = at, actor
        export.save(update_fields=["downloaded_at", "downloaded_by"])
        _tell(export, "export_downloaded", actor, at, {"rows": export.rows})
        return True


def note_export_gone(
    district: District, suite: str, school_year: int, *, package_id: UUID, at: dt.datetime, actor: str = BUILDER
) -> bool:
    """The package's file was destroyed. One that was downloaded before still counts. Returns whether it was noted."""
    with schema_context("public"), transaction.atomic():
        export = _newest(district, suite, school_year, package_id)
        if export is None or export.gone_at:
            return False
        export.gone_at = at
        export.save(update_fields=["gone_at"])
        _tell(export, "export_gone", actor, at)
        return True


def note_report_printed(district: District, suite: str, school_year: int, *, actor: str, at: dt.datetime) -> bool:
    """The report that the source asks to print was printed ("please print the Schoolwide Points report prior to the
    archive for your own records"). Returns whether it was the first time.
    """
    with schema_context("public"), transaction.atomic():
        export = _locked(district, suite, school_year)
        if export.printed_at or _is_reset(district, suite, school_year):
            return False
        export.printed_at, export.printed_by = at, actor
        export.save(update_fields=["printed_at", "printed_by"])
        _tell(export, "export_printed", actor, at)
        return True


def waive_export(
    district: District, suite: str, school_year: int, *, actor: str, reason: str, at: dt.datetime
) -> YearExport:
    """The reset need not wait for the download: a named person says so, with the reason.

    It is for one reset: after one that was undone, another waiver is needed.

    Raises:
        ExportError: no reason is given, it was waived already, or the suite was reset.
    """
    if not reason.strip():
        raise ExportError("Give the reason: it is kept, and the district sees it.")
    with schema_context("public"), transaction.atomic():
        export = _locked(district, suite, school_year)
        if _is_reset(district, suite, school_year):
            raise ExportError("It was reset already: there is nothing that waits for the download.")
        undone_at = _last_undone(district, suite, school_year)
        if export.waived_at and (undone_at is None or export.waived_at > undone_at):
            raise ExportError("The wait for the download was waived already.")
        export.waived_at, export.waived_by, export.waived_reason = at, actor, reason.strip()[:300]
        export.save(update_fields=["waived_at", "waived_by", "waived_reason"])
        _tell(export, "export_waived", actor, at)
        return export


def _locked(district: District, suite: str, school_year: int) -> YearExport:
    """The year's row, made where there is none, and held until the transaction ends."""
    key: dict[str, Any] = {"district": district, "suite": suite, "school_year": school_year}
    YearExport.objects.get_or_create(**key)
    return YearExport.objects.select_for_update().get(**key)


def _newest(district: District, suite: str, school_year: int, package_id: UUID) -> YearExport | None:
    """The year's row, held, where the package is its newest one."""
    found = YearExport.objects.select_for_update().filter(district=district, suite=suite, school_year=school_year)
    return found.filter(package_id=package_id).first()


def _is_reset(district: District, suite: str, school_year: int) -> bool:
    runs = ResetRun.objects.filter(district=district, suite=suite, school_year=school_year)
    return runs.filter(state=RunState.COMPLETED, undone_at=None).exists()


def _last_undone(district: District, suite: str, school_year: int) -> dt.datetime | None:
    runs = ResetRun.objects.filter(district=district, suite=suite, school_year=school_year).exclude(undone_at=None)
    return runs.order_by("-undone_at").values_list("undone_at", flat=True).first()


def _tell(export: YearExport, kind: str, actor: str, at: dt.datetime, facts: dict[str, Any] | None = None) -> None:
    """Ask for the ledger's entry, once for each package, or for each waiver and print."""
    package = {"package": str(export.package_id)} if export.package_id else {}
    own = {"suite": export.suite, "school_year": export.school_year, **package, **(facts or {})}
    name = str(export.package_id) if kind not in OF_PEOPLE else f"{export.pk} {at.isoformat()}"
    append_later(export.district, kind, f"{kind} {name}", actor=actor, at=at, facts=own)
