"""A letter's way, one conditional statement a step: whoever loses the race does nothing."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django_tenants.utils import schema_context

from correspondence.mailing import Outcome
from correspondence.models import REMINDERS, Letter, LetterEvent, LetterState, MailTemplate
from events.resets import of_reset, reset_subject
from events.services import note_events
from events.types import RESET_WARNED

SENDER = "system:letters"
CLAIM = """
UPDATE public.correspondence_letter
SET state = 'sending', attempts = attempts + 1, claimed_until = clock_timestamp() + make_interval(secs => %(seconds)s),
    template_id = %(template)s, values = %(values)s
WHERE id = %(letter)s AND state = 'waiting'
RETURNING attempts
"""


def claim_letter(letter: Letter, template: MailTemplate, values: dict[str, str]) -> int | None:
    """Take a letter before it is handed to the mail server, and commit that; the attempt's number, or None.

    From here on it is never sent again by itself unless the server says that it did not take it: a worker that dies
    now leaves it `sending`, and the planner makes that `unknown`.
    """
    parameters = {
        "seconds": settings.LETTER_CLAIM_SECONDS,
        "template": template.pk,
        "values": Letter._meta.get_field("values").get_db_prep_save(values, connection),
        "letter": letter.pk,
    }
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(CLAIM, parameters)
        row = cursor.fetchone()
    return int(row[0]) if row else None


def settle_letter(letter: Letter, attempt: int, outcome: Outcome, at: dt.datetime) -> None:
    """Write down what came of an attempt; a later attempt, or a bounce that was quicker, is not written over."""
    facts: dict[str, Any] = {"state": outcome.state, "answer": outcome.answer, "claimed_until": None}
    if outcome.state == LetterState.SENT:
        facts["sent_at"] = at
    with schema_context("public"), transaction.atomic():
        mine = Letter.objects.filter(
            pk=letter.pk, attempts=attempt, state__in=(LetterState.SENDING, LetterState.UNKNOWN)
        )
        if mine.update(**facts):
            note(letter.pk, _what(outcome), at=at)
            if outcome.state == LetterState.SENT and letter.kind in REMINDERS.values():
                _tell_warned(letter, at)


def _tell_warned(letter: Letter, at: dt.datetime) -> None:
    """Note for other programs that the district was reminded: with the first of the letters to its admins."""
    year = letter.school_year or 0
    once = f"{reset_subject(letter.suite, year)} {letter.kind} {letter.about or ''}".strip()
    told = of_reset(letter.district_id, RESET_WARNED, letter.suite, year, at=at, once=once, letter=letter.kind)
    note_events([told])


def skip_letter(letter: Letter, why: str, at: dt.datetime) -> None:
    """Do not send a letter that nobody needs any more."""
    _close(letter, LetterState.SKIPPED, why, at)


def fail_letter(letter: Letter, why: str, at: dt.datetime) -> None:
    """Give up on a letter that waits."""
    _close(letter, LetterState.FAILED, why, at)


def note(letter_id: int, what: str, *, at: dt.datetime, actor: str = SENDER, reason: str = "") -> None:
    """Write down what happened to a letter."""
    LetterEvent.objects.create(letter_id=letter_id, at=at, actor=actor, what=what[:300], reason=reason)


def _close(letter: Letter, state: LetterState, why: str, at: dt.datetime) -> None:
    with schema_context("public"), transaction.atomic():
        if Letter.objects.filter(pk=letter.pk, state=LetterState.WAITING).update(state=state, answer=why[:300]):
            note(letter.pk, f"{state.label}. {why}", at=at)


def _what(outcome: Outcome) -> str:
    if outcome.state == LetterState.WAITING:
        return f"Not taken yet, it is tried again. {outcome.answer}"
    return f"{outcome.state.label}. {outcome.answer}"
