"""The dates as a calendar: a private address that can be renewed, and a file that calendar programs understand."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from resets.calendar.address import feed_at, renew_address, token_of
from resets.calendar.events import DateEvent, Standing, events_of
from resets.calendar.feed import written_calendar
from resets.controls import hold_schedule
from resets.models import CalendarFeed, ResetSchedule
from resets.services import agree_to_date, schedule_reset
from tenants.models import District
from tests.support.people import client_at
from tests.web.conftest import TODAY, literacy_date
from tests.web.test_resets import make_run

NOW = dt.datetime(2026, 6, 24, 15, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()


def address(admin: Client) -> str:
    """The private address, made or renewed by the form."""
    page = admin.post("/resets/calendar/", follow=True)
    return "/" + page.context["address"].split("/", 3)[3]


def events(client: Client, at: str) -> dict[str, Any]:
    answer = client.get(at)
    assert answer.status_code == 200
    return {str(event["UID"]).split("@")[0]: event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_the_file_has_the_dates_all_day(admin: Client, rostered: District) -> None:
    at = address(admin)
    stranger = client_at(rostered)
    answer = stranger.get(at)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    assert calendar["X-WR-TIMEZONE"] == "America/Chicago"
    assert calendar.decoded("REFRESH-INTERVAL") == dt.timedelta(hours=6)
    assert not calendar.walk("VALARM")
    found = events(stranger, at)["reset-literacy-2026"]
    assert found.decoded("DTSTART") == dt.date(2026, 7, 28)
    assert found.decoded("DTEND") == dt.date(2026, 7, 29)
    assert (found["STATUS"], found["TRANSP"], found["SEQUENCE"]) == ("CONFIRMED", "TRANSPARENT", 0)
    names = events(stranger, at)["names-literacy-2026"]
    assert names.decoded("DTSTART") == dt.date(2026, 7, 28) + dt.timedelta(days=91)
    assert b"district_admin" not in answer.content


def test_a_change_keeps_the_uid_and_raises_the_sequence(admin: Client, rostered: District) -> None:
    at = address(admin)
    before = events(admin, at)["reset-literacy-2026"]
    schedule_reset(rostered, "literacy", 2026, dt.date(2026, 7, 14), actor="csm:1", as_of=TODAY)
    agree_to_date(rostered, "literacy", 2026, actor="district_admin:1", as_of=TODAY)
    after = events(admin, at)["reset-literacy-2026"]
    assert after["UID"] == before["UID"]
    assert after.decoded("DTSTART") == dt.date(2026, 7, 14)
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 4)
    assert after.decoded("LAST-MODIFIED") >= before.decoded("LAST-MODIFIED")


def test_held_is_tentative_done_is_told_and_what_came_to_nothing_is_cancelled(
    admin: Client, rostered: District, clock: Callable[[str], Any]
) -> None:
    at = address(admin)
    hold_schedule(literacy_date(rostered), actor="csm:1", reason="A question", at=NOW)
    assert events(admin, at)["reset-literacy-2026"]["STATUS"] == "TENTATIVE"
    clock("2026-08-20T15:00:00+00:00")
    missed = events(admin, at)["reset-literacy-2026"]
    assert (missed["STATUS"], missed["SEQUENCE"]) == ("CANCELLED", 3)
    District.objects.get(pk=rostered.pk).save()  # such as a first day of rostering that was moved
    assert events(admin, at)["reset-literacy-2026"]["SEQUENCE"] == 5
    make_run(rostered)
    done = events(admin, at)["reset-literacy-2026"]
    assert (done["STATUS"], done["SEQUENCE"]) == ("CONFIRMED", 6)
    assert done.decoded("DTSTART") == dt.date(2026, 6, 23)


def test_a_renewed_address_ends_the_old_one(admin: Client, rostered: District) -> None:
    old = address(admin)
    assert admin.get(old).status_code == 200
    new = address(admin)
    assert new != old
    assert client_at(rostered).get(old).status_code == 404
    assert client_at(rostered).get(new).status_code == 200
    with schema_context("public"):
        feed = CalendarFeed.objects.get(district=rostered)
    assert (feed.serial, feed.renewed_by.split(":")[0]) == (2, "district_admin")


def test_an_address_is_one_districts_own(rostered: District, other_district: District) -> None:
    tokens = {token_of(renew_address(place, actor="a", at=NOW)) for place in (rostered, other_district)}
    assert len(tokens) == 2
    assert [sum(feed_at(place, token) is not None for token in tokens) for place in (rostered, other_district)] == [
        1,
        1,
    ]
    assert feed_at(rostered, "") is None
    assert feed_at(rostered, "é" * 10) is None


def test_without_a_feed_no_token_is_right(rostered: District) -> None:
    assert feed_at(rostered, token_of(CalendarFeed(district=rostered, serial=0))) is None
    assert feed_at(rostered, token_of(CalendarFeed(district=rostered, serial=1))) is None


def test_the_same_dates_are_not_sent_twice(admin: Client, rostered: District) -> None:
    at = address(admin)
    first = admin.get(at)
    assert admin.get(at).content == first.content
    again = admin.get(at, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    agree_to_date(rostered, "literacy", 2026, actor="district_admin:1", as_of=TODAY)
    assert admin.get(at, headers={"if-none-match": first.headers["ETag"]}).status_code == 200


def test_guessing_is_slowed_and_a_subscriber_is_not_locked_out(admin: Client, rostered: District) -> None:
    at, stranger = address(admin), client_at(rostered)
    states = [stranger.get(f"/calendar/guess{number}.ics").status_code for number in range(22)]
    assert set(states[:20]) == {404}
    assert states[20:] == [429, 429]
    assert stranger.get(at).status_code == 200


def test_only_a_district_admin_sees_the_address(school_admin: Client, educator: Client, rostered: District) -> None:
    for client in (school_admin, educator):
        assert client.get("/resets/calendar/").status_code == 403
        assert client.post("/resets/calendar/").status_code == 403
    with schema_context("public"):
        assert not CalendarFeed.objects.exists()


def test_many_dates_ask_no_more(rostered: District, other_district: District) -> None:
    from django.db import connection

    counts = []
    for years in (1, 30):
        with schema_context("public"):
            for year in range(years):
                ResetSchedule.objects.create(
                    district=other_district, suite="math", school_year=2000 + year + years, on=TODAY
                )
        with CaptureQueriesContext(connection) as captured:
            assert len(events_of(other_district, TODAY)) >= years
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 5


TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=120)
MOMENTS = st.integers(1_577_836_800, 1_893_456_000).map(lambda at: dt.datetime.fromtimestamp(at, dt.UTC))


@given(
    title=TEXTS,
    text=TEXTS,
    on=st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)),
    standing=st.sampled_from(Standing),
    sequence=st.integers(0, 10**6),
    at=st.none() | MOMENTS,
)
def test_what_is_written_is_read_back(
    title: str, text: str, on: dt.date, standing: Standing, sequence: int, at: dt.datetime | None
) -> None:
    event = DateEvent("reset-x-2026", on, title, text, standing, sequence, at, "x", 2026)
    place = District(name=title or "A", time_zone="America/Chicago")
    body = written_calendar(place, [event], host="maple.localhost", since=NOW, portal="http://maple.localhost/resets/")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    (read,) = Calendar.from_ical(body).walk("VEVENT")
    assert str(read["SUMMARY"]) == title
    assert str(read["DESCRIPTION"]) == text
    assert read.decoded("DTSTART") == on
    assert (read["STATUS"], read["SEQUENCE"]) == (standing, sequence)
    assert read.decoded("LAST-MODIFIED") == (at or NOW)
