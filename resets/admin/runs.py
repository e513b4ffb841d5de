"""Runs at the CSM's desk: what ran, what it counted, and how it was proven. For reading, and for asking again."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action, display

from resets.desk.run_pages import RunPages
from resets.errors import ScheduleError
from resets.models import ResetRun, RunState
from resets.services import request_run
from resets.templatetags.suites import suite_name
from tenants import clock
from tenants.desk import BookAdmin, ReadOnly, actor_of, school_years

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
        """The suite's name, or that of another app's data; its code when it is gone."""
        return suite_name(str(row.suite))

    @display(description="school year", ordering="school_year")
    def years(self, row: Any) -> str:
        """Such as 2025-26."""
        return school_years(row.school_year)


@admin.register(ResetRun)
class ResetRunAdmin(RunPages, SuiteYearColumns, ReadOnly, BookAdmin):
    """What ran; each has a page that tells how far it is and how it was proven."""

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
