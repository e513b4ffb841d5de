"""Nightly syncs, once per district and local date: the drop folder's newest complete bundle, or a provider's roster."""

import datetime as dt
from contextlib import ExitStack
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from rostering.models import RosterProvider, Sync, SyncState
from rostering.oneroster.bundle import open_bundle, read_digest
from rostering.oneroster.findings import Findings
from rostering.provider.pulling import pull_roster
from rostering.selectors import open_pauses
from rostering.services.importing import import_bundle
from tenants import clock
from tenants.jobs.services import enqueue_job
from tenants.models import District, Job

KIND = "nightly_sync"
ACTOR = "system:nightly"
STILL_WRITTEN_SECONDS = 60
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
SETTLED = (SyncState.APPLIED, SyncState.PARTLY_HELD, SyncState.UNCHANGED, SyncState.REFUSED)


def plan_nightly_syncs() -> int:
    """Ask for one sync per active district and local date, from its nightly hour on; returns how many were added."""
    now, added = clock.now(), 0
    for district in District.objects.filter(nightly_sync=True, removed_at=None):
        local = now.astimezone(ZoneInfo(district.time_zone))
        due = clock.local_start(local.date(), district.nightly_sync_hour, district.time_zone)
        key = local.date().isoformat()
        if now >= due and not Job.objects.filter(district=district, kind=KIND, key=key).exists():
            enqueue_job(district, KIND, key, due_at=due, payload={"on": key})
            added += 1
    return added


def run_nightly_sync(district: District, job: Job) -> None:
    """Import the drop folder's newest bundle, or pull from the provider, or record why not. The district is entered.

    A second run for the same date finds the bundle imported already, and does nothing; a second pull finds no changes.
    """
    as_of = dt.date.fromisoformat(job.payload["on"])
    pause = open_pauses().first()
    if pause is not None:
        _record_idle(as_of, f"Paused since {pause.paused_on} by the {pause.suite} reset, until rostering is complete.")
        return
    if RosterProvider.objects.filter(is_nightly=True).exists():
        pull_roster(district, f"night-{as_of}", actor=ACTOR, as_of=as_of)
        return
    bundle = newest_bundle(drop_folder(district))
    if bundle is None:
        _record_idle(as_of, "The drop folder holds no complete bundle.")
    elif _was_processed(bundle):
        _record_idle(as_of, f"The newest bundle, {bundle.name[:200]}, was imported before.")
    else:
        import_bundle(bundle, source="nightly", actor=ACTOR, as_of=as_of)


def drop_folder(district: District) -> Path:
    """Where a district's SIS leaves its bundles."""
    return Path(settings.DROP_ROOT) / district.slug


def newest_bundle(folder: Path, *, real_now: dt.datetime | None = None) -> Path | None:
    """The newest zip of a folder that nobody is writing any more; None when there is none.

    Files are written in real time, so their age is told by the machine's clock, also where the district's is simulated.
    """
    now = (real_now or clock.real_now()).timestamp()
    if not folder.is_dir():
        return None
    complete = [
        (path.stat().st_mtime, path.name, path)
        for path in folder.iterdir()
        if path.is_file() and path.suffix.lower() == ".zip" and not path.name.lower().endswith(UNFINISHED)
    ]
    settled = [entry for entry in complete if now - entry[0] >= STILL_WRITTEN_SECONDS]
    return max(settled)[2] if settled else None


def _was_processed(bundle: Path) -> bool:
    """Whether the last nightly sync that came to an end was of these contents."""
    last = Sync.objects.filter(source="nightly", state__in=SETTLED).first()
    with ExitStack() as stack:
        silent = Findings(Sync(), strict=False)
        digest = read_digest(open_bundle(bundle, silent, stack), silent)
    return last is not None and last.digest == digest


def _record_idle(as_of: dt.date, note: str) -> None:
    """A sync's record that says why nothing was imported: one per date."""
    now = clock.now()
    Sync.objects.get_or_create(
        source="nightly",
        as_of=as_of,
        file_name="",
        defaults={
            "actor": ACTOR,
            "state": SyncState.SKIPPED,
            "started_at": now,
            "finished_at": now,
            "note": note,
        },
    )
