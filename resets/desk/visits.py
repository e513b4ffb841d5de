"""Asking for a support visit into a district of the own book: why, for how long; then a ticket that opens it once."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.errors import VisitError
from accounts.visits import MINUTES, MOST_MINUTES, TICKET_SECONDS, ask_for_visit
from resets.desk.rows import portal_address
from tenants import clock
from tenants.desk import actor_of, own_book
from tenants.models import District

PAGE, TICKET = "admin/resets/visit.html", "admin/resets/visit_ticket.html"
CHOICES = [(minutes, f"{minutes} minutes") for minutes in (10, MINUTES, MOST_MINUTES)]


class VisitForm(forms.Form):
    """Why, and for how long."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text="The district reads it. No names of students.",
        error_messages={"required": "Give the reason: the district reads it."},
    )
    case = forms.CharField(
        label="Number of the support case, if there is one", max_length=60, required=False,
        widget=UnfoldAdminTextInputWidget,
    )  # fmt: skip
    minutes = forms.TypedChoiceField(
        label="How long", choices=CHOICES, coerce=int, initial=MINUTES, widget=UnfoldAdminSelectWidget
    )


@require_http_methods(["GET", "HEAD", "POST"])
def visit_page(request: HttpRequest, district: int) -> HttpResponse:
    """The form; a POST answers with the way in, which works once and within a minute."""
    found = own_book(request).filter(pk=min(district, 2**63 - 1), removed_at=None).first()
    if found is None:
        raise Http404("There is no such district in your book.")
    form = VisitForm(request.POST or None)
    if not form.is_valid():
        return _show(request, PAGE, found, {"form": form}, status=400 if form.errors else 200)
    said = form.cleaned_data
    name = str(getattr(request.user, "name", "")) or "Vendor staff"
    try:
        ticket = ask_for_visit(found, actor=actor_of(request), name=name, at=clock.now(), **said)
    except VisitError as error:
        messages.error(request, str(error))
        return _show(request, PAGE, found, {"form": form}, status=400)
    address = f"{portal_address(request, found)}visit/{ticket}/"
    return _show(request, TICKET, found, {"address": address, "seconds": TICKET_SECONDS, **said})


def _show(
    request: HttpRequest, template: str, district: District, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    own = {
        **admin.site.each_context(request),
        "title": f"Visit {district.name}",
        "district": district,
        "timeline": reverse("admin:resets_timeline", args=[district.pk]),
    }
    return render(request, template, {**own, **context}, status=status)
