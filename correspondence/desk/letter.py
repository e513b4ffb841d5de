"""A letter's page: what was sent, to whom by role and number, what happened to it, and sending it again."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminTextInputWidget

from correspondence.errors import LetterError
from correspondence.models import SENT_AGAIN, Letter, LetterState
from correspondence.selectors import as_sent
from correspondence.services import send_again
from resets.desk.people import names_of
from tenants import clock
from tenants.desk import actor_of, own_book, school_years

TONES = {
    LetterState.WAITING: ("", "○"),
    LetterState.SENDING: ("", "…"),
    LetterState.SENT: ("good", "✓"),
    LetterState.FAILED: ("bad", "✕"),
    LetterState.BOUNCED: ("bad", "↩"),
    LetterState.SKIPPED: ("", "○"),
    LetterState.UNKNOWN: ("warn", "?"),
}


class AgainForm(forms.Form):
    """Why a letter is sent again."""

    reason = forms.CharField(
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text="Kept with the letter. No e-mail address and no name.",
        error_messages={"required": "Say in a few words why it is sent again."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


@require_http_methods(["GET", "HEAD", "POST"])
def letter_page(request: HttpRequest, object_id: str) -> HttpResponse:
    """The page of a letter of the own book; a POST sends it again."""
    letter = _letter(request, object_id)
    form = AgainForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, letter, form, 400 if form.is_bound else 200)
    try:
        send_again(letter.pk, actor=actor_of(request), reason=form.cleaned_data["reason"], at=clock.now())
    except LetterError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The letter is sent again within a minute, with today's facts and wording.")
    return HttpResponseRedirect(reverse("admin:correspondence_letter_change", args=[letter.pk]))


def _letter(request: HttpRequest, object_id: str) -> Letter:
    if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < 19):
        raise Http404("There is no such letter.")
    own = Letter.objects.filter(district__in=own_book(request))
    letter = own.filter(pk=int(object_id)).select_related("district", "template").first()
    if letter is None:
        raise Http404("There is no such letter to a district of your book.")
    return letter


def _page(request: HttpRequest, letter: Letter, form: AgainForm, status: int) -> HttpResponse:
    events = list(letter.events.all()[:100])
    names = names_of(event.actor for event in events)
    tone, mark = TONES[LetterState(letter.state)]
    context = {
        **admin.site.each_context(request),
        "title": f"Letter: {letter.get_kind_display()}",
        "letter": letter,
        "years": school_years(letter.school_year),
        "tone": tone,
        "mark": mark,
        "rendered": as_sent(letter),
        "events": [{"event": event, "who": names[event.actor]} for event in events],
        "form": form if letter.state in SENT_AGAIN and letter.recipient_id else None,
        "is_unknown": letter.state == LetterState.UNKNOWN,
    }
    return render(request, "admin/correspondence/letter.html", context, status=status)
