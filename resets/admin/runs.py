"""Runs at the CSM's desk: what ran, what it counted, and how it was proven. For reading, and for asking again."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action, display

from products.registry import suite_named
from resets.desk.suites import suite_names
from resets.errors import ScheduleError
from resets.models import ResetRun, RunCount, RunState
from resets.services import request_run
from tenants import clock
from tenants.desk import BookAdmin, ReadOnly, RecordInline, actor_of, school_years

STATES = {
    RunState.QUEUED.label: "info",
    RunState.RUNNING.label: "warning",
    RunState.COMPLETED.label: "success",
    RunState.FAILED.label: "danger",
}


class SuiteYearColumns:
    """A suite and a school year as people call them."""

    @display(description="suite", ordering="suite")
    def suite_name(self, row: Any) -> str:
        """The suite's name; its code when the suite is gone."""
        return suite_names().get(row.suite, str(row.suite))

    @display(description="school year", ordering="school_year")
    def years(self, row: Any) -> str:
        """Such as 2025-26."""
        return school_years(row.school_year)


class RunCountInline(RecordInline):
    """The evidence: one line per rule and school."""

    model = RunCount
    fields = (
        "category_name", "action_words", "school", "rows_before", "rows_retained", "rows_archived", "rows_deleted",
        "rows_changed",
    )  # fmt: skip
    readonly_fields = fields
    per_page = 50
    verbose_name_plural = "counts per rule and school: before = retained + archived + deleted + changed"

    def get_queryset(self, request: HttpRequest) -> QuerySet[RunCount]:
        """With the run, which says whose suite's categories they are."""
        counts: QuerySet[RunCount] = super().get_queryset(request)
        return counts.select_related("run")

    @display(description="category")
    def category_name(self, count: RunCount) -> str:
        """The data category as the pages call it; its code when the suite no longer has it."""
        try:
            return suite_named(count.run.suite).category(count.category).label
        except LookupError:
            return count.category

    @display(description="action")
    def action_words(self, count: RunCount) -> str:
        """What the policy says about it."""
        return count.action

    @display(description="school no.")
    def school(self, count: RunCount) -> str:
        """The school's number in its district; its name stays there."""
        return "no school" if count.school_id is None else str(count.school_id)

    @display(description="before")
    def rows_before(self, count: RunCount) -> str:
        """Rows before the run."""
        return str(intcomma(count.before))

    @display(description="retained")
    def rows_retained(self, count: RunCount) -> str:
        """Rows that stay where they are, as they are."""
        return str(intcomma(count.retained))

    @display(description="archived")
    def rows_archived(self, count: RunCount) -> str:
        """Rows that went into the archive."""
        return str(intcomma(count.archived))

    @display(description="deleted")
    def rows_deleted(self, count: RunCount) -> str:
        """Rows that are gone."""
        return str(intcomma(count.deleted))

    @display(description="changed")
    def rows_changed(self, count: RunCount) -> str:
        """Rows that stay with other values."""
        return str(intcomma(count.changed))


@admin.register(ResetRun)
class ResetRunAdmin(SuiteYearColumns, ReadOnly, BookAdmin):
    """What ran, and how it was proven."""

    inlines: ClassVar = [RunCountInline]
    readonly_fields = ("suite_name", "years")
    fieldsets: ClassVar = [
        ("The reset", {"fields": ("district", "suite_name", "years", "on", "state", "error", "schedule")}),
        ("When and by whom", {"fields": ("actor", "created_at", "started_at", "finished_at", "attempts", "step")}),
        (
            "How it was verified: the evidence as it was recorded",
            {"fields": ("policy_version", "evidence", "log", "undo_tables"), "classes": ("collapse",)},
        ),
    ]
    list_display = ("district", "suite_name", "years", "on", "shown_state", "attempts", "finished_at")
    list_filter = ("state", "suite", "school_year")
    list_select_related = ("district",)
    search_fields = ("district__name", "district__slug", "=id")
    search_help_text = "District, or the run's id"
    ordering = ("-created_at", "pk")
    actions: ClassVar = ["ask_again"]

    @display(description="state", ordering="state", label=STATES)
    def shown_state(self, run: ResetRun) -> str:
        """The state in words."""
        return run.get_state_display()

    @action(description="Ask for another run of the failed ones")
    def ask_again(self, request: HttpRequest, runs: QuerySet[ResetRun]) -> None:
        """Ask for another run of those that failed; the others are named and left."""
        for run in runs.select_related("district"):
            try:
                request_run(run.district, run.suite, run.school_year, actor=actor_of(request), now=clock.now())
            except ScheduleError as error:
                self.message_user(request, f"{run.district}: not asked for: {error}", messages.ERROR)
            else:
                self.message_user(
                    request, f"{run.district}: another run of {run.suite} is asked for.", messages.SUCCESS
                )
