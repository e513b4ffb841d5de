"""Uploading a bundle, without JavaScript: what is refused and why, the dry run, the import."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tenants.utils import schema_context

from rostering.models import Student, SyncState
from rostering.uploads import KIND, UploadGoneError, forget_upload, import_upload, tell_progress, upload_folder
from tenants.jobs.services import give_up
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.rostering.bundles import small_bundle
from tests.web.conftest import newest_sync, upload, work, zipped


def test_the_dry_run_is_ticked_and_changes_nothing(admin: Client, rostered: District, tmp_path: Path) -> None:
    assert 'name="dry_run" aria-describedby="id_dry_run_helptext" id="id_dry_run" checked' in (
        admin.get("/rosters/upload/").content.decode()
    )
    page = upload(admin, zipped(small_bundle(students=44), tmp_path), dry_run="on")
    assert "Waiting for its turn" in admin.get(page).content.decode()
    work(rostered)
    done = admin.get(page, follow=True).content.decode()
    assert "The bundle was checked" in done
    assert "What would change" in done
    with enter_district(rostered):
        assert Student.objects.count() == 40


def test_an_import_is_told_in_counts_and_its_file_is_deleted(admin: Client, rostered: District, tmp_path: Path) -> None:
    page = upload(admin, zipped(small_bundle(students=44), tmp_path, "autumn list.zip"))
    assert list(Path(settings.MEDIA_ROOT).rglob("autumn_list.zip"))
    work(rostered)
    response = admin.get(page, follow=True)
    text = response.content.decode()
    assert "The roster was imported" in text
    assert "autumn_list.zip" in text
    sync = newest_sync(rostered)
    assert sync.counts["student"]["created"] == 4
    assert sync.actor.startswith("district_admin:")
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_the_work_done_twice_is_one_import(admin: Client, rostered: District, tmp_path: Path) -> None:
    upload(admin, zipped(small_bundle(students=44), tmp_path))
    job = work(rostered)
    with schema_context("public"):
        job.refresh_from_db()
    sync = newest_sync(rostered)
    with enter_district(rostered):
        import_upload(rostered, job)
    assert newest_sync(rostered) == sync


def test_a_waiting_import_tells_how_far_it_is(admin: Client, tmp_path: Path) -> None:
    page = upload(admin, zipped(small_bundle(), tmp_path), dry_run="on")
    tell_progress(page.strip("/").split("/")[-1], "people", 0.8)
    whole, piece = admin.get(page), admin.get(page, headers={"HX-Request": "true"})
    assert "80 % done: people" in whole.content.decode()
    assert 'http-equiv="refresh"' in whole.content.decode()
    assert "<html" in whole.content.decode()
    assert "<html" not in piece.content.decode()
    assert 'hx-trigger="every 1s"' in piece.content.decode()


def test_htmx_is_sent_on_when_the_import_is_done(admin: Client, rostered: District, tmp_path: Path) -> None:
    page = upload(admin, zipped(small_bundle(), tmp_path), dry_run="on")
    work(rostered)
    answer = admin.get(page, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/rosters/{newest_sync(rostered).pk}/"


def test_strict_and_dry_run_reach_the_import(admin: Client, rostered: District, tmp_path: Path) -> None:
    upload(admin, zipped(small_bundle(students=44), tmp_path), strict="on", dry_run="on")
    work(rostered)
    sync = newest_sync(rostered)
    assert (sync.strict, sync.dry_run, sync.state) == (True, True, SyncState.CHECKED)


def test_an_import_that_fails_for_good_says_so(admin: Client, rostered: District, tmp_path: Path) -> None:
    page = upload(admin, zipped(small_bundle(), tmp_path))
    with schema_context("public"):
        job = Job.objects.get(kind=KIND)
    forget_upload(rostered, job, "")
    with enter_district(rostered), pytest.raises(UploadGoneError):
        import_upload(rostered, job)
    give_up(job.pk, "UploadGoneError: the bundle is gone")
    text = admin.get(page).content.decode()
    assert "The import failed" in text
    assert "Nothing was changed" in text
    assert not upload_folder(rostered, job.key).exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "Choose the .zip file"),
        (SimpleUploadedFile("users.csv", b"sourcedId,status\n1,active\n"), "This is not a zip file"),
        (SimpleUploadedFile("empty.zip", b""), "This file is empty"),
        (SimpleUploadedFile(f"{'n' * 220}.zip", b"PK"), "name is too long"),
    ],
)
def test_what_is_no_bundle_is_refused_with_the_way_out(admin: Client, file: Any, words: str) -> None:
    response = admin.post("/rosters/upload/", {"bundle": file} if file else {})
    assert response.status_code == 400
    assert words in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()
    with schema_context("public"):
        assert not Job.objects.filter(kind=KIND).exists()


def test_what_is_too_large_is_refused_with_both_sizes(admin: Client, settings: Any, tmp_path: Path) -> None:
    settings.ROSTER_UPLOAD_MAX_BYTES = 1024
    response = admin.post("/rosters/upload/", {"bundle": zipped(small_bundle(students=40), tmp_path)})
    assert response.status_code == 400
    assert "the most that an upload may have is 1.0\N{NO-BREAK SPACE}KB" in response.content.decode()


def test_a_name_cannot_leave_the_folder(admin: Client, rostered: District, tmp_path: Path) -> None:
    data = small_bundle().write(tmp_path).read_bytes()
    upload(admin, SimpleUploadedFile("../../.secret/..zip", data))
    kept = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert not kept[0].name.startswith(".")
    assert kept[0].parent.parent == Path(settings.MEDIA_ROOT) / rostered.schema_name / "uploads"
