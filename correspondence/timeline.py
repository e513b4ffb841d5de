"""What letters put on a district's timeline at the desk: one entry for each occasion, whatever number of admins."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode

from correspondence.models import OF_REQUESTS, SENT_AGAIN, Kind, Letter, LetterState
from resets.desk.suites import suite_names
from resets.desk.timeline import Entry, Span

MOST = 500
"""So many letters of a school year are read, the newest: ten kinds, some suites, some admins."""


def letters_sent(span: Span) -> Iterator[Entry]:
    """Each occasion on which the district's admins were written to, and whether the letters arrived. One question."""
    found = Letter.objects.filter(district=span.district, school_year=span.school_year).order_by("-pk")
    occasions: dict[tuple[str, str, UUID | None], list[Letter]] = defaultdict(list)
    for letter in islice(found.only("kind", "suite", "about", "state", "created_at", "sent_at"), MOST):
        occasions[letter.kind, letter.suite, letter.about].append(letter)
    names = suite_names()
    for (kind, suite, _), letters in occasions.items():
        at = max(letter.sent_at or letter.created_at for letter in letters)
        states = [letter.state for letter in letters]
        wrong = sum(state in SENT_AGAIN for state in states)
        yield Entry(
            span.day_of(at),
            f"Letter: {Kind(kind).label}" + ("" if kind in OF_REQUESTS else f", {names.get(suite, suite)}"),
            _words(len(letters), states.count(LetterState.SENT), wrong),
            at,
            "bad" if wrong else "",
            f"{reverse('admin:correspondence_letter_changelist')}?{urlencode({'q': span.district.slug})}",
        )


def _words(total: int, sent: int, wrong: int) -> str:
    to = "1 district admin" if total == 1 else f"{total} district admins"
    return f"To {to}: {sent} sent" + (f", {wrong} did not arrive or nobody knows" if wrong else "")
