"""A row that somebody is written about once, and the steps of that: one conditional statement each."""

import datetime as dt
from typing import Final

from django.db import models
from django.db.models.functions import Now

CLAIMED_FOR: Final = dt.timedelta(minutes=5)
"""Longer than handing over can take; whoever has not come back by then is dead."""
DIED: Final = "The worker died while sending it, so nobody knows whether the mail server took it."


class MailState(models.TextChoices):
    """Where an e-mail is on its way."""

    NONE = "none", "Not asked for"
    WAITING = "waiting", "Waits to be sent"
    SENDING = "sending", "Is being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "The mail server refused it"
    UNKNOWN = "unknown", "Nobody knows whether it was sent"
    SKIPPED = "skipped", "Not sent"


class Mailed(models.Model):
    """A row of a district's schema with its e-mail's state. `claimed_until` is on the database's own clock."""

    mail = models.CharField(max_length=8, choices=MailState.choices, default=MailState.NONE)
    claimed_until = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True, help_text="The mail server's, in plain words.")

    class Meta:
        abstract = True


def claim_mail(row: Mailed) -> bool:
    """Take a waiting e-mail before it is handed to the mail server; whether it is the caller's.

    From here on it is never sent again by itself, unless the server says that it did not take it.
    """
    waiting = type(row)._default_manager.filter(pk=row.pk, mail=MailState.WAITING)
    return bool(waiting.update(mail=MailState.SENDING, claimed_until=Now() + CLAIMED_FOR))


def settle_mail(row: Mailed, state: MailState, answer: str, at: dt.datetime) -> None:
    """Write down what came of a claimed e-mail."""
    mine = type(row)._default_manager.filter(pk=row.pk, mail=MailState.SENDING)
    sent_at = at if state == MailState.SENT else None
    mine.update(mail=state, answer=answer[:300], claimed_until=None, mailed_at=sent_at)


def skip_mail(row: Mailed, why: str) -> None:
    """Do not send a waiting e-mail that nobody needs any more."""
    waiting = type(row)._default_manager.filter(pk=row.pk, mail=MailState.WAITING)
    waiting.update(mail=MailState.SKIPPED, answer=why[:300])


def mark_abandoned(model: type[Mailed]) -> int:
    """Say of each e-mail whose worker died while sending it that nobody knows; returns how many."""
    dead = model._default_manager.filter(mail=MailState.SENDING, claimed_until__lt=Now())
    return dead.update(mail=MailState.UNKNOWN, answer=DIED, claimed_until=None)
