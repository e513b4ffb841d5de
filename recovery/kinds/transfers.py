"""What was staged and has been destroyed since: recalled by its source, cancelled, failed or expired."""

from ledger.chain import Entry
from ledger.models import LedgerEntry
from ledger.replaying import current_replay
from recovery.kinds.codes import release_again
from tenants.models import District
from transfers.imports.models import Import, ImportState
from transfers.imports.services import cancel_import, expire_import, fail_import, recall_students

REPLAYED = "failed before the restore from a backup, and again after it"


def recall_again(district: District, entry: Entry) -> None:
    """Destroy once more whom the entry's keys name at the source, as far as the backup has them staged."""
    replay = current_replay()
    keys = None if entry.facts["whole"] or replay is None else replay.keys
    recall_students(district, entry.facts["source_district"], keys, at=entry.happened_at)


def cancel_again(district: District, entry: Entry) -> None:
    """Destroy once more what was staged for an import that was cancelled, and free its code."""
    states = (ImportState.ANALYZING, ImportState.READY)
    if Import.objects.filter(pk=entry.facts["import"], state__in=states).exists():
        cancel_import(district, entry.facts["import"], actor=entry.actor, at=entry.happened_at)
    else:
        release_again(district, entry)


def fail_again(district: District, entry: Entry) -> None:
    """Destroy once more what was staged for an import that had failed; its code is free again, unless it says why."""
    key, said = entry.facts["import"], entry.facts
    states = (ImportState.ANALYZING, ImportState.IMPORTING)
    Import.objects.filter(pk=key, state=ImportState.READY).update(state=ImportState.IMPORTING)  # it was approved since
    was_imported = LedgerEntry.objects.filter(
        district_id=district.pk, kind="transfer_imported", number__lt=entry.number, facts__import=key
    )
    if Import.objects.filter(pk=key, state__in=states).exists():
        fail_import(district, key, REPLAYED, at=entry.happened_at, reason=said["reason"])
        Import.objects.filter(pk=key).update(reference=said["reference"])
    elif not said["reason"] and not was_imported.exists():  # else the rest failed, and the code stays used
        release_again(district, entry)


def expire_again(district: District, entry: Entry) -> None:
    """Destroy once more what was left of an import whose time was over; one that is being written ends by itself."""
    if Import.objects.filter(pk=entry.facts["import"]).exclude(state=ImportState.IMPORTING).exists():
        expire_import(district, entry.facts["import"], at=entry.happened_at)
