"""What a table says of an import's state, in the source's words."""

from accounts.pages import Chip
from transfers.imports.models import Import, ImportState
from transfers.imports.services import is_importing

UNCHANGED = "Imported with no changes"
CHANGED = "Imported with changes"
CONFLICTS = "because of conflicts with information already on your site"


def remaining(transfer: Import) -> int:
    """How many came and were not imported."""
    return transfer.students - transfer.imported if transfer.state == ImportState.COMPLETED else 0


def status_chip(transfer: Import) -> Chip:
    """The Status column of an import, pending or completed.

    "Data may be "imported with no changes," or it may be "imported with changes" because of conflicts with information
    for students that are already on your site (such as an ID). For grade transfers, you may see that some of the
    students were imported, but not all".
    """
    if transfer.state == ImportState.COMPLETED:
        return _completed(transfer)
    if transfer.state == ImportState.UNDONE:
        if transfer.imported:
            return Chip(f"Taken back, except for {transfer.imported:,} of {transfer.students:,} students", "warn", "!")
        return Chip("Taken back")
    return CHIPS[ImportState(transfer.state)]


CHIPS = {
    ImportState.ANALYZING: Chip("Analyzing data for the import preview", "", "…"),
    ImportState.READY: Chip("Import preview is ready", "good", "✓"),
    ImportState.IMPORTING: Chip("Importing", "", "…"),
    ImportState.FAILED: Chip("Import Failed", "bad", "✕"),
    ImportState.CANCELLED: Chip("Cancelled"),
    ImportState.EXPIRED: Chip("Expired"),
}


def _completed(transfer: Import) -> Chip:
    if is_importing(transfer):
        return Chip(f"Importing the remaining {remaining(transfer):,}", "", "…")
    if remaining(transfer):
        words = f"{transfer.imported:,} of {transfer.students:,} students were imported {CONFLICTS}"
        return Chip(words, "warn", "!")
    return Chip(CHANGED, "good", "✓") if transfer.changed else Chip(UNCHANGED, "good", "✓")
