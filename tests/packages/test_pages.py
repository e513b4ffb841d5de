"""The pages of year packages: who sees what, asking, downloading in pieces, destroying."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from accounts.models import Role
from ledger.models import LedgerEntry
from ledger.services import LATER, append_now
from reports.packages.models import Handover, Package, PackageState
from reports.packages.places import folder_of
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.packages.ready import CONTENT, ready
from tests.support.people import logged_in, visiting
from tests.web.conftest import june, rostered

__all__ = ["june", "rostered"]


@pytest.fixture
def admin(rostered: District) -> Client:
    return logged_in(rostered, Role.DISTRICT_ADMIN)


def write_ledger(district: District) -> None:
    """Append what was asked for, as the worker does."""
    with schema_context("public"):
        jobs = list(Job.objects.filter(district=district, kind=LATER).order_by("created_at"))
    with enter_district(district):
        for job in jobs:
            append_now(district, job)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_asking_and_waiting(rostered: District, admin: Client) -> None:
    with enter_district(rostered), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {rostered.schema_name}.literacy_usage (id, school_year, school_id, product, student_id,"
            " occurred_on, minutes, sessions) SELECT gen_random_uuid(), 2026, school_id, 'espanol', id, '2026-02-02',"
            f" 5, 1 FROM {rostered.schema_name}.rostering_student LIMIT 1"
        )
    page = admin.get("/reports/packages/").content.decode()
    assert 'value="literacy 2026"' in page
    assert "literacy 2025" not in page
    assert admin.post("/reports/packages/", {"year": "literacy 2025"}).status_code == 404
    answer = admin.post("/reports/packages/", {"year": "literacy 2026"})
    shown = admin.get(answer.headers["Location"]).content.decode()
    assert "Waiting for a worker" in shown
    assert 'http-equiv="refresh"' in shown
    again = admin.post("/reports/packages/", {"year": "literacy 2026"})
    assert again.headers["Location"] == answer.headers["Location"], "while one is being built it is shown"
    package = Package.objects.get()
    Package.objects.update(state="building", percent=40, step="Writing literacy_usage")
    piece = admin.get(f"/reports/packages/{package.pk}/progress/").content.decode()
    assert "Writing literacy_usage" in piece
    Package.objects.update(state="failed", error="Building it failed.")
    assert admin.get(f"/reports/packages/{package.pk}/progress/").headers["HX-Refresh"] == "true"
    assert "Building it failed." in admin.get(f"/reports/packages/{package.pk}/").content.decode()
    assert LedgerEntry.objects.filter(kind="package_asked").count() == 1


def test_a_download_in_pieces_is_one_series_in_the_ledger(rostered: District, admin: Client) -> None:
    package = ready(rostered)
    address = f"/reports/packages/{package.pk}/download/"
    assert admin.head(address).headers["ETag"] == f'"{package.sha256}"'
    assert not Handover.objects.exists()
    half = len(CONTENT) // 2
    tag = f'"{package.sha256}"'
    second = admin.get(address, headers={"Range": f"bytes={half}-", "If-Range": tag})
    assert (second.status_code, body(second)) == (206, CONTENT[half:])
    assert Package.objects.get().downloads == 0
    assert "Not to the last byte yet" in admin.get(f"/reports/packages/{package.pk}/").content.decode()
    first = admin.get(address, headers={"Range": f"bytes=0-{half - 1}", "If-Range": tag})
    assert body(first) == CONTENT[:half]
    write_ledger(rostered)
    handover = Handover.objects.get()
    assert (handover.sent, handover.requests, Package.objects.get().downloads) == ([[0, len(CONTENT)]], 2, 1)
    kinds = [entry.kind for entry in LedgerEntry.objects.filter(kind__startswith="package_").order_by("number")]
    assert kinds == ["package_download_begun", "package_downloaded"]
    assert LedgerEntry.objects.get(kind="package_downloaded").facts["requests"] == 2
    whole = admin.get(address)
    assert body(whole) == CONTENT
    assert Package.objects.get().downloads == 2
    assert admin.get(address, headers={"Range": "bytes=999999999-"}).status_code == 416
    shown = admin.get(f"/reports/packages/{package.pk}/").content.decode()
    assert "2 times, to the last byte" in shown
    assert package.sha256 in shown


def test_a_broken_download_is_begun_and_not_whole(rostered: District, admin: Client) -> None:
    package = ready(rostered)
    response: Any = admin.get(f"/reports/packages/{package.pk}/download/")
    next(response.streaming_content)
    response._iterator.close()  # as the server does when nobody listens any more
    write_ledger(rostered)
    assert LedgerEntry.objects.filter(kind="package_download_begun").exists()
    assert not LedgerEntry.objects.filter(kind="package_downloaded").exists()
    assert Package.objects.get().downloads == 0


def test_only_district_admins_get_the_file(rostered: District, other_district: District) -> None:
    package = ready(rostered)
    page, file = f"/reports/packages/{package.pk}/", f"/reports/packages/{package.pk}/download/"
    school = logged_in(rostered, Role.SCHOOL_ADMIN)
    shown = school.get(page).content.decode()
    assert "only district admins can download it" in shown
    assert package.sha256 not in shown
    assert "Build the package" not in school.get("/reports/packages/").content.decode()
    assert school.get(file).status_code == 403
    assert school.post("/reports/packages/", {"year": "literacy 2026"}).status_code == 403
    visitor = visiting(rostered)
    assert visitor.get(page).status_code == 200
    assert file not in visitor.get(page).content.decode()
    assert visitor.get(file).status_code == 403
    assert logged_in(rostered, Role.EDUCATOR).get(page).status_code == 403
    neighbour = logged_in(other_district, Role.DISTRICT_ADMIN)
    assert [neighbour.get(each).status_code for each in (page, file)] == [404, 404]
    assert not Handover.objects.exists()


def test_destroyed_early_and_missing_files(
    rostered: District, admin: Client, django_capture_on_commit_callbacks: Any
) -> None:
    package = ready(rostered)
    address = f"/reports/packages/{package.pk}/"
    with django_capture_on_commit_callbacks(execute=True):
        assert admin.post(f"{address}destroy/").status_code == 302
    assert not folder_of(package).exists()
    assert "a district admin destroyed it" in admin.get(address).content.decode()
    assert admin.get(f"{address}download/").status_code == 404
    entry = LedgerEntry.objects.get(kind="package_destroyed")
    assert (entry.facts["reason"], entry.facts["sha256"], entry.facts["rows"]) == ("asked", package.sha256, 1000)
    assert admin.post(f"{address}destroy/").status_code == 302
    assert LedgerEntry.objects.filter(kind="package_destroyed").count() == 1
    assert not Package.objects.exclude(state=PackageState.GONE).exists()
    lost = ready(rostered)
    (folder_of(lost) / Path(lost.file).name).unlink()
    assert admin.get(f"/reports/packages/{lost.pk}/download/").status_code == 404


def test_a_longer_list_asks_no_more(rostered: District, admin: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert admin.get("/reports/packages/").status_code == 200
        return len(asked)

    ready(rostered)
    queries()
    few = queries()
    for _ in range(30):
        ready(rostered)
    queries()
    assert queries() == few
    page = admin.get("/reports/packages/").content.decode()
    assert page.count('scope="row"') == 25
    earlier = page.split("?before=")[1].split('"')[0]
    assert admin.get(f"/reports/packages/?before={earlier}").content.decode().count('scope="row"') == 6
