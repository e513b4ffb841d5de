"""What a district admin was sent, and when."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.pages import Chip, district_of, page, person
from correspondence.models import Letter, LetterState
from correspondence.selectors import as_sent, letters_to

SHOWN = 20


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The letters to whoever looks, newest first, each with its text."""
    said = request.GET.get("before", "")
    before = int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else None
    found = letters_to(district_of(request), person(request).pk, before, SHOWN + 1)
    context = {
        "letters": [{"letter": letter, "rendered": as_sent(letter), "chip": _chip(letter)} for letter in found[:SHOWN]],
        "older": f"?{urlencode({'before': found[SHOWN - 1].pk})}" if len(found) > SHOWN else "",
        "is_first": before is None,
    }
    return page(request, "letters/list.html", "letters", context)


def _chip(letter: Letter) -> Chip:
    if letter.state == LetterState.BOUNCED:
        return Chip("Came back: your mailbox did not take it", "bad", "!")
    return Chip("Sent", "good", "✓")
