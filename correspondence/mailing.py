"""Handing one letter to the mail server, and what the server said, in words without any address.

At most once: only what the server has surely not taken is tried again by itself.
"""

import re
import smtplib
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from correspondence.envelopes import return_path
from correspondence.errors import LaterError
from correspondence.models import Letter, LetterState
from correspondence.rendering import Rendered
from tenants import mail
from tenants.errors import describe_error

ENHANCED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])", re.ASCII)
MEANINGS: Final = {
    421: "the mail server is not available now",
    450: "the mailbox is busy, or the server asks to come again later",
    451: "the mail server had a problem of its own",
    452: "the mail server has no room now",
    530: "the mail server wants a log-in",
    535: "the mail server refused our log-in",
    550: "there is no such mailbox, or the server refuses mail for it",
    551: "the mailbox is somewhere else",
    552: "the mailbox is full",
    553: "the mail server does not take such an address",
    554: "the mail server refused the letter",
}


@dataclass(frozen=True)
class Outcome:
    """What came of handing a letter over."""

    state: LetterState
    answer: str


def open_mail() -> Any:
    """A connection to the mail server, for several letters.

    Raises:
        LaterError: it cannot be reached or refuses us; nothing was sent.
    """
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise LaterError(f"The mail server cannot be used now: {_said(error)}") from error
    return connection


def hand_over(
    connection: Any, letter: Letter, attempt: int, rendered: Rendered, address: str, reply_to: str
) -> Outcome:
    """Send one letter to one address, and tell what the server said."""
    message = EmailMultiAlternatives(
        rendered.subject,
        rendered.text,
        return_path(letter.pk, attempt),
        [address],
        reply_to=[reply_to] if reply_to else None,
        headers={
            "From": settings.DEFAULT_FROM_EMAIL,
            "Message-ID": message_id(letter.message_id),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
        connection=connection,
    )
    message.attach_alternative(rendered.html, "text/html")
    return _outcome(mail.hand_over(message))


def message_id(letter: UUID) -> str:
    """The Message-ID: the same each time a letter is sent, so that a mailbox that has it may show it once."""
    return f"<letter-{letter.hex}@{settings.BOUNCE_DOMAIN}>"


def meaning_of(code: int, text: bytes | str) -> str:
    """A server's answer in plain words: its code, and no text of its own, which may hold an address."""
    said = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    enhanced = ENHANCED.search(said)
    numbers = f"{code} {enhanced[0]}" if enhanced else str(code)
    otherwise = (
        "the mail server asks to come again later" if 400 <= code < 500 else "the mail server refused the letter"
    )
    return f"{numbers}: {MEANINGS.get(code, otherwise)}."


def _outcome(answer: mail.Answer) -> Outcome:
    """What the answer makes of a letter."""
    match answer.fate:
        case mail.Fate.TAKEN:
            return Outcome(LetterState.SENT, mail.TAKEN)
        case mail.Fate.LATER:
            return Outcome(LetterState.WAITING, meaning_of(answer.code, answer.text))
        case mail.Fate.REFUSED:
            return Outcome(LetterState.FAILED, meaning_of(answer.code, answer.text))
        case mail.Fate.UNDELIVERABLE:
            return Outcome(LetterState.FAILED, mail.UNDELIVERABLE)
        case mail.Fate.UNKNOWN:
            return Outcome(LetterState.UNKNOWN, mail.BROKEN)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
        return meaning_of(error.smtp_code, error.smtp_error)
    return describe_error(error) if not isinstance(error, smtplib.SMTPException) else type(error).__name__
