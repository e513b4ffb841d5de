"""Nightly syncs: one job per district and date, the drop folder, pauses; the commands; a worker killed half-way."""

import datetime as dt
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django_tenants.utils import schema_context

from rostering import selectors
from rostering.models import Student, Sync, SyncPause, SyncState
from rostering.services import declare_rostering_complete, import_bundle, pause_syncs
from rostering.services.nightly import newest_bundle, plan_nightly_syncs, run_nightly_sync
from tenants.models import Job
from tenants.schema import enter_district
from tests.rostering.bundles import AS_OF, small_bundle
from tests.rostering.conftest import Import

Clock = Callable[[str], dt.datetime]


@pytest.fixture
def drop(district: Any, settings: Any, tmp_path: Path) -> Path:
    settings.DROP_ROOT = tmp_path / "drop"
    folder: Path = settings.DROP_ROOT / district.slug
    folder.mkdir(parents=True)
    return folder


def _settled(path: Path, seconds: int = 600) -> Path:
    when = path.stat().st_mtime - seconds
    os.utime(path, (when, when))
    return path


def _plan() -> int:
    with schema_context("public"):
        return plan_nightly_syncs()


def test_one_job_per_district_and_local_date(district: Any, clock: Clock) -> None:
    clock("2025-09-02T05:30Z")  # half past midnight in Chicago, before the nightly hour
    assert _plan() == 0
    district.nightly_sync = True
    district.save()
    assert _plan() == 0
    clock("2025-09-02T06:30Z")
    assert (_plan(), _plan()) == (1, 0)
    clock("2025-09-03T06:30Z")
    assert _plan() == 1
    assert set(Job.objects.values_list("key", flat=True)) == {"2025-09-02", "2025-09-03"}


def test_a_night(entered: Any, drop: Path, clock: Clock) -> None:
    clock("2025-09-02T07:00Z")
    job = Job(district=entered, payload={"on": "2025-09-02"})
    run_nightly_sync(entered, job)
    assert "no complete bundle" in Sync.objects.get().note
    _settled(small_bundle(students=2).write(drop, "old.zip"), 900)
    _settled(small_bundle(students=6).write(drop, "new.zip"), 600)
    _settled(small_bundle(students=9).write(drop, "later.zip.part"), 600)
    small_bundle(students=9).write(drop, "being-written.zip")
    job.payload["on"] = "2025-09-03"
    run_nightly_sync(entered, job)
    sync = selectors.latest_import()
    assert sync is not None
    assert (sync.file_name, sync.state, sync.as_of) == ("new.zip", SyncState.APPLIED, dt.date(2025, 9, 3))
    assert Student.objects.count() == 6
    run_nightly_sync(entered, Job(district=entered, payload={"on": "2025-09-04"}))
    assert "imported before" in Sync.objects.get(as_of=dt.date(2025, 9, 4)).note


def test_nights_pause_from_a_reset_until_rostering_is_complete(entered: Any, drop: Path, clock: Clock) -> None:
    now = clock("2025-09-02T07:00Z")
    _settled(small_bundle().write(drop, "new.zip"))
    pause_syncs("literacy", 2025, paused_on=dt.date(2025, 7, 28))
    pause_syncs("literacy", 2025, paused_on=dt.date(2025, 7, 29))
    run_nightly_sync(entered, Job(district=entered, payload={"on": "2025-09-02"}))
    assert Student.objects.count() == 0
    assert "Paused since 2025-07-28" in Sync.objects.get(state=SyncState.SKIPPED).note
    assert declare_rostering_complete(actor="district_admin:1", at=now) == 1
    assert declare_rostering_complete(actor="district_admin:1", at=now) == 0
    assert SyncPause.objects.get().resumed_by == "district_admin:1"
    run_nightly_sync(entered, Job(district=entered, payload={"on": "2025-09-03"}))
    assert Student.objects.count() == 4


def test_no_folder_is_no_bundle(tmp_path: Path) -> None:
    assert newest_bundle(tmp_path / "nowhere") is None


def test_the_import_command(district: Any, tmp_path: Path, clock: Clock) -> None:
    clock("2025-09-02T07:00Z")
    path = small_bundle().write(tmp_path)
    out = io.StringIO()
    call_command("import_roster", district.slug, str(path), "--dry-run", stdout=out)
    assert "nothing was changed" in out.getvalue()
    out = io.StringIO()
    call_command("import_roster", district.slug, str(path), "--json", stdout=out)
    assert json.loads(out.getvalue())["counts"]["student"]["created"] == 4
    bad = small_bundle()
    bad.of("orgs", "sch1")["type"] = "palace"
    out = io.StringIO()
    errors = tmp_path / "errors.csv"
    with pytest.raises(SystemExit) as stopped:
        call_command("import_roster", district.slug, str(bad.write(tmp_path)), "--errors-csv", str(errors), stdout=out)
    assert stopped.value.code == 1
    assert "palace" in out.getvalue()
    assert "row.invalid_value" in errors.read_text()
    with pytest.raises(CommandError, match="no district"):
        call_command("import_roster", "nobody", str(path))


def test_the_other_commands(district: Any, load: Import) -> None:
    load(small_bundle(students=40))
    bundle = small_bundle(students=40)
    for number in (1, 3):
        bundle.drop_person(f"s{number}")
    sync = load(bundle)
    assert [row["count"] for row in selectors.held_by_school(sync.pk)] == [2]
    out = io.StringIO()
    call_command("release_removals", district.slug, str(sync.pk), "--actor", "csm:1", stdout=out)
    assert "2 people have left" in out.getvalue()
    with pytest.raises(CommandError, match="nothing to release"):
        call_command("release_removals", district.slug, str(sync.pk), "--actor", "csm:1", stdout=out)
    call_command("rostering_complete", district.slug, "--actor", "csm:1", stdout=out)
    assert "Nothing was paused" in out.getvalue()


def test_history_and_errors_are_paged_by_key(load: Import) -> None:
    bad = small_bundle(students=10)
    for row in bad.rows["users"]:
        row["username"] = ""
    syncs = [load(bad).pk for _ in range(5)]
    first = selectors.sync_history(limit=2)
    second = selectors.sync_history(before=first.before, limit=2)
    third = selectors.sync_history(before=second.before, limit=2)
    seen = [sync.pk for page in (first, second, third) for sync in page.syncs]
    assert (sorted(seen), third.before) == (sorted(syncs), None)
    assert selectors.sync_history(before="nonsense", limit=2).syncs == first.syncs
    page = selectors.sync_errors(syncs[0], limit=7)
    rest = selectors.sync_errors(syncs[0], after=page.after or 0, limit=7)
    assert (len(page.errors), len(rest.errors), rest.after) == (7, 5, None)
    assert selectors.error_summary(syncs[0])[0]["count"] == 12


def test_counts_by_school_and_grade(load: Import) -> None:
    load(small_bundle(students=5))
    counted = [(row["school"], row["grade"], row["count"]) for row in selectors.counts_by_school_and_grade()]
    assert counted == [("School 1", "05", 3), ("School 2", "05", 2)]
    assert selectors.latest_import_on() == AS_OF


KILLED = """
import django, sys, datetime as dt; django.setup()
from rostering.intake import steps
from rostering.services import import_bundle
from tenants.models import District
from tenants.schema import enter_district
import os, signal
def die(intake): os.kill(os.getpid(), signal.SIGKILL)
steps.link_guardians = die
with enter_district(District.objects.get(slug=sys.argv[1])):
    import_bundle(sys.argv[2], source="command", actor="tests", as_of=dt.date(2025, 9, 1))
"""


def test_a_worker_killed_half_way_leaves_nothing(committed_district: Any, tmp_path: Path) -> None:
    path = small_bundle().write(tmp_path)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    command = [sys.executable, "-c", KILLED, committed_district.slug, str(path)]
    done = subprocess.run(command, env=environment, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == -signal.SIGKILL
    with enter_district(committed_district):
        assert Sync.objects.get().state == SyncState.RUNNING
        assert Student.objects.count() == 0
        sync = import_bundle(path, source="command", actor="tests", as_of=AS_OF)
        assert (sync.state, Student.objects.count()) == (SyncState.APPLIED, 4)
        assert Sync.objects.get(state=SyncState.FAILED).note.startswith("Interrupted")
