"""What the lists over many districts say of one: noted where it happens, in the same transaction."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from rostering.models import Sync
from rostering.services import declare_rostering_complete, import_bundle, pause_syncs, release_removals
from tenants.models import DistrictStatus
from tests.rostering.bundles import AS_OF, BundleBuilder, small_bundle
from tests.rostering.conftest import Import

NOON = dt.datetime(2026, 8, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _noon(clock: Any) -> None:
    clock(NOON.isoformat())


def status() -> DistrictStatus:
    return DistrictStatus.objects.get()


def broken() -> BundleBuilder:
    bundle = small_bundle()
    bundle.rows["users"][0]["enabledUser"] = "maybe"
    return bundle


def test_an_import_and_one_that_found_nothing_new(load: Import, entered: Any, clock: Any) -> None:
    assert not DistrictStatus.objects.exists()
    sync = load(small_bundle())
    found = status()
    assert (found.district_id, found.last_sync_state, found.roster_year) == (entered.pk, "applied", sync.school_year)
    assert found.last_sync_at == found.last_import_at == NOON
    later = clock("2026-08-21T12:00+00:00")
    assert load(small_bundle()).state == "unchanged"
    assert (status().last_sync_state, status().last_import_at) == ("unchanged", later)


def test_a_refused_bundle_is_the_last_sync_but_not_the_last_import(load: Import, clock: Any) -> None:
    load(small_bundle())
    later = clock("2026-08-21T12:00+00:00")
    load(broken())
    found = status()
    assert (found.last_sync_state, found.last_sync_at, found.last_import_at) == ("refused", later, NOON)


def test_a_failed_import_is_noted_too(load: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("rostering.services.importing.apply_files", fail)
    with pytest.raises(RuntimeError):
        load(small_bundle())
    assert (status().last_sync_state, status().last_import_at) == ("failed", None)


def test_a_dry_run_is_nobodys_last_sync(load: Import) -> None:
    load(small_bundle(), dry_run=True)
    load(broken(), dry_run=True)
    assert not DistrictStatus.objects.exists()


def test_removals_that_are_held_and_released(load: Import) -> None:
    load(small_bundle(students=40))
    half = small_bundle(students=40)
    for number in range(1, 21):
        half.drop_person(f"s{number}")
    sync = load(half)
    assert (status().last_sync_state, status().held_removals) == ("partly_held", 20)
    release_removals(sync.pk, actor="district_admin:1", as_of=AS_OF)
    assert (status().last_sync_state, status().held_removals) == ("applied", 0)


def test_a_release_leaves_a_later_syncs_state(load: Import, clock: Any) -> None:
    load(small_bundle(students=40))
    half = small_bundle(students=40)
    for number in range(1, 21):
        half.drop_person(f"s{number}")
    sync = load(half)
    clock("2026-08-21T12:00+00:00")
    load(broken())
    release_removals(sync.pk, actor="district_admin:1", as_of=AS_OF)
    assert (status().last_sync_state, status().held_removals) == ("refused", 0)


def test_pauses_and_their_end(entered: Any) -> None:
    first = dt.date(2026, 7, 8)
    for _ in range(2):
        pause_syncs("hero", 2026, paused_on=first)
    pause_syncs("literacy", 2026, paused_on=dt.date(2026, 7, 28))
    assert (status().syncs_paused_on, status().rostering_complete_at) == (first, None)
    assert declare_rostering_complete(actor="district_admin:1", at=NOON) == 2
    assert (status().syncs_paused_on, status().rostering_complete_at) == (None, NOON)
    assert declare_rostering_complete(actor="district_admin:1", at=NOON + dt.timedelta(days=1)) == 0
    assert status().rostering_complete_at == NOON
    pause_syncs("literacy", 2026, paused_on=dt.date(2026, 7, 28))
    assert status().rostering_complete_at == NOON
    pause_syncs("literacy", 2027, paused_on=dt.date(2027, 7, 28))
    assert (status().syncs_paused_on, status().rostering_complete_at) == (dt.date(2027, 7, 28), None)


def test_what_is_rolled_back_was_never_noted(load: Import, entered: Any, tmp_path: Path) -> None:
    path = small_bundle().write(tmp_path)
    with transaction.atomic():
        import_bundle(path, source="command", actor="a", as_of=AS_OF)
        transaction.set_rollback(True)
    assert not Sync.objects.exists()
    assert not DistrictStatus.objects.exists()
