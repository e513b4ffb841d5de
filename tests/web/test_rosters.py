"""The rosters' pages: history, errors, held-back removals, the word that rostering is complete."""

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from django.test import Client

from rostering.models import HeldRemoval, Student, Sync, SyncError, SyncPause, SyncState
from rostering.services import pause_syncs
from tenants.models import District
from tenants.schema import enter_district
from tests.rostering.bundles import small_bundle
from tests.web.conftest import JUNE, newest_sync, upload, work, zipped

NIGHT = dt.datetime.fromisoformat(JUNE)


@pytest.fixture
def held(admin: Client, rostered: District, tmp_path: Path) -> Sync:
    """An import in which half of each school is missing."""
    bundle = small_bundle(students=40)
    for number in range(1, 21):
        bundle.drop_person(f"s{number}")
    upload(admin, zipped(bundle, tmp_path, "half.zip"))
    work(rostered)
    sync = newest_sync(rostered)
    assert sync.state == SyncState.PARTLY_HELD
    return sync


@pytest.fixture
def refused(rostered: District) -> Sync:
    """A refused import with 120 errors, one of them a formula."""
    with enter_district(rostered):
        sync = Sync.objects.create(
            source="upload", file_name="bad.zip", state=SyncState.REFUSED, as_of=dt.date(2026, 6, 24), error_count=120,
            actor="district_admin:1", started_at=dt.datetime.fromisoformat(JUNE), note="Refused: 120 errors.",
        )  # fmt: skip
        SyncError.objects.bulk_create(
            SyncError(sync=sync, file="users.csv", row=row, column="role", code="c", value="=1+1", message=f"No. {row}")
            for row in range(2, 122)
        )
    return sync


def test_all_errors_are_shown_page_by_page(admin: Client, refused: Sync) -> None:
    first = admin.get(f"/rosters/{refused.pk}/")
    text = first.content.decode()
    assert "120 errors" in text
    assert "No. 2<" in text
    assert "No. 60<" not in text
    second = admin.get(f"/rosters/{refused.pk}/?after={first.context['next_error']}").content.decode()
    assert "No. 52<" in second
    assert "No. 51<" not in second


def test_the_errors_open_in_a_spreadsheet_safely(admin: Client, refused: Sync) -> None:
    response = admin.get(f"/rosters/{refused.pk}/errors.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 121
    assert rows[1][:5] == ["users.csv", "2", "role", "c", "'=1+1"]
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_the_history_goes_on_by_key(admin: Client, rostered: District) -> None:
    start = dt.datetime.fromisoformat(JUNE)
    with enter_district(rostered):
        Sync.objects.bulk_create(
            Sync(
                source="nightly", file_name=f"night-{day}.zip", state=SyncState.UNCHANGED, as_of=start.date(),
                actor="nightly", started_at=start + dt.timedelta(days=day),
            )
            for day in range(1, 41)
        )  # fmt: skip
    first = admin.get("/rosters/")
    assert "night-40.zip" in first.content.decode()
    assert "night-15.zip" not in first.content.decode()
    second = admin.get("/rosters/", {"before": first.context["next"]}).content.decode()
    assert "night-15.zip" in second
    assert "night-16.zip" not in second
    assert admin.get("/rosters/", {"before": "nonsense"}).status_code == 200


def test_a_release_is_asked_for_with_its_number_and_schools(admin: Client, rostered: District, held: Sync) -> None:
    page = admin.get(f"/rosters/{held.pk}/").content.decode()
    assert "20 removals held back" in page
    assert "Family7, Given7" in page
    asked = admin.get(f"/rosters/{held.pk}/release/").content.decode()
    assert "Release 20 removals?" in asked
    assert "School 1" in asked
    done = admin.post(f"/rosters/{held.pk}/release/", {"people": "20"}, follow=True).content.decode()
    assert "20 people have left the roster" in done
    with enter_district(rostered):
        assert Student.objects.filter(status="inactive").count() == 20
        assert Sync.objects.get(pk=held.pk).note.startswith("20 held removals were released by district_admin:")
    again = admin.post(f"/rosters/{held.pk}/release/", {"people": "20"}, follow=True).content.decode()
    assert "There is nothing to release" in again


def test_a_number_that_nobody_was_shown_releases_nobody(admin: Client, rostered: District, held: Sync) -> None:
    answer = admin.post(f"/rosters/{held.pk}/release/", {"people": "19"}).content.decode()
    assert "It is now 20" in answer
    with enter_district(rostered):
        assert not Student.objects.filter(status="inactive").exists()


def test_a_school_admin_sees_their_schools_number_and_no_name(school_admin: Client, held: Sync) -> None:
    page = school_admin.get(f"/rosters/{held.pk}/").content.decode()
    assert "10 removals held back" in page
    assert "School 2" not in page
    assert "Family7" not in page
    assert "release/" not in page
    assert school_admin.get(f"/rosters/{held.pk}/release/").status_code == 403
    assert school_admin.post(f"/rosters/{held.pk}/release/", {"people": "20"}).status_code == 403


def test_declaring_rostering_complete_ends_the_pauses(admin: Client, rostered: District) -> None:
    with enter_district(rostered):
        pause_syncs("literacy", 2026, paused_on=dt.date(2026, 7, 28))
    assert "Tuesday, July 28, 2026" in admin.get("/rosters/").content.decode()
    assert "ends 1 pause" in admin.get("/rosters/complete/").content.decode()
    assert "1 pause ended" in admin.post("/rosters/complete/", follow=True).content.decode()
    with enter_district(rostered):
        pause = SyncPause.objects.get()
    assert pause.resumed_at == dt.datetime.fromisoformat(JUNE)
    assert pause.resumed_by.startswith("district_admin:")
    assert "No pause was open" in admin.post("/rosters/complete/", follow=True).content.decode()


def test_another_districts_sync_is_not_there(rostered: District, admin: Client, other_district: District) -> None:
    with enter_district(other_district):
        other = Sync.objects.create(
            source="upload", file_name="x.zip", as_of=dt.date(2026, 6, 24), actor="a",
            started_at=dt.datetime.fromisoformat(JUNE), state=SyncState.REFUSED,
        )  # fmt: skip
    for page in ("", "errors.csv", "release/"):
        assert admin.get(f"/rosters/{other.pk}/{page}").status_code == 404


def test_a_night_without_an_import_says_why(admin: Client, school_admin: Client, rostered: District) -> None:
    with enter_district(rostered):
        night = Sync.objects.create(
            source="nightly", file_name="", state=SyncState.SKIPPED, as_of=dt.date(2026, 6, 24), started_at=NIGHT,
            finished_at=NIGHT, actor="system:nightly", note="The drop folder holds no complete bundle.",
        )  # fmt: skip
    for client in (admin, school_admin):
        assert "The drop folder holds no complete bundle." in client.get("/rosters/").content.decode()
        page = client.get(f"/rosters/{night.pk}/").content.decode()
        assert "Nothing was imported that night" in page
        assert "Not run" in page


def test_held_removals_are_told_above_the_history(admin: Client, school_admin: Client, rostered: District) -> None:
    with enter_district(rostered):
        held = Sync.objects.create(
            source="upload", file_name="x.zip", state=SyncState.PARTLY_HELD, as_of=dt.date(2026, 6, 24),
            started_at=NIGHT, actor="district_admin:1",
        )  # fmt: skip
        for student in Student.objects.all():
            HeldRemoval.objects.create(sync=held, kind="student", person_id=student.pk, school_id=student.school_id)
    assert "40 removals are held back." in admin.get("/rosters/").content.decode()
    own = school_admin.get("/rosters/").content.decode()
    assert "20 removals are held back." in own
    assert f'href="/rosters/{held.pk}/"' in own
