"""Correspondence at the CSM's desk: the list of letters, which leads to the pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display

from correspondence.desk.editor import editor_page, templates_page
from correspondence.desk.letter import letter_page
from correspondence.desk.upcoming import upcoming_page
from correspondence.models import Letter, LetterState
from resets.admin.runs import SuiteYearColumns
from tenants.desk import BookAdmin, ReadOnly, desk_pages

STATES = {
    LetterState.WAITING.label: "info",
    LetterState.SENDING.label: "info",
    LetterState.SENT.label: "success",
    LetterState.FAILED.label: "danger",
    LetterState.BOUNCED.label: "danger",
    LetterState.UNKNOWN.label: "warning",
}


@admin.register(Letter)
class LetterAdmin(SuiteYearColumns, ReadOnly, BookAdmin):
    """What was sent when, to which district, and what became of it."""

    list_display = ("district", "kind", "suite_name", "years", "shown_recipient", "shown_state", "sent_at")
    list_filter = ("state", "kind", "suite", "school_year")
    list_select_related = ("district",)
    search_fields = ("district__name", "district__slug")
    search_help_text = "District"
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    actions = None

    @display(description="to")
    def shown_recipient(self, letter: Letter) -> str:
        """Role and number."""
        return letter.recipient

    @display(description="state", ordering="state", label=STATES)
    def shown_state(self, letter: Letter) -> str:
        """The state in words."""
        return letter.get_state_display()

    def get_urls(self) -> list[Any]:
        """The pages, before the list's own, one of which takes any word for a key."""
        views: dict[str, tuple[str, Any]] = {
            "correspondence_upcoming": ("upcoming/", upcoming_page),
            "correspondence_templates": ("templates/", templates_page),
            "correspondence_template": ("templates/<slug:kind>/", editor_page),
        }
        return [*desk_pages(self.admin_site, views), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        """The letter's page."""
        return letter_page(request, object_id)
