"""An import that fails, is cancelled or expires: what is staged is destroyed, and nothing is left behind."""

import datetime as dt
import logging
import secrets
from uuid import UUID

from ledger.services import append_entry
from tenants.models import District
from transfers.codes.services.releasing import release_code
from transfers.imports.errors import StillImportingError, TransferRefusedError
from transfers.imports.holding import destroy_staged, held_import, rewrite_after
from transfers.imports.models import Import, ImportedStudent, ImportState, SourceStatus

log = logging.getLogger(__name__)

SYSTEM = "system:transfers"
READABLE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Symbols that nobody takes for another when a reference code is read out."""
DESTROYED = (ImportState.ANALYZING, ImportState.READY)


def fail_import(district: District, import_id: UUID | str, error: str, *, at: dt.datetime, reason: str = "") -> str:
    """End an import of the entered district that cannot be done; nothing of it is left behind.

    The code can be entered again, unless the `reason` says that it never can be of use. Where some students were
    imported before and the rest failed, these stay imported and the rest stays staged.

    Args:
        error: what happened, in a line without personal data; for the log.
        reason: a code of `reasons`, where it can be told in plain words.

    Returns:
        the reference code that support asks for; empty when the import had ended already.
    """
    with held_import(district, import_id) as transfer:
        of_the_rest = transfer.state == ImportState.COMPLETED and transfer.finished_at is None
        if not of_the_rest and transfer.state not in (ImportState.ANALYZING, ImportState.IMPORTING):
            return ""
        reference = "".join(secrets.choice(READABLE) for _ in range(8))
        transfer.reference, transfer.finished_at, transfer.finished_by = reference, at, SYSTEM
        if not of_the_rest:
            transfer.state, transfer.reason = ImportState.FAILED, reason
            rewrite_after(district, transfer, destroy_staged(transfer), at)
            if not reason:
                release_code(transfer.pk, actor=SYSTEM, at=at)
        transfer.save()
        _record(district, "transfer_failed", transfer, SYSTEM, at, reference=reference, reason=reason)
    log.error("import %s of district %s failed, reference %s: %s", import_id, district.pk, reference, error)
    return reference


def cancel_import(district: District, import_id: UUID | str, *, actor: str, at: dt.datetime) -> None:
    """Cancel an import of the entered district before it is imported: "you can re-enter the transfer code".

    Raises:
        TransferRefusedError: it is being imported, or has ended.
    """
    with held_import(district, import_id) as transfer:
        if transfer.state not in DESTROYED:
            raise TransferRefusedError(
                f"This import cannot be cancelled any more: {transfer.get_state_display().lower()}."
            )
        done = destroy_staged(transfer)
        transfer.state, transfer.finished_at, transfer.finished_by = ImportState.CANCELLED, at, actor
        transfer.save()
        release_code(transfer.pk, actor=actor, at=at)
        rewrite_after(district, transfer, done, at)
        _record(district, "transfer_cancelled", transfer, actor, at)


def expire_import(district: District, import_id: UUID | str, *, at: dt.datetime) -> None:
    """Destroy what is still staged for an import of the entered district whose time is over. Again is harmless.

    Lines of students who have no record here go too.

    Raises:
        StillImportingError: it is being imported; ask again.
    """
    with held_import(district, import_id) as transfer:
        if at < transfer.expires_at:
            return
        if transfer.state == ImportState.IMPORTING:
            raise StillImportingError("the import is being written; what is left of it is destroyed afterwards")
        done = destroy_staged(transfer)
        lines = ImportedStudent.objects.filter(
            transfer=transfer, student=None, source_status__in=(SourceStatus.NOT_IMPORTED, SourceStatus.TAKEN_BACK)
        )
        done.add(ImportedStudent._meta.db_table, deleted=lines.delete()[0])
        expired = transfer.state in DESTROYED
        if expired:
            transfer.state, transfer.finished_at, transfer.finished_by = ImportState.EXPIRED, at, SYSTEM
            transfer.save()
        if expired or done:
            rewrite_after(district, transfer, done, at)
            rows = sum(each.deleted for each in done.values())
            _record(district, "transfer_expired", transfer, SYSTEM, at, rows=rows)


def _record(district: District, kind: str, transfer: Import, actor: str, at: dt.datetime, **facts: object) -> None:
    known = {"import": str(transfer.pk), "code": str(transfer.code_id), "students": transfer.students}
    append_entry(district.pk, kind, actor=actor, at=at, facts={**known, **facts})
