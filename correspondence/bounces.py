"""Reading what mail servers return: delivery status notifications (RFC 3464), and marking the letters that they name.

A notification counts only when it came to an address that we signed: nobody else can make a letter look bounced.
"""

import email
import email.policy
import enum
import re
from dataclasses import dataclass
from email.message import Message
from typing import Final

from django.db import transaction
from django_tenants.utils import schema_context

from correspondence.claims import note
from correspondence.envelopes import letter_returned_to
from correspondence.models import Letter, LetterState
from tenants import clock

RETURNED_IN: Final = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Failed-Recipients", "Return-Path")
STATUS = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})", re.ASCII)
MEANINGS: Final = {
    "1": "there is no such mailbox",
    "2": "the mailbox is full, closed or takes nothing",
    "3": "the recipient's mail system does not take it",
    "4": "the recipient's mail system could not be reached",
    "5": "the mail servers did not understand each other",
    "6": "the letter's form was not taken",
    "7": "it was refused by a rule of the recipient's mail system",
}
"""The second number of RFC 3463's codes."""
READER: Final = "system:bounces"


class Read(enum.StrEnum):
    """What came of reading one message."""

    BOUNCED = "a letter came back"
    DELAYED = "a letter is late"
    KNOWN = "known already"
    IGNORED = "no bounce of ours"


@dataclass(frozen=True)
class Notice:
    """What a notification says about one attempt of a letter.

    Attributes:
        action: failed or delayed.
        words: why, in plain words, without an address.
    """

    letter_id: int
    attempt: int
    action: str
    words: str


def read_notice(raw: bytes) -> Notice | None:
    """The notification in a message; None for anything else, whatever it is."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.compat32)
        reports = [part for part in message.walk() if part.get_content_type() == "message/delivery-status"]
        fields = [block for report in reports for block in _blocks(report)]
        told = [(str(block.get("Action", "")).strip().lower(), str(block.get("Status", ""))) for block in fields]
        found = letter_returned_to(_headers(message))
    except (ValueError, LookupError, TypeError, AttributeError, UnicodeError, RecursionError):
        return None  # the parser's own way to say that it is no message
    worst = next((one for one in told if one[0] == "failed"), None) or next(
        (one for one in told if one[0] == "delayed"), None
    )
    if found is None or worst is None:
        return None
    return Notice(found[0], found[1], worst[0], _words(worst[1]))


def record_notice(notice: Notice) -> Read:
    """Mark the letter of a notification; twice is harmless, and an earlier attempt's changes nothing."""
    at = clock.now()
    states = (LetterState.SENT, LetterState.SENDING, LetterState.UNKNOWN)
    with schema_context("public"), transaction.atomic():
        mine = Letter.objects.filter(pk=notice.letter_id, attempts=notice.attempt, state__in=states)
        if notice.action == "delayed":
            if not mine.exists():
                return Read.KNOWN
            note(
                notice.letter_id, f"It is late, and still tried by the mail server. {notice.words}", at=at, actor=READER
            )
            return Read.DELAYED
        if not mine.update(state=LetterState.BOUNCED, answer=notice.words, claimed_until=None):
            return Read.KNOWN
        note(notice.letter_id, f"It came back. {notice.words}", at=at, actor=READER)
    return Read.BOUNCED


def read_bounce(raw: bytes) -> Read:
    """Read one message, and mark the letter that came back with it, if one did."""
    notice = read_notice(raw)
    return record_notice(notice) if notice else Read.IGNORED


def _blocks(report: Message) -> list[Message]:
    payload = report.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _headers(message: Message) -> str:
    """Where the notification went, then what the returned letter says of itself."""
    parts = [message, *(part for part in message.walk() if part is not message)]
    found = [str(value) for part in parts for name in RETURNED_IN for value in part.get_all(name, [])]
    returned = [part for part in parts if part.get_content_type() == "text/rfc822-headers"]
    return "\n".join([*found, *(str(part.get_payload()) for part in returned)])


def _words(status: str) -> str:
    match = STATUS.search(status)
    if not match:
        return "The mail server did not say why."
    return f"{match[0]}: {MEANINGS.get(match[2], 'the mail server did not say why')}."
