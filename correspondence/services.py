"""What a person may do with a letter that did not arrive, or of which nobody knows: have it sent again."""

import datetime as dt
from typing import Final

from django.db import transaction
from django_tenants.utils import schema_context

from correspondence.claims import note
from correspondence.errors import LetterError
from correspondence.models import SENT_AGAIN, Letter, LetterState
from correspondence.occasions import occasion_of, why_not
from correspondence.planner import JOB_KIND
from tenants import clock
from tenants.jobs.services import enqueue_job

AGAIN: Final = "To be sent again."


def send_again(letter_id: int, *, actor: str, reason: str, at: dt.datetime) -> Letter:
    """Put a letter that failed, came back or is unknown on the list again, once; with today's facts and wording.

    Raises:
        LetterError: it is in no such state, it was addressed to nobody, or nobody needs it any more.
    """
    with schema_context("public"), transaction.atomic():
        letter = Letter.objects.select_for_update(of=("self",)).select_related("district").get(pk=letter_id)
        if letter.state not in SENT_AGAIN:
            raise LetterError(f"This letter is not sent again: “{letter.get_state_display()}”.")
        occasion = occasion_of(letter.district, letter.suite, letter.school_year, letter.kind, letter.about)
        if occasion is None:
            raise LetterError("This letter is not sent again: there is no such date or request any more.")
        if why := why_not(occasion, clock.date_in(at, letter.district.time_zone)):
            raise LetterError(f"This letter is not sent again. {why}")
        letter.state, letter.answer = LetterState.WAITING, ""
        letter.save(update_fields=["state", "answer"])
        note(letter.pk, AGAIN, at=at, actor=actor, reason=reason)
        time = letter.events.filter(what=AGAIN).count()  # not the attempts: a server that is away makes none
        payload = {
            "kind": letter.kind, "suite": letter.suite, "school_year": letter.school_year, "letter": letter.pk,
        }  # fmt: skip
        if letter.about:
            payload["about"] = str(letter.about)
        enqueue_job(letter.district, JOB_KIND, f"again-{letter.pk}-{time}", due_at=at, payload=payload)
    return letter
