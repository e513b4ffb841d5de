"""Whoever has answered the date is told when the year's data is still to be downloaded before a reset that deletes."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from correspondence.due import due_letters
from correspondence.models import Kind, LetterState
from correspondence.upcoming import planned_letters
from resets.exports.services import waive_export
from resets.models import Answer, ResetSchedule
from tenants.jobs.services import enqueue_job
from tenants.models import District
from tests.correspondence.conftest import RESET_ON, letters, work
from tests.correspondence.smtp import Mailbox
from tests.correspondence.test_due import at_eight, kinds
from tests.correspondence.test_sending import plain
from tests.exports.conftest import Package

Tick = Callable[[str], list[str]]
ENDS_ON = dt.date(2026, 6, 12)


@pytest.fixture
def answered(dated: District) -> District:
    """Maple has agreed to July 28 and has downloaded nothing; its school year is over by then."""
    ResetSchedule.objects.update(answer=Answer.AGREED)
    District.objects.filter(pk=dated.pk).update(school_year_ends_on=ENDS_ON, summer_session_ends_on=None)
    return District.objects.get(pk=dated.pk)


def before(days: int) -> dt.datetime:
    return at_eight(RESET_ON - dt.timedelta(days=days))


def test_it_is_said_twice_and_never_again(answered: District, mailbox: Mailbox, tick: Tick) -> None:
    assert tick(before(15).isoformat()) == []
    assert tick(before(14).isoformat()) == ["data_14-literacy-2026"]
    assert mailbox.recipients == ["ada@maple.example", "bob@maple.example"]
    text = " ".join(plain(mailbox).split())
    assert "On Tuesday, July 28, 2026, in 14 days" in text
    assert "This year's data has not been downloaded. Nobody has made a package of this year's data yet." in text
    assert [tick(before(days).isoformat()) for days in (13, 4)] == [[], []]
    assert tick(before(3).isoformat()) == ["data_3-literacy-2026"]
    assert [tick(before(days).isoformat()) for days in (2, 1, 0)] == [[], [], []]
    assert len(mailbox.taken) == 4


def test_who_has_not_answered_reads_it_in_the_other_reminders(answered: District) -> None:
    ResetSchedule.objects.update(answer=Answer.NONE)
    assert kinds(before(14)) == ["before_14"]


@pytest.mark.parametrize("settled", ["downloaded", "waived", "held", "year goes on", "keeps everything"])
def test_it_stops(answered: District, settled: str) -> None:
    assert kinds(before(14)) == ["data_14"]
    if settled == "downloaded":
        Package(answered, "literacy", at_eight(dt.date(2026, 7, 1))).checked()
        assert kinds(before(14)) == ["data_14"], "a package that nobody took is no copy"
        Package(answered, "literacy", at_eight(dt.date(2026, 7, 2))).downloaded()
    elif settled == "waived":
        waive_export(answered, "literacy", 2026, actor="csm:1", reason="They have their own.", at=before(15))
    elif settled == "held":
        ResetSchedule.objects.update(held_at=before(15))
    elif settled == "year goes on":
        District.objects.update(summer_session_ends_on=RESET_ON - dt.timedelta(days=14))
    else:
        answered.subscriptions.exclude(product="lectura").delete()
    assert kinds(before(14)) == []


def test_downloaded_between_asking_and_sending_it_is_not_sent(
    answered: District, mailbox: Mailbox, clock: Callable[[str], Any]
) -> None:
    clock(before(3).isoformat())
    payload = {"kind": Kind.DATA_3, "suite": "literacy", "school_year": 2026}
    enqueue_job(answered, "letters", "data_3-literacy-2026", due_at=before(3), payload=payload)
    Package(answered, "literacy").downloaded()
    work()
    assert mailbox.taken == []
    assert set(letters(answered).values()) == {LetterState.SKIPPED}


def test_the_desk_sees_it_ahead(answered: District, clock: Callable[[str], Any]) -> None:
    clock(before(20).isoformat())
    ahead = planned_letters(District.objects.all(), before(20).date())
    assert [(each.kind, each.send_on, each.districts) for each in ahead] == [("data_14", before(14).date(), 1)]
    Package(answered, "literacy").downloaded()
    assert planned_letters(District.objects.all(), before(20).date()) == []
    assert due_letters(before(14)) == []
