"""Reports by e-mail: a link, to whom it belongs, once for each occasion, and not a word about any student."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from accounts.models import Role, User
from correspondence.errors import LaterError
from ledger.models import LedgerEntry
from reports.delivery.errors import DeliveryError
from reports.delivery.models import DeliverySlot, Every
from reports.delivery.sending import ENDED, deliveries_failed, send_due
from reports.delivery.services import Rhythm, end_subscription
from reports.delivery.subscriptions.models import ReportDelivery, ReportSubscription
from reports.mailing.mailed import DIED, MailState, claim_mail, mark_abandoned
from resets.models import ResetSchedule
from rostering.models import School, Student
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.correspondence.smtp import Mailbox
from tests.correspondence.test_sending import plain
from tests.reports.delivery.conftest import MONDAY, WEEK_BEFORE, Tick, wish, work
from tests.support.people import make_person

BEFORE_SEVEN = "2026-06-29T11:59:00+00:00"
MONDAY_SEVEN = "2026-06-29T12:00:00+00:00"
NEXT_MONDAY = "2026-07-06T12:01:00+00:00"


def states(district: District) -> list[str]:
    with enter_district(district):
        return sorted(ReportDelivery.objects.values_list("mail", flat=True))


def test_a_weekly_report_comes_on_its_day_and_hour(dated: District, ella: User, mailbox: Mailbox, tick: Tick) -> None:
    made = wish(dated, ella, MONDAY)
    assert tick(BEFORE_SEVEN) == []
    assert tick(MONDAY_SEVEN) == ["weekly-2026-06-29-7"]
    assert mailbox.recipients == ["ella@maple.example"]
    message = mailbox.taken[0][2]
    assert message["Subject"] == "Literacy: usage for this week"
    text = plain(mailbox)
    assert f"https://maple.localhost/reports/deliveries/{made.pk}/" in text
    assert "The link asks for your log-in. The report itself is never sent by e-mail." in text
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert tick(NEXT_MONDAY) == ["weekly-2026-07-06-7"]
    assert len(mailbox.taken) == 2


def test_nothing_is_sent_twice(dated: District, ella: User, mailbox: Mailbox, tick: Tick) -> None:
    wish(dated, ella, MONDAY)
    tick(MONDAY_SEVEN)
    assert tick("2026-06-29T12:05:00+00:00") == []
    with enter_district(dated):
        send_due(dated, Job.objects.get(kind="report_mail"))
    assert len(mailbox.taken) == 1


def test_whoever_asks_after_the_hour_waits_for_the_next_week(
    dated: District, ella: User, mailbox: Mailbox, tick: Tick
) -> None:
    wish(dated, ella, MONDAY, at="2026-06-29T14:00:00+00:00")
    tick("2026-06-29T14:01:00+00:00")
    assert mailbox.taken == []
    tick(NEXT_MONDAY)
    assert len(mailbox.taken) == 1


def test_the_mail_names_no_student_and_the_public_schema_nobody(
    dated: District, ella: User, mailbox: Mailbox, tick: Tick
) -> None:
    with enter_district(dated):
        school = School.objects.create(sourced_id="s", name="Oak School")
        student = Student.objects.create(school=school, school_year=2026, rostered_on=dt.date(2025, 8, 1))
    wish(dated, ella, MONDAY, student=student.pk, grade="05")
    tick(MONDAY_SEVEN)
    assert not re.search(rf"\b{student.pk}\b|student=|grade=", plain(mailbox).replace("2026", ""))
    kept = repr([*DeliverySlot.objects.values_list(), *Job.objects.values_list(), *LedgerEntry.objects.values_list()])
    assert "ella" not in kept
    assert "student=" not in kept


def test_before_the_reset_it_follows_the_date(dated: District, ella: User, mailbox: Mailbox, tick: Tick) -> None:
    wish(dated, ella, WEEK_BEFORE)
    assert tick("2026-07-20T15:00:00+00:00") == []
    ResetSchedule.objects.update(on=dt.date(2026, 8, 4))
    assert tick("2026-07-21T15:00:00+00:00") == []
    assert tick("2026-07-28T11:59:00+00:00") == []
    assert tick("2026-07-28T12:00:00+00:00") == ["reset-literacy-2026-08-04-7-7"]
    assert "before your reset date occurs" in plain(mailbox)
    ResetSchedule.objects.update(on=dt.date(2026, 8, 6))  # a later date: told again, once
    assert tick("2026-07-30T12:00:00+00:00") == ["reset-literacy-2026-08-06-7-7"]
    assert tick("2026-07-31T12:00:00+00:00") == []
    assert len(mailbox.taken) == 2


def test_an_earlier_date_is_told_at_once(dated: District, ella: User, mailbox: Mailbox, tick: Tick) -> None:
    wish(dated, ella, WEEK_BEFORE)
    ResetSchedule.objects.update(on=dt.date(2026, 7, 3))
    assert tick("2026-06-29T06:00:00+00:00") == ["reset-literacy-2026-07-03-7-7"]
    assert len(mailbox.taken) == 1


def test_whoever_asks_within_the_days_gets_it_now(dated: District, ella: User, mailbox: Mailbox, tick: Tick) -> None:
    bob = make_person(dated, Role.DISTRICT_ADMIN, "second@maple.example")
    wish(dated, bob, WEEK_BEFORE)
    tick("2026-07-21T12:00:00+00:00")
    wish(dated, ella, WEEK_BEFORE, at="2026-07-25T12:00:00+00:00")
    tick("2026-07-25T12:00:00+00:00")
    assert mailbox.recipients == ["second@maple.example", "ella@maple.example"]


def test_nothing_is_sent_once_the_reset_has_come_or_moved(
    dated: District, ella: User, mailbox: Mailbox, clock: Callable[[str], Any], tick: Tick
) -> None:
    from django_tenants.utils import schema_context

    from reports.delivery.due import plan_deliveries

    wish(dated, ella, WEEK_BEFORE)
    clock("2026-07-21T12:00:00+00:00")
    with schema_context("public"):
        assert plan_deliveries() == 1
        ResetSchedule.objects.update(on=dt.date(2026, 8, 20))
    work()
    assert (mailbox.taken, states(dated)) == ([], [MailState.SKIPPED])
    ResetSchedule.objects.update(on=dt.date(2026, 7, 28))
    assert tick("2026-07-28T12:00:00+00:00") == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"educator_id": 8}, {"role": "district_admin"}])
def test_it_ends_with_the_account_or_the_role(
    dated: District, ella: User, mailbox: Mailbox, tick: Tick, change: dict[str, Any]
) -> None:
    made = wish(dated, ella, MONDAY)
    with enter_district(dated):
        User.objects.filter(pk=ella.pk).update(**change)
    tick(MONDAY_SEVEN)
    with enter_district(dated):
        made.refresh_from_db()
    assert mailbox.taken == []
    assert made.ended_why == ENDED
    assert not DeliverySlot.objects.exists()
    assert tick(NEXT_MONDAY) == []


def test_ending_it_takes_the_slot_away_when_it_was_the_last(dated: District, ella: User, tick: Tick) -> None:
    other = make_person(dated, Role.DISTRICT_ADMIN, "second@maple.example")
    first, second = wish(dated, ella, MONDAY), wish(dated, other, MONDAY)
    assert DeliverySlot.objects.count() == 1
    at = dt.datetime.fromisoformat(MONDAY_SEVEN)
    with enter_district(dated):
        assert not end_subscription(dated, first.pk, why="x", actor="x", at=at, user=other)
        assert end_subscription(dated, first.pk, why="x", actor=ella.actor, at=at, user=ella)
        assert DeliverySlot.objects.count() == 1
        assert end_subscription(dated, second.pk, why="x", actor=other.actor, at=at, user=other)
        assert not end_subscription(dated, second.pk, why="x", actor=other.actor, at=at, user=other)
    assert not DeliverySlot.objects.exists()
    kinds = list(LedgerEntry.objects.filter(kind__startswith="report_").values_list("kind", flat=True))
    assert kinds == ["report_subscribed"] * 2 + ["report_unsubscribed"] * 2


def test_asking_twice_makes_one_and_too_many_are_refused(dated: District, ella: User) -> None:
    assert wish(dated, ella, MONDAY).pk == wish(dated, ella, MONDAY).pk
    for day in range(2, 8):
        for hour in (5, 6, 7):
            wish(dated, ella, Rhythm(Every.WEEKLY, hour, weekday=day))
    wish(dated, ella, Rhythm(Every.WEEKLY, 8, weekday=2))
    with pytest.raises(DeliveryError, match="20 reports already"):
        wish(dated, ella, Rhythm(Every.WEEKLY, 9, weekday=2))


@pytest.mark.parametrize(
    "rhythm",
    [
        Rhythm(Every.WEEKLY, 3, weekday=1),
        Rhythm(Every.WEEKLY, 7, weekday=8),
        Rhythm(Every.WEEKLY, 7),
        Rhythm(Every.BEFORE_RESET, 7, suite="literacy", days=4),
        Rhythm(Every.BEFORE_RESET, 7, days=7),
        Rhythm(Every.BEFORE_RESET, 7, suite="renaissance", days=7),
    ],
)
def test_what_cannot_be_chosen_is_refused(dated: District, ella: User, rhythm: Rhythm) -> None:
    with pytest.raises(DeliveryError):
        wish(dated, ella, rhythm)
    with enter_district(dated):
        assert not ReportSubscription.objects.exists()


def test_a_server_that_says_later_is_asked_again(dated: District, ella: User, mailbox: Mailbox, tick: Tick) -> None:
    wish(dated, ella, MONDAY)
    mailbox.data = ["451 4.7.1 later"]
    with pytest.raises(LaterError):
        tick(MONDAY_SEVEN)
    assert states(dated) == [MailState.WAITING]
    Job.objects.update(lease_until=None)
    work()
    assert (len(mailbox.taken), states(dated)) == (1, [MailState.SENT])


def test_after_a_day_of_later_it_is_given_up(dated: District, ella: User, mailbox: Mailbox, tick: Tick) -> None:
    wish(dated, ella, MONDAY)
    mailbox.data = ["451 4.7.1 later"]
    with pytest.raises(LaterError):
        tick(MONDAY_SEVEN)
    with enter_district(dated):
        deliveries_failed(dated, Job.objects.get(kind="report_mail"), "no")
    assert states(dated) == [MailState.SKIPPED]


def test_a_worker_that_died_while_sending_leaves_it_unknown(
    dated: District, ella: User, mailbox: Mailbox, tick: Tick
) -> None:
    wish(dated, ella, MONDAY)
    mailbox.data = ["451 4.7.1 later"]
    with pytest.raises(LaterError):
        tick(MONDAY_SEVEN)
    with enter_district(dated):
        delivery = ReportDelivery.objects.get()
        assert claim_mail(delivery)
        assert not claim_mail(delivery)
        assert mark_abandoned(ReportDelivery) == 0
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE report_subscriptions_reportdelivery SET claimed_until = clock_timestamp() - interval '1 s'"
            )
        send_due(dated, Job.objects.get(kind="report_mail"))
        delivery.refresh_from_db()
    assert (delivery.mail, delivery.answer, mailbox.taken) == (MailState.UNKNOWN, DIED, [])
