"""What each tick does for letters: finds what is due over all districts, and asks for one job for each occasion."""

from typing import Final

from django.db import connection
from django_tenants.utils import schema_context

from correspondence.due import Due, due_letters
from correspondence.models import LetterEvent, LetterState
from tenants import clock
from tenants.jobs.services import enqueue_jobs
from tenants.models import District

JOB_KIND: Final = "letters"
ACTOR: Final = "system:planner"
DIED: Final = "The worker died while sending it, so nobody knows whether the mail server took it."
ABANDONED = """
UPDATE public.correspondence_letter SET state = %(unknown)s, answer = %(answer)s, claimed_until = NULL
WHERE state = %(sending)s AND claimed_until <= clock_timestamp()
RETURNING id
"""


def plan_letters() -> int:
    """Put due letters on the list, and mark those whose worker died; returns the number of jobs added.

    What is more than one tick's share follows with the next tick, a minute later.
    """
    mark_abandoned()
    now = clock.now()
    due = due_letters(now)
    with schema_context("public"):
        districts = District.objects.in_bulk({one.district_id for one in due})
    enqueue_jobs(JOB_KIND, ((districts[one.district_id], one.key, _payload(one)) for one in due), due_at=now)
    return len(due)


def mark_abandoned() -> int:
    """Say of each letter whose worker died while sending it that nobody knows; returns how many.

    They are not sent again by themselves: a letter is handed to a mail server at most once, until a person asks.
    """
    values = {"unknown": LetterState.UNKNOWN, "sending": LetterState.SENDING, "answer": DIED}
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(ABANDONED, values)
        letters = [row[0] for row in cursor.fetchall()]
        at = clock.now()
        LetterEvent.objects.bulk_create(
            LetterEvent(letter_id=letter, at=at, actor=ACTOR, what=DIED) for letter in letters
        )
    return len(letters)


def _payload(due: Due) -> dict[str, object]:
    about = {"about": due.about} if due.about else {}
    return {"kind": due.kind, "suite": due.suite, "school_year": due.school_year, **about}
