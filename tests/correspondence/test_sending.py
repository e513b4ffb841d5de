"""Letters as a real mail server gets them: once each, whatever happens in between."""

import datetime as dt
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django_tenants.utils import schema_context

from accounts.models import User
from correspondence.errors import LaterError, LetterError
from correspondence.models import Letter, LetterEvent, LetterState
from correspondence.planner import DIED, mark_abandoned, plan_letters
from correspondence.services import send_again
from correspondence.tasks import letters_failed, send_letters
from resets.models import Answer, ResetSchedule
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.correspondence.conftest import give_date, letters, work
from tests.correspondence.smtp import Mailbox

DAY_14 = "2026-07-14T15:00:00+00:00"
Tick = Callable[[str], list[str]]


def states(district: District) -> list[str]:
    return sorted(letters(district).values())


def plain(mailbox: Mailbox, number: int = 0) -> str:
    body = mailbox.taken[number][2].get_body(("plain",))
    assert body
    return str(body.get_content())


def test_what_arrives(dated: District, mailbox: Mailbox, tick: Tick) -> None:
    tick(DAY_14)
    envelope, to, message = mailbox.taken[0]
    assert to == message["To"] == "ada@maple.example"
    assert message["From"] == "Yearturn <no-reply@yearturn.example>"
    assert message["Reply-To"] == "casey@vendor.example"
    assert re.fullmatch(r"bounces\+\d+-1-[0-9a-f]{24}@yearturn\.example", envelope)
    assert message["Auto-Submitted"] == "auto-generated"
    letter = Letter.objects.order_by("pk")[0]
    assert message["Message-ID"] == f"<letter-{letter.message_id.hex}@yearturn.example>"
    assert (
        message["Subject"]
        == "Imagine Learning Literacy suite: your data is reset on Tuesday, July 28, 2026. Please answer"
    )
    text = plain(mailbox)
    assert "Dear district admin of Maple Unified," in text
    assert "in 14 days" in text
    assert "https://maple.localhost/" in text
    assert "Booster Bits and Museum Levels are set to 0 the day of the reset." in text
    assert "Casey Book" in text
    assert "{{" not in text
    html = message.get_body(("html",))
    assert html
    assert '<html lang="en">' in html.get_content()
    assert '<a href="https://maple.localhost/"' in html.get_content()


def test_no_address_and_no_name_of_a_person_is_kept_in_public(dated: District, mailbox: Mailbox, tick: Tick) -> None:
    mailbox.rcpt["ada@maple.example"] = ["550 5.1.1 <ada@maple.example> unknown"]
    tick(DAY_14)
    kept = [*Letter.objects.values_list(), *LetterEvent.objects.values_list(), *Job.objects.values_list()]
    assert len(kept) > 4
    assert "maple.example" not in repr(kept)
    assert "A district admin" not in repr(kept)


def test_two_ticks_and_two_jobs_send_once(dated: District, mailbox: Mailbox, tick: Tick) -> None:
    tick(DAY_14)
    assert tick(DAY_14) == []
    job = Job.objects.get(kind="letters")
    with enter_district(dated):
        send_letters(dated, job)
        send_letters(dated, job)
    assert mailbox.recipients == ["ada@maple.example", "bob@maple.example"]


def test_two_workers_at_once_send_once(
    committed_districts: Callable[..., District], mailbox: Mailbox, clock: Callable[[str], Any]
) -> None:
    birch = give_date(committed_districts("birch"))
    clock(DAY_14)
    with schema_context("public"):
        plan_letters()
        job = Job.objects.get(kind="letters")
    both = threading.Barrier(2, timeout=30)
    errors: list[Exception] = []

    def one() -> None:
        try:
            both.wait()
            with enter_district(birch):
                send_letters(birch, job)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=one) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert not errors
    assert sorted(mailbox.recipients) == ["ada@birch.example", "bob@birch.example"]
    assert states(birch) == ["sent", "sent"]


def test_a_worker_that_died_in_between_sends_no_second(dated: District, mailbox: Mailbox, tick: Tick) -> None:
    class Killed(BaseException):
        """As kill -9: nothing is written afterwards."""

    def kill(*_: Any, **__: Any) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("correspondence.sending.settle_letter", kill)
        with pytest.raises(Killed):
            tick(DAY_14)
    assert mailbox.recipients == ["ada@maple.example"]
    connection.set_schema_to_public()
    Job.objects.update(lease_until=None)
    work()
    assert mailbox.recipients == ["ada@maple.example", "bob@maple.example"]
    assert mark_abandoned() == 0  # its time is not over: it could still be at work
    Letter.objects.filter(state="sending").update(claimed_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert mark_abandoned() == 1
    unknown = Letter.objects.get(state=LetterState.UNKNOWN)
    assert unknown.answer == DIED
    assert tick(DAY_14) == []
    assert len(mailbox.taken) == 2
    send_again(unknown.pk, actor="csm:1", reason="They have not got it", at=dt.datetime.fromisoformat(DAY_14))
    assert work() == [f"again-{unknown.pk}-1"]
    assert mailbox.recipients[2:] == ["ada@maple.example"]
    assert mailbox.taken[2][2]["Message-ID"] == mailbox.taken[0][2]["Message-ID"]
    assert states(dated) == ["sent", "sent"]


def test_a_refusal_for_good_is_not_tried_again(dated: District, mailbox: Mailbox, tick: Tick) -> None:
    mailbox.rcpt["ada@maple.example"] = ["550 5.1.1 <ada@maple.example> no such user"]
    tick(DAY_14)
    assert mailbox.recipients == ["bob@maple.example"]
    failed = Letter.objects.get(state=LetterState.FAILED)
    assert failed.answer == "550 5.1.1: there is no such mailbox, or the server refuses mail for it."
    assert tick("2026-07-15T15:00:00+00:00") == []


def test_later_is_tried_again_and_then_sent_once(dated: District, mailbox: Mailbox, tick: Tick) -> None:
    mailbox.rcpt["ada@maple.example"] = ["451 4.7.1 greylisted"]
    mailbox.data = ["452 4.3.1 no room"]
    with pytest.raises(LaterError, match="2 of 2 letters"):
        tick(DAY_14)
    assert states(dated) == ["waiting", "waiting"]
    Job.objects.update(lease_until=None)
    work()
    assert mailbox.recipients == ["ada@maple.example", "bob@maple.example"]
    assert set(Letter.objects.values_list("state", "attempts")) == {("sent", 2)}


def test_a_server_that_is_away_changes_nothing(dated: District, mailbox: Mailbox, tick: Tick, settings: Any) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with pytest.raises(LaterError, match="cannot be used now"):
        tick(DAY_14)
    assert set(Letter.objects.values_list("state", "attempts")) == {("waiting", 0)}
    settings.EMAIL_PORT = port
    Job.objects.update(lease_until=None)
    work()
    assert len(mailbox.taken) == 2


def test_a_broken_connection_is_unknown(dated: District, mailbox: Mailbox, tick: Tick) -> None:
    mailbox.data = ["nonsense without a code"]
    tick(DAY_14)
    assert states(dated) == ["sent", "unknown"]
    assert tick(DAY_14) == []


def test_a_job_that_is_given_up_says_so(dated: District, mailbox: Mailbox, tick: Tick, settings: Any) -> None:
    settings.EMAIL_PORT = 1
    with pytest.raises(LaterError):
        tick(DAY_14)
    with enter_district(dated):
        letters_failed(dated, Job.objects.get(kind="letters"), "The mail server cannot be used now")
    assert states(dated) == ["failed", "failed"]


def test_an_answer_in_the_meantime_stops_the_letter(dated: District, mailbox: Mailbox, clock: Any) -> None:
    clock(DAY_14)
    plan_letters()
    ResetSchedule.objects.update(answer=Answer.AGREED)
    work()
    assert mailbox.taken == []
    assert states(dated) == ["skipped", "skipped"]
    assert "has answered" in Letter.objects.all()[0].answer


def test_nobody_to_write_to_is_shown(dated: District, mailbox: Mailbox, tick: Tick) -> None:
    with enter_district(dated):
        User.objects.update(is_active=False)
    tick(DAY_14)
    assert letters(dated) == {("before_14", None): "skipped"}


def test_only_what_did_not_arrive_is_sent_again(dated: District, mailbox: Mailbox, tick: Tick) -> None:
    tick(DAY_14)
    at = dt.datetime.fromisoformat(DAY_14)
    letter = Letter.objects.all()[0]
    with pytest.raises(LetterError, match="not sent again: “Sent”"):
        send_again(letter.pk, actor="csm:1", reason="r", at=at)
    Letter.objects.update(state=LetterState.BOUNCED)
    ResetSchedule.objects.update(answer=Answer.AGREED)
    with pytest.raises(LetterError, match="has answered"):
        send_again(letter.pk, actor="csm:1", reason="r", at=at)
    assert Job.objects.filter(kind="letters").count() == 1


def test_it_is_sent_again_as_often_as_a_person_asks(
    dated: District, mailbox: Mailbox, tick: Tick, settings: Any
) -> None:
    """A server that stays away makes no attempt, and each time that somebody asks is a job of its own all the same."""
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with pytest.raises(LaterError):
        tick(DAY_14)
    job = Job.objects.get(kind="letters")
    at = dt.datetime.fromisoformat(DAY_14)
    for _ in range(2):
        with enter_district(dated):
            letters_failed(dated, job, "The mail server cannot be used now")
        Job.objects.filter(kind="letters").exclude(state="failed").update(state="failed", lease_until=None)
        letter = Letter.objects.filter(state=LetterState.FAILED).earliest("pk")
        send_again(letter.pk, actor="csm:1", reason="They have not got it", at=at)
        job = Job.objects.get(kind="letters", state="waiting")
    settings.EMAIL_PORT = port
    assert work() == [f"again-{letter.pk}-2"]
    assert mailbox.recipients == ["ada@maple.example"]
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (LetterState.SENT, 1)
