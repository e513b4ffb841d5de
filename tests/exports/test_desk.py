"""The year's data at the desk: board, filters, file, first page, run, timeline, its own page, and waiving it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from resets.desk.attention import attention
from resets.desk.board import BoardFilters
from resets.exports.services import waive_export
from resets.models import ResetRun, ResetSchedule, RunState, YearExport
from tenants.models import District, Job
from tests.exports.conftest import Package, night
from tests.web.board import BOARD, CSV, crowd_of, districts_on
from tests.web.desk import book, csm, superuser

__all__ = ["book", "csm", "superuser"]


def page_of(schedule: ResetSchedule) -> str:
    return f"/admin/resets/resetschedule/{schedule.pk}/data/"


def own(book: District) -> ResetSchedule:
    """The book's literacy date, on which nothing has run."""
    schedule = ResetSchedule.objects.get(district=book)
    ResetRun.objects.filter(schedule=schedule).delete()
    return schedule


@pytest.fixture
def crowd(superuser: Client) -> list[ResetSchedule]:
    """Six districts: without a package, too early, made, downloaded, waived, and one of which nothing is deleted."""
    schedules = crowd_of(6)
    districts = [schedule.district for schedule in schedules]
    for district in districts[1:5]:
        kind = districts.index(district)
        package = Package(district, "literacy", built_at=night(1 if kind == 1 else 15, month=6))
        {1: package.downloaded, 2: package.checked, 3: package.downloaded, 4: package.built}[kind]()
    waive_export(districts[4], "literacy", 2026, actor="csm:1", reason="They have it.", at=night(16, month=6))
    districts[5].subscriptions.update(product="reading")
    return schedules


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("open", {0, 1, 2}),
        ("missing", {0, 1}),
        ("made", {2}),
        ("downloaded", {3}),
        ("waived", {4}),
        ("waiting", set()),
    ],
)
def test_the_board_is_filtered_by_it(
    asked: str, found: set[int], crowd: list[ResetSchedule], superuser: Client
) -> None:
    assert districts_on(superuser, f"export={asked}") == {crowd[place].district.name for place in found}


def test_who_waits_now_is_a_filter_too(
    crowd: list[ResetSchedule], superuser: Client, clock: Callable[[str], Any]
) -> None:
    clock(night(3, minutes=5).isoformat())  # the dates are July 1 to 6, and the window waits for three days
    assert districts_on(superuser, "export=waiting") == {crowd[place].district.name for place in (0, 1, 2)}
    page = superuser.get(f"{BOARD}?export=waiting").content.decode()
    assert "Waits until Jul 4" in page
    crowd[0].district.reset_runs.create(
        suite="literacy", school_year=2026, on=crowd[0].on, state=RunState.COMPLETED, actor="csm:1",
        created_at=night(3),
    )  # fmt: skip
    assert crowd[0].district.name not in districts_on(superuser, "export=open")


def test_the_board_and_its_file_say_how_each_stands(crowd: list[ResetSchedule], superuser: Client) -> None:
    lines = superuser.get(BOARD).context["lines"]
    assert [line["row"].data.short for line in lines] == [
        "Not made", "Made too early", "Not downloaded", "Downloaded", "Waived", "Not needed",
    ]  # fmt: skip
    assert [line["row"].data_until for line in lines][:4] == [
        "Would wait until Jul 4", "Would wait until Jul 5", "Would wait until Jul 6", "",
    ]  # fmt: skip
    file = b"".join(superuser.get(CSV).streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert "year's data,waits for it until" in file[0]
    assert ",Not made,2026-07-04," in file[1]
    assert ",Downloaded,," in file[4]


def test_more_lines_ask_no_more(superuser: Client) -> None:
    def queries(address: str) -> int:
        superuser.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert superuser.get(address).status_code == 200
        return len(asked)

    crowd_of(2)
    few = [queries(address) for address in (BOARD, f"{BOARD}?export=open", "/admin/")]
    crowd_of(20)
    assert [queries(address) for address in (BOARD, f"{BOARD}?export=open", "/admin/")] == few


def test_the_first_page_says_who_has_not(crowd: list[ResetSchedule], superuser: Client, rf: Any) -> None:
    request = rf.get("/")
    request.user = superuser.get("/admin/").wsgi_request.user
    said = {one.title: one for one in attention(request, BoardFilters(school_year=2026), dt.date(2026, 6, 25))}
    soon = said["Due soon, data not downloaded"]
    assert soon.number == 3
    assert districts_on(superuser, soon.filters.query()) == {crowd[place].district.name for place in (0, 1, 2)}
    assert said["Waiting for the download"].number == 0
    page = superuser.get("/admin/").content.decode()
    assert "Due soon, data not downloaded" in page
    assert "Not downloaded</a>" in page, "among the next resets too"


def test_its_own_page_says_what_is_missing_and_waives(book: District, csm: Client, superuser: Client) -> None:
    schedule = own(book)
    page = csm.get(page_of(schedule)).content.decode()
    assert "Nobody has made a package of this year&#x27;s data yet." in page
    assert "The reset waits for it until Friday, July 31, 2026, and then goes on without it." in page
    assert "Avatars and their accessories are deleted." in page
    refused = csm.post(page_of(schedule), {"reason": "  "})
    assert refused.status_code == 400
    assert not YearExport.objects.exists()
    answer = csm.post(page_of(schedule), {"reason": "They keep their own copy."}, follow=True)
    assert "Waived: the reset waits for no download" in answer.content.decode()
    export = YearExport.objects.get()
    assert export.waived_by.startswith("csm:")
    assert Job.objects.get(key__startswith="export_waived").payload["kind"] == "export_waived"
    page = csm.get(page_of(schedule)).content.decode()
    assert "They keep their own copy." in page
    assert "Waive the download" not in page
    timeline = csm.get(f"/admin/resets/resetschedule/timeline/{book.pk}/?year=2026").content.decode()
    assert "They keep their own copy." in timeline


def test_another_books_is_not_found(book: District, other_district: District, csm: Client) -> None:
    schedule = ResetSchedule.objects.get(district=other_district)
    assert csm.get(page_of(schedule)).status_code == 404
    assert csm.post(page_of(schedule), {"reason": "Mine now"}).status_code == 404
    assert not YearExport.objects.exists()


def test_a_run_that_waits_says_so_and_not_that_it_failed(
    book: District, csm: Client, clock: Callable[[str], Any]
) -> None:
    schedule = own(book)
    run = ResetRun.objects.create(
        district=book, schedule=schedule, suite="literacy", school_year=2026, on=schedule.on, actor="csm:1",
        created_at=night(28),
    )  # fmt: skip
    clock(night(28, minutes=30).isoformat())
    page = csm.get(f"/admin/resets/resetrun/{run.pk}/change/").content.decode()
    assert "Waits for the download until Friday, July 31, 2026: nobody has made a package" in page
    assert "failed" not in page.lower().replace("the run failed", "")


def test_trying_again_by_hand_is_refused_with_the_reason(
    book: District, csm: Client, clock: Callable[[str], Any]
) -> None:
    run = ResetRun.objects.get(district=book)  # it failed
    clock(night(28, minutes=30).isoformat())
    answer = csm.post(f"/admin/resets/resetrun/{run.pk}/change/", {"do": "again"}, follow=True).content.decode()
    assert "Not tried again: Waits for the download until Friday, July 31, 2026" in answer
    assert ResetRun.objects.filter(district=book).count() == 1


def test_the_timeline_shows_the_last_night(book: District, csm: Client) -> None:
    own(book)
    page = csm.get(f"/admin/resets/resetschedule/timeline/{book.pk}/?year=2026").content.decode()
    assert "Last night for the download of Imagine Learning Literacy suite" in page
