"""Reading letters."""

from django_tenants.utils import schema_context

from correspondence.errors import PlaceholderError
from correspondence.models import Letter, LetterState
from correspondence.rendering import Rendered, render
from tenants.models import District

ARRIVED = (LetterState.SENT, LetterState.BOUNCED)


def letters_to(district: District, recipient_id: int, before: int | None, limit: int) -> list[Letter]:
    """The letters that were sent to one of a district's people, newest first: those older than a letter's key."""
    with schema_context("public"):
        found = Letter.objects.filter(district=district, recipient_id=recipient_id, state__in=ARRIVED)
        found = found.exclude(sent_at=None).select_related("template").order_by("-pk")
        return list((found if before is None else found.filter(pk__lt=before))[:limit])


def as_sent(letter: Letter) -> Rendered | None:
    """What a letter said, from its version of the wording; None while it was never handed to the mail server."""
    if letter.template is None:
        return None
    try:
        return render(letter.template.subject, letter.template.body, letter.values)
    except PlaceholderError:
        return None
