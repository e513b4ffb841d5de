"""Import Students: the reviewer is satisfied, and a worker imports."""

import datetime as dt
from uuid import UUID

from tenants.jobs.services import enqueue_job
from tenants.models import District, Job
from transfers.imports.errors import TransferRefusedError
from transfers.imports.holding import held_import
from transfers.imports.kinds import IMPORT
from transfers.imports.models import Import, ImportState, IncomingStudent


def approve_import(district: District, import_id: UUID | str, *, actor: str, at: dt.datetime) -> Import:
    """Ask for the import of what is staged and reviewed. May be asked again for students who were not imported.

    Raises:
        TransferRefusedError: it is not ready, its time is over, or nobody is left to be imported.
    """
    with held_import(district, import_id) as transfer:
        if reason := approval_refusal(transfer, at):
            raise TransferRefusedError(reason)
        if transfer.state == ImportState.READY:
            transfer.state = ImportState.IMPORTING
        else:
            transfer.finished_at, transfer.reference = None, ""
        transfer.approved_at, transfer.approved_by = at, actor
        transfer.save()
        asked = Job.objects.filter(district=district, kind=IMPORT, key__startswith=str(transfer.pk)).count()
        enqueue_job(district, IMPORT, f"{transfer.pk} {asked + 1}", due_at=at, payload={"import": str(transfer.pk)})
    return transfer


def approval_refusal(transfer: Import, at: dt.datetime) -> str:
    """Why an import cannot be approved now; empty when it can."""
    if is_importing(transfer):
        return "The students are being imported already."
    if transfer.state == ImportState.ANALYZING:
        return "The data is still being analyzed. Wait for the import preview."
    if transfer.state not in (ImportState.READY, ImportState.COMPLETED):
        return f"This import has ended: {transfer.get_state_display().lower()}."
    if at >= transfer.expires_at:
        return "Codes must be used within 30 days, and they are over. Ask the previous site for a new code."
    if not IncomingStudent.objects.filter(transfer=transfer).exists():
        return "Every student of this transfer is imported."
    return ""


def is_importing(transfer: Import) -> bool:
    """Whether a worker imports now: all students, or those who were not imported the first time."""
    return transfer.state == ImportState.IMPORTING or (
        transfer.state == ImportState.COMPLETED and transfer.finished_at is None
    )
