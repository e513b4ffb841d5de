"""The board: what it shows, to whom, in which order, as a page and as a file."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from resets.desk.paging import ORDERS
from resets.models import Answer, ResetRun, ResetSchedule, ResetWindow, RunState
from tenants.models import Csm, District, DistrictStatus
from tenants.status import note_status
from tests.support.people import logged_in
from tests.web.board import BOARD, CSV, crowd_of, districts_on, keys_on, walk
from tests.web.desk import JULY_28, NOW, book, csm, superuser

__all__ = ["book", "csm", "superuser"]  # fixtures


def test_a_line_says_everything_about_a_date(book: District, csm: Client) -> None:
    note_status(
        book.pk, last_sync_at=NOW, last_sync_state="partly_held", held_removals=1200, ready_items=3, ready_total=7
    )
    ResetSchedule.objects.filter(district=book).update(conflicts="closed,summer_session", held_at=NOW)
    page = csm.get(BOARD).content.decode()
    for words in (
        "Maple Unified", "maple", "Imagine Learning Literacy suite", "Jul 28, 2026", "38", "No answer", "Closed day",
        "Summer session not over", "Held", "3 of 7", "Applied; removals held back", "1,200 removals held",
        "Failed; nothing was changed", "http://maple.localhost", "Jun 20, 15:00 UTC",
    ):  # fmt: skip
        assert words in page, words


def test_nothing_has_happened_yet(book: District, csm: Client) -> None:
    ResetRun.objects.all().delete()
    page = csm.get(BOARD).content.decode()
    for words in ("Never", "Not checked", "None yet"):
        assert words in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {0, 1, 2, 3, 4, 5}), ("suite=literacy", {0, 1, 2, 3, 4, 5}), ("suite=hero", set()),
        ("answer=asked", {1}), ("answer=none", {0, 3, 4, 5}), ("conflicts=1", {2}), ("held=1", {3}),
        ("from=2026-07-02&to=2026-07-04", {1, 2, 3}), ("to=2026-07-02", {0, 1}), ("q=crowd-4", {4}),
        ("q=CROWD+00002", {2}), ("q=00003", {3}), ("q=%25", set()), ("run=completed", {4}), ("run=failed", {5}),
        ("run=none", {0, 1, 2, 3}), ("answer=asked&from=2026-07-05", set()), ("year=2025", set()),
    ],
)  # fmt: skip
def test_each_filter_leaves_what_it_says(superuser: Client, asked: str, found: set[int]) -> None:
    rows = crowd_of(6)
    ResetSchedule.objects.filter(pk=rows[1].pk).update(answer=Answer.ASKED)
    ResetSchedule.objects.filter(pk=rows[2].pk).update(answer=Answer.AGREED, conflicts="closed")
    ResetSchedule.objects.filter(pk=rows[3].pk).update(held_at=NOW)
    for row, states in ((rows[4], (RunState.FAILED, RunState.COMPLETED)), (rows[5], (RunState.FAILED,))):
        for state in states:
            ResetRun.objects.create(
                district=row.district, schedule=row, suite=row.suite, school_year=2026, on=row.on, state=state,
                actor="system:planner", created_at=NOW,
            )  # fmt: skip
    assert keys_on(superuser, asked) == {rows[number].pk for number in found}


def test_what_makes_no_sense_is_told_and_ignored(book: District, csm: Client) -> None:
    asked = "year=12&suite=x&answer=y&run=z&from=soon&sort=up&csm=me&held=2&after=%00~9&q=%00"
    page = csm.get(f"{BOARD}?{asked}").content.decode()
    assert "Maple Unified" in page
    for value in ("12", "x", "y", "z", "soon", "up", "me", "2"):
        assert f"“{value}” for " in page
    assert "ignored" not in csm.get(BOARD).content.decode()


def test_a_csm_sees_the_own_book_only(book: District, other_district: District, csm: Client) -> None:
    other = Csm.objects.create(name="Olga", email="olga@vendor.example")
    District.objects.filter(pk=other_district.pk).update(csm=other)
    for asked in ("", "q=cedar", f"csm={other.pk}", "csm=none", "run=failed", "answer=none", "undated=1"):
        assert "Cedar" not in csm.get(f"{BOARD}?{asked}").content.decode()
        assert "Cedar" not in lines(csm.get(f"{CSV}?{asked}"))
    assert csm.get(f"/admin/resets/resetschedule/timeline/{other_district.pk}/").status_code == 404


def test_a_superuser_sees_all_or_one_book(book: District, superuser: Client) -> None:
    assert districts_on(superuser, "") == {"Maple Unified", "Cedar Unified"}
    assert districts_on(superuser, f"csm={Csm.objects.get().pk}") == {"Maple Unified"}
    assert districts_on(superuser, "csm=none") == {"Cedar Unified"}


def test_a_removed_district_is_not_on_the_board(book: District, superuser: Client) -> None:
    District.objects.filter(pk=book.pk).update(removed_at=NOW)
    assert districts_on(superuser, "") == {"Cedar Unified"}
    assert districts_on(superuser, "q=unified") == {"Cedar Unified"}


@pytest.mark.parametrize("sort", [f"{sign}{name}" for name in ORDERS for sign in ("", "-")])
def test_paging_walks_every_line_once_in_every_order(superuser: Client, sort: str) -> None:
    rows = crowd_of(23)
    for number, row in enumerate(rows):  # most values are tied, some are missing
        ResetSchedule.objects.filter(pk=row.pk).update(
            on=JULY_28 + dt.timedelta(days=number % 2), answer=Answer.values[number % 4]
        )
        District.objects.filter(pk=row.district_id).update(name=f"Ties ~ {number % 3}")
        if number % 3:
            note_status(row.district_id, last_sync_at=NOW, ready_items=number % 2, ready_total=number % 3)
    walked, backwards = walk(sort, limit=5)
    assert len(walked) == 23
    assert set(walked) == {row.pk for row in rows}
    assert backwards == walked[:-3]
    values = [ResetSchedule.objects.annotate(v=ORDERS[sort.strip("-")].expression).get(pk=key).v for key in walked]
    assert values == sorted(values, reverse=sort.startswith("-"))


def lines(response: Any) -> str:
    return b"".join(response.streaming_content).decode("utf-8-sig")


@pytest.mark.parametrize("asked", ["", "answer=asked&sort=-district", "from=2026-07-03", "q=nobody"])
def test_the_file_holds_what_the_page_shows(superuser: Client, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resets.desk.board_csv.AT_ONCE", 3)
    rows = crowd_of(8)
    ResetSchedule.objects.filter(pk__in=[row.pk for row in rows[::2]]).update(answer=Answer.ASKED)
    response = superuser.get(f"{CSV}?{asked}")
    assert response["Content-Disposition"] == 'attachment; filename="board-2026-2026-06-20.csv"'
    table = list(csv.DictReader(io.StringIO(lines(response))))
    page = superuser.get(f"{BOARD}?{asked}")
    shown = [line["row"].district.name for line in page.context["lines"]]
    assert [line["district"] for line in table] == shown
    assert page.context["matching"] == len(table)


def test_the_file_opens_in_a_spreadsheet_safely(superuser: Client) -> None:
    row = crowd_of(1)[0]
    District.objects.filter(pk=row.district_id).update(name='=HYPERLINK("x")')
    ResetSchedule.objects.filter(pk=row.pk).update(on=NOW.date() - dt.timedelta(days=3))
    (line,) = csv.DictReader(io.StringIO(lines(superuser.get(CSV))))
    assert line["district"] == '\'=HYPERLINK("x")'
    assert line["days left"] == "-3"


def test_what_needs_attention_is_counted(book: District, superuser: Client) -> None:
    ResetSchedule.objects.filter(district=book).update(answer=Answer.ASKED, conflicts="closed", held_at=NOW)
    tallies = superuser.get(BOARD).context["tallies"]
    assert {tally["label"]: tally["number"] for tally in tallies} == {
        "With a date": 2, "Another date asked for": 1, "No answer": 1, "With conflicts": 1, "Held": 1, "Run failed": 2,
        "Without a date": 0, "Done": 0, "Due soon, data not downloaded": 0, "Waiting for the download": 0,
    }  # fmt: skip
    for tally in tallies:
        context = superuser.get(f"{BOARD}?{tally['query']}").context
        assert context.get("matching", 0) == tally["number"]
        assert [other["label"] for other in context["tallies"] if other["here"]] == [tally["label"]]


def test_the_year_that_is_being_closed_comes_first(book: District, superuser: Client, clock: Any) -> None:
    ResetWindow.objects.create(
        suite="literacy", school_year=2027, default_on=dt.date(2027, 7, 28), earliest_on=dt.date(2027, 6, 19)
    )
    assert superuser.get(BOARD).context["years"] == "2025-26"
    clock("2026-10-26T12:00+00:00")
    assert superuser.get(BOARD).context["years"] == "2025-26"
    clock("2026-10-27T12:00+00:00")
    assert superuser.get(BOARD).context["years"] == "2026-27"
    clock("2030-10-27T12:00+00:00")
    assert superuser.get(BOARD).context["years"] == "2026-27"


def test_only_vendor_staff_open_the_board(book: District) -> None:
    dana = logged_in(book, Role.DISTRICT_ADMIN)
    for address in (BOARD, CSV, f"/admin/resets/resetschedule/timeline/{book.pk}/"):
        assert Client(headers={"host": "localhost"}).get(address).status_code == 302
        assert dana.get(address).status_code == 404


def queries(client: Client, address: str) -> int:
    cache.clear()  # the counts above the board are kept for a minute
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


ASKED = [
    "", "sort=district", "sort=-sync", "q=crowd", "answer=none", "run=none", "run=failed", "conflicts=1", "undated=1",
    "from=2026-07-01",
]  # fmt: skip


def test_the_board_asks_as_often_of_2000_districts_as_of_10(book: District, csm: Client, superuser: Client) -> None:
    own = Csm.objects.get()
    pages = [(client, f"{BOARD}?{asked}") for client in (csm, superuser) for asked in ASKED]
    mark_each(crowd_of(10, csm=own, suites=("literacy", "math", "hero")))
    [queries(*page) for page in pages]
    few = [queries(*page) for page in pages]
    mark_each(crowd_of(2000, csm=own, suites=("literacy", "math", "hero")))
    assert [queries(*page) for page in pages] == few
    assert max(few) < 25


def mark_each(rows: list[ResetSchedule]) -> None:
    """Every tenth has a conflict, every tenth a failed run, and every tenth district lacks a date."""
    ResetSchedule.objects.filter(pk__in=[row.pk for row in rows[::10]]).update(conflicts="closed")
    ResetRun.objects.bulk_create(
        ResetRun(
            district=row.district, schedule=row, suite=row.suite, school_year=2026, on=row.on, state=RunState.FAILED,
            actor="system:planner", created_at=NOW,
        )
        for row in rows[1::10]
    )  # fmt: skip
    ResetSchedule.objects.filter(pk__in=[row.pk for row in rows[2::10]]).delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does; this test's rows are not committed


def test_a_status_is_written_once(book: District) -> None:
    for _ in range(2):
        note_status(book.pk, held_removals=3)
    note_status(book.pk, ready_total=7)
    note_status(book.pk)
    status = DistrictStatus.objects.get()
    assert (status.held_removals, status.ready_total) == (3, 7)
