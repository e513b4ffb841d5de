"""Writing to one person of the entered district: what is said, a link to a page that asks for the log-in, no more."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from correspondence.mailing import meaning_of, open_mail
from correspondence.rendering import Rendered
from reports.mailing.mailed import Mailed, MailState, claim_mail, settle_mail
from tenants import mail
from tenants.models import District
from tenants.services import district_host


@dataclass(frozen=True)
class Message:
    """What is written to somebody.

    Attributes:
        key: of the row that it is about: the Message-ID, the same each time.
        path: of the page that it leads to, on the district's own host.
    """

    key: UUID
    subject: str
    before: str
    path: str
    after: str


def send_once(
    row: Mailed, district: District, address: str, message: Message, now: Callable[[], dt.datetime]
) -> MailState:
    """Send a row's e-mail, which waits, outside of any transaction; its state then.

    It stays `WAITING` where the server has surely not taken it and asks to come again.

    Raises:
        LaterError: the mail server cannot be reached; nothing was sent.
    """
    connection = open_mail()
    try:
        if not claim_mail(row):
            return MailState.SKIPPED
        state, answer = _hand_over(district, address, message, connection)
    finally:
        connection.close()
    settle_mail(row, state, answer, now())
    return state


def portal_link(district: District, path: str) -> str:
    """An address of the district's own host, as letters write it."""
    return settings.PORTAL_ADDRESS.format(host=district_host(district.slug)).rstrip("/") + path


def _hand_over(district: District, address: str, message: Message, connection: Any) -> tuple[MailState, str]:
    answer = mail.hand_over(_built(district, address, message, connection))
    match answer.fate:
        case mail.Fate.TAKEN:
            return MailState.SENT, mail.TAKEN
        case mail.Fate.LATER:
            return MailState.WAITING, meaning_of(answer.code, answer.text)
        case mail.Fate.REFUSED:
            return MailState.FAILED, meaning_of(answer.code, answer.text)
        case mail.Fate.UNDELIVERABLE:
            return MailState.FAILED, mail.UNDELIVERABLE
        case mail.Fate.UNKNOWN:
            return MailState.UNKNOWN, mail.BROKEN


def _built(district: District, address: str, message: Message, connection: Any) -> EmailMultiAlternatives:
    text = f"{message.before}\n\n{portal_link(district, message.path)}\n\n{message.after}"
    rendered = Rendered(message.subject, text)
    headers = {
        "Message-ID": f"<report-{message.key.hex}@{settings.BOUNCE_DOMAIN}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    built = EmailMultiAlternatives(
        rendered.subject, rendered.text, settings.DEFAULT_FROM_EMAIL, [address], headers=headers, connection=connection
    )
    built.attach_alternative(rendered.html, "text/html")
    return built
