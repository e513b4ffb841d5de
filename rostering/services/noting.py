"""What the lists over many districts say of this one's roster: noted where it happens, see `tenants.status`."""

import datetime as dt

from rostering.models import Sync, SyncState
from rostering.selectors import APPLIED, held_removals, open_pauses
from rostering.services.entered import entered_district
from tenants.status import StatusFacts, note_status


def note_sync(sync: Sync) -> None:
    """Note a sync that has come to its end. A dry run is nobody's last sync."""
    if sync.dry_run or sync.finished_at is None:
        return
    facts: StatusFacts = {"last_sync_at": sync.finished_at, "last_sync_state": sync.state}
    if sync.state in APPLIED:
        facts |= {"last_import_at": sync.finished_at, "roster_year": sync.school_year}
        facts |= {"held_removals": held_removals().count()}
    note_status(entered_district().pk, **facts)


def note_release(sync: Sync) -> None:
    """Note that held removals were released. A later sync's state stays as it is."""
    facts: StatusFacts = {"held_removals": held_removals().count()}
    if not Sync.objects.filter(dry_run=False, started_at__gt=sync.started_at).exclude(state=SyncState.SKIPPED).exists():
        facts["last_sync_state"] = sync.state
    note_status(entered_district().pk, **facts)


def note_pauses(*, complete_at: dt.datetime | None = None) -> None:
    """Note since when the nightly syncs stand still, and that rostering is complete, or not any more."""
    first = open_pauses().first()
    note_status(
        entered_district().pk, syncs_paused_on=first.paused_on if first else None, rostering_complete_at=complete_at
    )
