"""The archived school years at the CSM's desk."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from archiving.cells.desk import numbers_page
from archiving.years.models import ArchivedYear, YearState
from resets.admin.runs import SuiteYearColumns
from tenants.desk import BookAdmin, ReadOnly, desk_pages

STATES = {
    YearState.ARCHIVED.label: "success",
    YearState.RESTORED.label: "warning",
    YearState.ANONYMIZED.label: "info",
    YearState.DESTROYED.label: "danger",
}


@admin.register(ArchivedYear)
class ArchivedYearAdmin(SuiteYearColumns, ReadOnly, BookAdmin):
    """Per district, suite and school year what the archive holds, and in which state."""

    fields = ("district", "suite_name", "years", "shown_state", "since", "run", "shown_counts", "restored_schools")
    readonly_fields = fields
    list_display = ("district", "suite_name", "years", "shown_state", "since", "shown_rows")
    list_filter = ("state", "suite", "school_year")
    search_fields = ("district__name", "district__slug")
    search_help_text = "District"
    ordering = ("-school_year", "district", "suite")

    def get_urls(self) -> list[Any]:
        """The numbers of a district's anonymized data, before the list's own pages."""
        views: dict[str, tuple[str, Any]] = {"archive_numbers": ("numbers/<int:district>/", numbers_page)}
        return [*desk_pages(self.admin_site, views), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ArchivedYear]:
        """The own book's."""
        return super().get_queryset(request).select_related("district", "run")

    @display(description="state", ordering="state", label=STATES)
    def shown_state(self, year: ArchivedYear) -> str:
        """The state in words."""
        return year.get_state_display()

    @display(description="rows in the archive")
    def shown_rows(self, year: ArchivedYear) -> str:
        """With separators."""
        return f"{year.rows:,}"

    @display(description="rows by category")
    def shown_counts(self, year: ArchivedYear) -> str:
        """In one line."""
        return ", ".join(f"{category} {rows:,}" for category, rows in sorted(year.counts.items())) or "none"
