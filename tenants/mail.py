"""Handing one message to the mail server, and what became of it: the one place that reads SMTP's answers.

At most once: only what the server has surely not taken may be tried again.
"""

import enum
import smtplib
from dataclasses import dataclass
from typing import Final

from django.core.mail import EmailMessage

TAKEN: Final = "The mail server took it."
BROKEN: Final = "The connection broke while it was being sent, so nobody knows whether the mail server took it."
UNDELIVERABLE: Final = "The mail server cannot deliver to such an address."


class Fate(enum.Enum):
    """What became of a message."""

    TAKEN = enum.auto()
    LATER = enum.auto()
    """4xx: the server asks to come again."""
    REFUSED = enum.auto()
    """5xx: for good."""
    UNDELIVERABLE = enum.auto()
    """The server cannot write to such an address."""
    UNKNOWN = enum.auto()
    """The connection broke, or the answer was none to a message: nobody knows whether it was taken."""


@dataclass(frozen=True)
class Answer:
    """What became of a message, with the server's code and text where it gave some. The text may hold an address."""

    fate: Fate
    code: int = 0
    text: bytes | str = ""


def hand_over(message: EmailMessage) -> Answer:
    """Send a message over its own connection, and tell what the server answered."""
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        return _refused(code, text)
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, error.smtp_error)
    except smtplib.SMTPNotSupportedError:
        return Answer(Fate.UNDELIVERABLE)
    except (OSError, smtplib.SMTPException):
        return Answer(Fate.UNKNOWN)
    return Answer(Fate.TAKEN)


def _refused(code: int, text: bytes | str) -> Answer:
    if 400 <= code < 500:
        return Answer(Fate.LATER, code, text)
    return Answer(Fate.REFUSED, code, text) if 500 <= code < 600 else Answer(Fate.UNKNOWN)
