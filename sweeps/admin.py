"""Searches and incidents at the CSM's desk."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from unfold.decorators import display

from sweeps.errors import IncidentError
from sweeps.models import Incident, Outcome, Sweep
from sweeps.services import close_incident
from tenants import clock
from tenants.desk import BookAdmin, ReadOnly, actor_of
from tenants.templatetags.words import counted


@admin.register(Sweep)
class SweepAdmin(ReadOnly, BookAdmin):
    """What was searched for after each destruction, and what was found: counts and places."""

    list_display = ("district", "what", "ledger_number", "people", "samples", "shown_result", "finished_at")
    list_filter = ("what",)
    list_select_related = ("district",)
    search_fields = ("district__name", "district__slug")
    search_help_text = "District"
    actions = None

    @display(description="result", label={"Nothing found": "success", "Found": "danger", "Waits": "info"})
    def shown_result(self, sweep: Sweep) -> str:
        """What it found."""
        if sweep.finished_at is None:
            return "Waits"
        return "Found" if sweep.hits else "Nothing found"


@admin.register(Incident)
class IncidentAdmin(ReadOnly, BookAdmin):
    """What was found that should have been gone; closed by a person, with a reason."""

    list_display = ("district", "shown_state", "shown_after", "shown_found", "opened_at", "closed_at")
    list_filter = (("closed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("district", "sweep")
    search_fields = ("district__name", "district__slug")
    search_help_text = "District"
    actions = None

    @display(description="state", label={"Open": "danger", "Closed": "success"})
    def shown_state(self, incident: Incident) -> str:
        """Open or closed."""
        return "Closed" if incident.closed_at else "Open"

    @display(description="search after")
    def shown_after(self, incident: Incident) -> str:
        """The disposition that it followed."""
        return f"{incident.sweep.what}, entry {incident.sweep.ledger_number}"

    @display(description="found in")
    def shown_found(self, incident: Incident) -> str:
        """In how many places something was found."""
        return counted(len(incident.sweep.hits), "place,places")

    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        """One incident; a POST closes it."""
        incident = self.get_object(request, object_id)
        if incident is None:
            raise Http404("There is no such incident in your book.")
        error = ""
        if request.method == "POST":
            try:
                said = {name: request.POST.get(name, "")[:500] for name in ("outcome", "reason")}
                close_incident(incident, **said, actor=actor_of(request), at=clock.now())
            except IncidentError as refused:
                error = str(refused)
            else:
                messages.success(request, "The incident is closed.")
                return redirect("admin:sweeps_incident_change", incident.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Incident {incident.pk}",
            "incident": incident,
            "sweep": incident.sweep,
            "outcomes": Outcome.choices,
            "outcome": request.POST.get("outcome", ""),
            "reason": request.POST.get("reason", ""),
            "error": error,
        }
        return render(request, "admin/sweeps/incident.html", context, status=400 if error else 200)
