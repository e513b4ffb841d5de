"""Importing one OneRoster bundle: one transaction, and a record of it whatever happens."""

import datetime as dt
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from django.db import transaction
from psycopg import sql

from events.services import note_event
from events.types import ROSTER_HELD_BACK, ROSTER_SYNCED
from ledger.services import append_entry
from rostering.epoch import current_epoch
from rostering.errors import BundleRefusedError
from rostering.intake.context import Intake
from rostering.intake.school_year import chosen_year, stored_sessions
from rostering.intake.steps import apply_files, check_files, read_files
from rostering.models import Sync, SyncState
from rostering.oneroster.bundle import open_bundle, read_digest
from rostering.oneroster.findings import Findings
from rostering.oneroster.manifest import Manifest, read_manifest
from rostering.oneroster.staging import drop_staging
from rostering.services.entered import entered_district
from rostering.services.noting import note_sync
from rostering.services.removals import hold_removals, lapse_removals
from rostering.signals import roster_applied
from tenants import clock
from tenants.errors import describe_error
from tenants.locks import Lock, take_lock
from tenants.models import District

Progress = Callable[[str, float], None]
APPLIED = (SyncState.APPLIED, SyncState.PARTLY_HELD, SyncState.UNCHANGED)


class _RehearsedError(Exception):
    """Carries a dry run out of its savepoint."""


def import_bundle(
    path: Path | str,
    *,
    source: str,
    actor: str,
    as_of: dt.date,
    strict: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    check: Callable[[], None] | None = None,
) -> Sync:
    """Bring a OneRoster bundle into the entered district's roster, whole or not at all.

    Args:
        path: a zip or a folder.
        source: upload, command or nightly.
        actor: who, as `role:key`.
        as_of: the district's date.
        strict: refuse what the specification refuses; by default vendors' known habits are accepted with warnings.
        dry_run: do everything and roll it back; the sync's record and errors are kept.
        progress: told what was done and the share of the work (0 to 1).
        check: is asked under the district's lock, and raises when the bundle is not to be imported any more.

    Returns:
        The finished sync: applied, partly held, unchanged, checked or refused; a refused one has `errors`.

    Raises:
        Exception: whatever went wrong apart from the bundle; the sync is recorded as failed, nothing was changed.
    """
    path = Path(path)
    sync = Sync.objects.create(
        source=source,
        file_name=path.name[:255],
        strict=strict,
        dry_run=dry_run,
        as_of=as_of,
        actor=actor,
        started_at=clock.now(),
    )
    try:
        with ExitStack() as stack, transaction.atomic():
            district = entered_district()
            take_lock(Lock.DISTRICT, district.pk)
            close_interrupted(sync)
            if check is not None:
                check()
            _run(sync, path, district, stack, progress or _say_nothing)
    except BaseException as error:
        _finish(sync, SyncState.FAILED, describe_error(error)[:500])
        raise
    return sync


def close_interrupted(sync: Sync) -> None:
    """Whoever holds the district's lock runs alone: other syncs that say they run were killed."""
    running = Sync.objects.filter(state=SyncState.RUNNING).exclude(pk=sync.pk)
    running.update(state=SyncState.FAILED, note="Interrupted; nothing was changed.", finished_at=clock.now())


def _run(sync: Sync, path: Path, district: District, stack: ExitStack, progress: Progress) -> None:
    found = Findings(sync, sync.strict)
    bundle = open_bundle(path, found, stack)
    manifest = read_manifest(bundle, found) if not found.errors else Manifest()
    sync.digest = read_digest(bundle, found) if not found.errors else ""
    sync.version = manifest.version
    progress("opened", 0.05)
    if found.errors:
        _refuse(sync, found)
        return
    last = _last_applied()
    if last is not None and _is_unchanged(sync, last, district):
        sync.school_year, sync.epoch = last.school_year, last.epoch
        _finish(sync, SyncState.UNCHANGED, "The bundle equals the last one applied, and nothing else has changed.")
        return
    intake = Intake(sync, district, sync.as_of, manifest.version, found)
    try:
        read_files(intake, bundle, manifest, progress)
        changed = check_files(intake, progress)
    except BundleRefusedError:
        _refuse(sync, found)
    else:
        _apply(intake, changed, progress)
    drop_staging()


def _apply(intake: Intake, changed: dict[str, sql.Composable], progress: Progress) -> None:
    sync = intake.sync
    try:
        with transaction.atomic():
            apply_files(intake, changed, progress)
            _record(intake)
            if sync.dry_run:
                raise _RehearsedError
            lapse_removals(intake)
            held = hold_removals(intake)
            sync.state = SyncState.PARTLY_HELD if held else SyncState.APPLIED
            sync.note = f"{held:,} removals are held back until somebody releases them." if held else ""
            roster_applied.send(sender=Sync, sync=sync, as_of=sync.as_of, school_year=intake.school_year)
            append_entry(
                intake.district.pk, "roster_applied", actor=sync.actor, at=clock.now(), facts={"counts": sync.counts}
            )
            _tell(intake, held)
    except _RehearsedError:
        held = sum(counts.get("held", 0) for counts in sync.counts.values())
        note = "Checked only: nothing was changed."
        _finish(sync, SyncState.CHECKED, f"{note} {held:,} removals would be held back." if held else note)
        return
    sync.epoch = current_epoch()
    _finish(sync, SyncState(sync.state), sync.note)


def _tell(intake: Intake, held: int) -> None:
    """Note for other programs that the roster was applied, and what of it waits."""
    facts = {"sync": str(intake.sync.pk), "school_year": intake.school_year, "held_back": held}
    at = clock.now()
    note_event(intake.district.pk, ROSTER_SYNCED, subject="roster", facts=facts, at=at)
    if held:
        note_event(intake.district.pk, ROSTER_HELD_BACK, subject="roster", facts=facts, at=at)


def _record(intake: Intake) -> None:
    intake.sync.school_year = intake.school_year
    intake.sync.counts = {table: dict(counts) for table, counts in intake.counts.items() if any(counts.values())}
    intake.sync.warnings = intake.found.warnings()


def _refuse(sync: Sync, found: Findings) -> None:
    found.flush()
    sync.error_count = found.errors
    sync.warnings = found.warnings()
    _finish(sync, SyncState.REFUSED, f"Refused: {found.errors:,} errors. Nothing was changed.")


def _last_applied() -> Sync | None:
    return Sync.objects.filter(state__in=APPLIED, dry_run=False).exclude(epoch=None).first()


def _is_unchanged(sync: Sync, last: Sync, district: District) -> bool:
    """Whether this is the bundle last applied, as strictly, and neither the roster nor its year has changed since."""
    return (
        last.digest == sync.digest
        and last.strict >= sync.strict
        and last.epoch == current_epoch()
        and last.school_year == chosen_year(stored_sessions(), district, sync.as_of)
    )


def _finish(sync: Sync, state: SyncState, note: str) -> None:
    sync.state, sync.note, sync.finished_at = state, note, clock.now()
    sync.save()
    note_sync(sync)


def _say_nothing(what: str, share: float) -> None:
    """No progress is asked for."""
