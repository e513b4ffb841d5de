"""Packages at the CSM's desk: how far each district is. States, dates and counts only; no file is handed out here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from reports.packages.models import Package
from reports.packages.showing import chip_of
from tenants.desk import BookAdmin, ReadOnly, school_years

TONES = {"Ready: built and checked": "success", "Not built": "danger", "Waits for a worker": "warning"}


@admin.register(Package)
class PackageAdmin(ReadOnly, BookAdmin):
    """Year packages of the own book."""

    list_display = ("shown_year", "district", "shown_state", "downloads", "kept_until", "asked_at")
    list_filter = ("state", "suite", "school_year")
    list_select_related = ("district",)
    search_fields = ("district__name", "district__slug")
    actions = None
    fields = (
        "district", "suite", "school_year", "state", "error", "asked_at", "snapshot_at", "built_at", "kept_until",
        "rows", "students", "downloads", "gone_at", "gone_reason",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Package]:
        """Without the lists of contents."""
        rows: QuerySet[Package] = super().get_queryset(request)
        return rows.defer("contents")

    @display(description="package")
    def shown_year(self, package: Package) -> str:
        """Suite and school year."""
        return f"{package.suite} {school_years(package.school_year)}"

    @display(description="state", label=TONES)
    def shown_state(self, package: Any) -> str:
        """The state in words."""
        return chip_of(package).words
