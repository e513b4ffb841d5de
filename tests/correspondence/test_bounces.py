"""Returned letters: RFC 3464's notifications mark the letter that they name; nothing else does, and nothing breaks."""

import io
import mailbox as boxes
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from correspondence.bounces import Read, read_bounce, read_notice
from correspondence.envelopes import letter_returned_to, return_path
from correspondence.models import Letter, LetterEvent, LetterState
from tenants.models import District
from tests.correspondence.smtp import Mailbox

DAY_14 = "2026-07-14T15:00:00+00:00"


def notification(
    to: str, action: str = "failed", status: str = "5.1.1", original: str = "", diagnostic: str = ""
) -> bytes:
    """As Postfix writes it."""
    said = diagnostic or "550 5.1.1 <ada@maple.example> User unknown"
    parts = [
        "Content-Type: text/plain; charset=us-ascii\n\nYour message could not be delivered.\n",
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; ada@maple.example\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {said}\n",
    ]
    if original:
        parts.append(f"Content-Type: text/rfc822-headers\n\n{original}")
    head = (
        f"From: MAILER-DAEMON@mx.example\nTo: {to}\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="cut"\n\n'
    )
    return (head + "".join(f"--cut\n{part}\n" for part in parts) + "--cut--\n").encode("utf-8", "replace")


@pytest.fixture
def sent(dated: District, mailbox: Mailbox, tick: Callable[[str], list[str]]) -> Mailbox:
    """Two letters that the mail server took."""
    tick(DAY_14)
    return mailbox


def test_a_letter_that_comes_back_is_marked(sent: Mailbox) -> None:
    envelope, to, _ = sent.taken[0]
    assert read_bounce(notification(envelope)) == Read.BOUNCED
    bounced = Letter.objects.get(state=LetterState.BOUNCED)
    assert bounced.answer == "5.1.1: there is no such mailbox."
    assert to not in repr(list(LetterEvent.objects.values_list()))
    assert Letter.objects.filter(state=LetterState.SENT).count() == 1
    assert read_bounce(notification(envelope)) == Read.KNOWN
    assert LetterEvent.objects.filter(what__startswith="It came back").count() == 1


def test_the_address_may_stand_in_the_returned_headers_only(sent: Mailbox) -> None:
    envelope, _, _ = sent.taken[0]
    raw = notification("postmaster@yearturn.example", original=f"Return-Path: <{envelope}>\nSubject: x\n")
    assert read_bounce(raw) == Read.BOUNCED


def test_late_is_noted_and_not_bounced(sent: Mailbox) -> None:
    assert read_bounce(notification(sent.taken[0][0], action="delayed", status="4.4.1")) == Read.DELAYED
    assert not Letter.objects.filter(state=LetterState.BOUNCED).exists()
    assert LetterEvent.objects.filter(what__startswith="It is late").count() == 1


def test_an_unsigned_or_foreign_address_marks_nothing(sent: Mailbox) -> None:
    letter = Letter.objects.order_by("pk")[0]
    own = return_path(letter.pk, 1)
    forged = own.replace(own.split("-")[-1].split("@")[0], "0" * 24)
    assert read_bounce(notification(forged)) == Read.IGNORED
    assert letter_returned_to(own) == (letter.pk, 1)
    assert letter_returned_to(own.upper()) == (letter.pk, 1)
    with override_settings(SECRET_KEY="another one"):
        assert letter_returned_to(own) is None


def test_a_bounce_of_an_earlier_attempt_changes_nothing(sent: Mailbox) -> None:
    envelope, _, _ = sent.taken[0]
    Letter.objects.update(attempts=2)
    assert read_bounce(notification(envelope)) == Read.KNOWN
    assert not Letter.objects.filter(state=LetterState.BOUNCED).exists()


def test_an_answer_by_a_person_is_no_bounce(sent: Mailbox) -> None:
    message = EmailMessage()
    message["To"], message["Subject"] = sent.taken[0][0], "Out of office"
    message.set_content("I am away. Action: failed. Status: 5.1.1")
    assert read_bounce(message.as_bytes()) == Read.IGNORED


JUNK = st.binary(max_size=2000)
FIELDS = st.text(st.characters(codec="utf-8"), max_size=80)


@given(JUNK)
def test_junk_is_never_a_bounce(raw: bytes) -> None:
    assert read_notice(raw) is None


@given(action=FIELDS, status=FIELDS, diagnostic=FIELDS)
def test_any_fields_are_read_without_an_address_in_the_words(action: str, status: str, diagnostic: str) -> None:
    raw = notification(return_path(7, 1), action=action, status=status, diagnostic=diagnostic)
    notice = read_notice(raw)
    if notice is not None:
        assert (notice.letter_id, notice.attempt) == (7, 1)
        assert "@" not in notice.words


@given(cut=st.integers(0, 1200), junk=st.binary(max_size=60))
def test_a_damaged_notification_never_breaks_the_reader(cut: int, junk: bytes) -> None:
    raw = notification(return_path(7, 1))
    notice = read_notice(raw[:cut] + junk + raw[cut:])
    assert notice is None or notice.letter_id == 7


@given(letter=st.integers(1, 2**63 - 1), attempt=st.integers(1, 32767))
@hypothesis_settings(suppress_health_check=[HealthCheck.differing_executors])
def test_every_address_is_short_enough_and_read_back(letter: int, attempt: int) -> None:
    address = return_path(letter, attempt)
    assert len(address.partition("@")[0]) <= 64
    assert letter_returned_to(f"Delivered-To: <{address}>") == (letter, attempt)


def test_the_command_reads_files_maildirs_and_the_standard_input(
    sent: Mailbox, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    first, second = (notification(envelope) for envelope, _, _ in sent.taken)
    file = tmp_path / "one.eml"
    file.write_bytes(first)
    box = boxes.Maildir(tmp_path / "box", create=True)
    box.add(second)
    box.add(b"junk")
    call_command("read_bounces", str(file), str(tmp_path / "box"))
    assert capsys.readouterr().out == "3 messages read: 2 a letter came back, 1 no bounce of ours.\n"
    call_command("read_bounces", str(tmp_path / "box"))
    assert capsys.readouterr().out == "0 messages read.\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(first)))
    call_command("read_bounces", "-")
    assert capsys.readouterr().out == "1 message read: 1 known already.\n"
    assert set(Letter.objects.values_list("state", flat=True)) == {"bounced"}


def test_the_command_names_what_is_not_there(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing was read: there is no file or maildir"):
        call_command("read_bounces", str(tmp_path / "none"))
    with pytest.raises(CommandError, match="no maildir"):
        call_command("read_bounces", str(tmp_path))
