"""The month of resets, and a district's timeline."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ledger.services import append_entry
from resets.desk import timeline
from resets.desk.timeline import Entry
from resets.models import Answer, ControlChange, EngineControl, ResetRun, ResetSchedule
from resets.services import agree_to_date
from tenants.models import Csm, District
from tenants.status import note_status
from tests.web.board import BOARD, crowd_of
from tests.web.desk import JULY_28, NOW, book, csm, superuser

__all__ = ["book", "csm", "superuser"]  # fixtures
CALENDAR = "/admin/resets/resetschedule/calendar/"


def night(client: Client, on: dt.date, asked: str = "") -> Any:
    month = client.get(f"{CALENDAR}?month={on:%Y-%m}&{asked}").context["month"]
    return next(night for week in month.weeks for night in week if night.on == on)


def test_a_night_counts_what_resets_in_it(superuser: Client) -> None:
    rows = crowd_of(30, suites=("literacy", "math"))
    ResetSchedule.objects.filter(district=rows[0].district_id).update(on=JULY_28)
    ResetSchedule.objects.filter(pk=rows[0].pk).update(conflicts="closed", held_at=NOW, answer=Answer.ASKED)
    found = night(superuser, JULY_28)
    there = ResetSchedule.objects.filter(on=JULY_28)
    assert found.counts.suites == {suite: there.filter(suite=suite).count() for suite in ("literacy", "math")}
    assert found.load.districts == there.values("district").distinct().count() == 2
    assert (found.counts.asked, found.counts.conflicts, found.counts.held) == (1, 1, 1)
    assert night(superuser, JULY_28, "suite=math").counts.suites == {"math": 2}
    page = superuser.get(f"{BOARD}?{found.query}")
    assert page.context["matching"] == there.count()


def test_the_load_is_measured_against_the_ceiling(book: District, csm: Client) -> None:
    crowd_of(60)
    ResetSchedule.objects.update(on=JULY_28)
    assert night(csm, JULY_28).load.hours is None
    EngineControl.objects.create(pk=1, districts_per_hour=2)
    found = night(csm, JULY_28)
    assert (found.counts.resets, found.load.districts, found.load.hours) == (1, 62, 31)
    page = csm.get(f"{CALENDAR}?month=2026-07").content.decode()
    for words in ("31 hours: more than a day", "62 districts in all books", "2 districts may start in an hour"):
        assert words in page
    assert "Crowd" not in page


def test_the_calendar_begins_where_the_next_reset_is(book: District, csm: Client, clock: Any) -> None:
    assert csm.get(CALENDAR).context["month"].first_on == dt.date(2026, 7, 1)
    clock("2026-09-01T12:00+00:00")
    assert csm.get(CALENDAR).context["month"].first_on == dt.date(2026, 7, 1)
    ResetRun.objects.all().delete()
    ResetSchedule.objects.all().delete()
    assert csm.get(CALENDAR).context["month"].first_on == dt.date(2026, 9, 1)
    assert "Nothing is reset in September 2026" in " ".join(csm.get(CALENDAR).content.decode().split())


@pytest.mark.parametrize("said", ["2026-13", "2026-7", "x", "-", "99999-1", "2026-00", "\uff12\uff10\uff12\uff16-07"])
def test_a_month_that_makes_no_sense_is_told(book: District, csm: Client, said: str) -> None:
    response = csm.get(CALENDAR, {"month": said})
    assert f"“{said}” for month was ignored" in response.content.decode()
    assert response.context["month"].first_on == dt.date(2026, 7, 1)


@pytest.mark.parametrize("edge", ["2000-01", "2100-12"])
def test_the_first_and_last_month_are_shown(book: District, csm: Client, edge: str) -> None:
    month = csm.get(CALENDAR, {"month": edge}).context["month"]
    assert f"{month.first_on:%Y-%m}" == edge


def test_a_csms_calendar_is_of_the_own_book(book: District, other_district: District, csm: Client) -> None:
    ResetSchedule.objects.filter(district=other_district).update(on=JULY_28 - dt.timedelta(days=1))
    assert night(csm, JULY_28).counts.resets == 1
    assert night(csm, JULY_28 - dt.timedelta(days=1)).counts.resets == 0
    other = Csm.objects.create(name="Olga", email="olga@vendor.example")
    District.objects.filter(pk=other_district.pk).update(csm=other)
    assert night(csm, JULY_28 - dt.timedelta(days=1), f"csm={other.pk}").counts.resets == 0


def timeline_page(client: Client, district: District, year: int = 2026) -> Any:
    return client.get(f"/admin/resets/resetschedule/timeline/{district.pk}/?year={year}")


def titles_of(entries: list[Entry]) -> list[str]:
    """Without the districts' provisioning, which happened when the test ran."""
    return [entry.title for entry in entries if entry.title != "District set up"]


def test_a_timeline_tells_the_year_in_order(book: District, csm: Client) -> None:
    District.objects.filter(pk=book.pk).update(summer_session_ends_on=dt.date(2026, 7, 3))
    book.closed_days.create(on=dt.date(2026, 7, 4), reason="Holiday")
    schedule = ResetSchedule.objects.get(district=book)
    ResetSchedule.objects.filter(pk=schedule.pk).update(conflicts="closed")
    ResetRun.objects.all().delete()
    agree_to_date(book, "literacy", 2026, actor="district_admin:1", as_of=NOW.date(), reason="Fine")
    ControlChange.objects.create(at=NOW, actor="csm:9", change="Held", reason="A merger", schedule=schedule)
    note_status(book.pk, last_sync_at=NOW, last_sync_state="applied", syncs_paused_on=NOW.date())
    response = timeline_page(csm, book)
    told = response.context["timeline"]
    assert [entry.title for entry in told.past] == [
        "The school year ends", "Date of Imagine Learning Literacy suite: agreed, on Jul 28, 2026", "Held",
        "Last sync: Applied", "Reset done, verified and recorded",
    ]  # fmt: skip
    assert titles_of(told.ahead) == [
        "Nightly syncs paused", "The summer school session ends", "Closed day",
        "Reset of Imagine Learning Literacy suite", "Rostering for 2026-27 starts",
    ]  # fmt: skip
    page = response.content.decode()
    for words in ("Holiday", "Agreed; Closed day", "District admin no. 1: Fine", "A merger", "June 20, 2026"):
        assert words in page


def test_another_year_has_its_own_story(book: District, csm: Client) -> None:
    District.objects.filter(pk=book.pk).update(school_year=2027)
    assert titles_of(timeline_page(csm, book).context["timeline"].ahead) == ["Reset of Imagine Learning Literacy suite"]
    assert "The school year ends" in timeline_page(csm, book, 2027).content.decode()
    for nonsense in ("0000020261", "x", "1999"):
        address = f"/admin/resets/resetschedule/timeline/{book.pk}/?year={nonsense}"
        assert csm.get(address).context["year"] == 2027


def test_another_app_may_tell_its_own(book: District, csm: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "_sources", list(timeline._sources))

    def letters(span: timeline.Span) -> list[Entry]:
        return [Entry(dt.date(span.school_year, 7, 1), f"Mailed to {span.district.slug}")]

    for _ in range(2):
        timeline.register_source(letters)
    assert timeline_page(csm, book).content.decode().count("Mailed to maple") == 1


def test_a_longer_story_asks_no_more(book: District, csm: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert timeline_page(csm, book).status_code == 200
        return len(asked)

    schedule = ResetSchedule.objects.get(district=book)
    schedule.changes.create(from_on=JULY_28, to_on=JULY_28, answer=Answer.CUSTOM, actor="csm:1", at=NOW)
    queries()
    short = queries()
    for day in range(1, 25):
        schedule.changes.create(from_on=JULY_28, to_on=JULY_28, answer=Answer.CUSTOM, actor="csm:1", at=NOW)
        book.closed_days.create(on=dt.date(2026, 7, day), reason="Audit")
        append_entry(book.pk, "roster_applied", actor="system:nightly", at=NOW, facts={})
    assert queries() == short


def test_calendar_and_timeline_ask_as_often_of_many(superuser: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert superuser.get(f"{CALENDAR}?month=2026-07").status_code == 200
        return len(asked)

    crowd_of(10)
    queries()
    few = queries()
    crowd_of(2000)
    assert queries() == few
