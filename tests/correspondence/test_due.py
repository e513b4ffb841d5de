"""Each kind of letter on its day, in the district's own zone, and on no other."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archiving.selectors import returning_days
from correspondence.due import due_letters
from correspondence.models import Kind
from resets.models import Answer, ResetSchedule
from resets.policies.registry import policy_for
from tenants.models import District
from tests.correspondence.conftest import RESET_ON, give_date, was_reset
from tests.correspondence.smtp import Mailbox

EIGHT_IN_CHICAGO = dt.time(13, 0, tzinfo=dt.UTC)
A_MINUTE = dt.timedelta(minutes=1)
Tick = Callable[[str], list[str]]


def at_eight(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, EIGHT_IN_CHICAGO)


def kinds(now: dt.datetime) -> list[str]:
    return [due.kind for due in due_letters(now)]


@pytest.mark.parametrize("days", [60, 30, 14, 7, 1])
def test_a_reminder_is_sent_at_eight_of_its_day(dated: District, mailbox: Mailbox, tick: Tick, days: int) -> None:
    morning = at_eight(RESET_ON - dt.timedelta(days=days))
    for before in (60, 30, 14, 7, 1):  # the earlier ones have been sent on their days
        if before > days:
            tick(at_eight(RESET_ON - dt.timedelta(days=before)).isoformat())
    sent = len(mailbox.taken)
    assert tick((morning - dt.timedelta(days=1)).isoformat()) == []
    assert tick((morning - A_MINUTE).isoformat()) == []
    assert tick(morning.isoformat()) == [f"before_{days}-literacy-2026"]
    assert mailbox.recipients[sent:] == ["ada@maple.example", "bob@maple.example"]
    assert tick((morning + A_MINUTE).isoformat()) == []
    assert tick((morning + dt.timedelta(hours=23, minutes=59)).isoformat()) == []
    if days > 1:
        assert tick((morning + dt.timedelta(days=1)).isoformat()) == []


def test_the_day_is_the_districts_own(make_district: Callable[..., District]) -> None:
    guam = give_date(make_district("palm", time_zone="Pacific/Guam"))  # UTC+10
    eve = dt.datetime(2026, 7, 13, 22, 0, tzinfo=dt.UTC)  # the 14th, 8:00
    assert kinds(eve - A_MINUTE) == []
    due = [one for one in due_letters(eve) if one.district_id == guam.pk]
    assert [one.kind for one in due] == ["before_14"]


def test_nothing_is_sent_at_night(dated: District) -> None:
    day = RESET_ON - dt.timedelta(days=7)
    assert kinds(at_eight(day) + dt.timedelta(hours=12) - A_MINUTE) == ["before_7"]
    assert kinds(at_eight(day) + dt.timedelta(hours=12)) == []


def test_a_late_start_sends_the_nearest_reminder_only(dated: District, mailbox: Mailbox, tick: Tick) -> None:
    assert tick("2026-07-18T15:00:00+00:00") == ["before_14-literacy-2026"]  # ten days ahead
    assert len(mailbox.taken) == 2
    assert "in 10 days" in mailbox.taken[0][2].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert tick("2026-07-19T15:00:00+00:00") == []


def test_nothing_is_due_61_days_ahead_or_on_the_day(dated: District) -> None:
    assert kinds(at_eight(RESET_ON - dt.timedelta(days=61))) == []
    assert kinds(at_eight(RESET_ON)) == []


@pytest.mark.parametrize("answer", [Answer.AGREED, Answer.ASKED, Answer.CUSTOM])
def test_who_has_answered_is_not_reminded(dated: District, answer: str) -> None:
    ResetSchedule.objects.update(answer=answer)
    assert kinds(at_eight(RESET_ON - dt.timedelta(days=30))) == []


def test_a_held_date_and_a_removed_district_are_not_reminded(dated: District) -> None:
    morning = at_eight(RESET_ON - dt.timedelta(days=30))
    ResetSchedule.objects.update(held_at=morning)
    assert kinds(morning) == []
    ResetSchedule.objects.update(held_at=None)
    assert kinds(morning) == ["before_30"]
    District.objects.update(removed_at=morning)
    assert kinds(morning) == []


@pytest.mark.parametrize("answer", [Answer.NONE, Answer.AGREED])
def test_after_the_reset_everybody_is_told(dated: District, mailbox: Mailbox, tick: Tick, answer: str) -> None:
    ResetSchedule.objects.update(answer=answer)
    was_reset(dated)  # at 2:10 in the night
    assert tick("2026-07-28T12:59:00+00:00") == []
    assert tick("2026-07-28T13:00:00+00:00") == ["on_reset-literacy-2026"]
    assert tick("2026-07-29T13:00:00+00:00") == []
    assert len(mailbox.taken) == 2


def test_a_reset_is_not_told_weeks_late(dated: District) -> None:
    was_reset(dated)
    assert kinds(at_eight(RESET_ON + dt.timedelta(days=7))) == ["on_reset"]
    assert kinds(at_eight(RESET_ON + dt.timedelta(days=8))) == []


def test_rostering_is_told_on_its_first_day(dated: District, mailbox: Mailbox, tick: Tick) -> None:
    assert tick("2026-08-10T13:00:00+00:00") == []  # nothing was reset
    was_reset(dated, "2026-07-30T07:00:00+00:00")
    tick("2026-08-05T13:00:00+00:00")
    assert tick("2026-08-09T13:00:00+00:00") == []
    assert tick("2026-08-10T13:00:00+00:00") == ["on_rostering-literacy-2026"]
    assert tick("2026-08-11T13:00:00+00:00") == []


def test_day_80_is_ten_days_before_the_policys_own_day(dated: District, mailbox: Mailbox, tick: Tick) -> None:
    was_reset(dated)
    after = returning_days(policy_for("literacy"))
    assert after == 90
    day_80 = at_eight(RESET_ON + dt.timedelta(days=after - 10))
    assert tick((day_80 - dt.timedelta(days=1)).isoformat()) == []
    assert tick(day_80.isoformat()) == ["day_80-literacy-2026"]
    assert tick((day_80 + dt.timedelta(days=1)).isoformat()) == []
    text = mailbox.taken[-1][2].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "90 days after the reset" in text
    assert "In 10 days" in text


def test_the_notice_follows_a_policy_of_other_days(dated: District, monkeypatch: Any) -> None:
    was_reset(dated)
    monkeypatch.setattr("correspondence.due.returning_days", lambda policy: 50 if policy.suite == "literacy" else None)
    assert kinds(at_eight(RESET_ON + dt.timedelta(days=39))) == []
    assert kinds(at_eight(RESET_ON + dt.timedelta(days=40))) == [Kind.DAY_80]


def test_a_suite_that_anonymizes_nobody_has_no_day_80(make_district: Callable[..., District]) -> None:
    was_reset(give_date(make_district("oak"), "math"), suite="math")
    for day in range(70, 100):
        assert kinds(at_eight(RESET_ON + dt.timedelta(days=day))) == []


def test_many_districts_are_asked_about_at_once(dated: District, tick: Tick) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            due_letters(at_eight(RESET_ON - dt.timedelta(days=30)))
        return len(asked)

    queries()
    one = queries()
    many = District.objects.bulk_create(
        District(
            slug=f"d-{number}", name=f"D {number}", schema_name=f"d_{number}", school_year=2026,
            time_zone="America/Chicago", school_year_ends_on=dt.date(2026, 6, 1),
            rostering_starts_on=dt.date(2026, 8, 10),
        ) for number in range(40)
    )  # fmt: skip
    ResetSchedule.objects.bulk_create(
        ResetSchedule(district=district, suite="literacy", school_year=2026, on=RESET_ON) for district in many
    )
    assert queries() == one
    assert len(due_letters(at_eight(RESET_ON - dt.timedelta(days=30)))) == 41
