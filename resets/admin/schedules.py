"""Dates at the CSM's desk: a list and a record of each, which lead to the pages on which dates are picked."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.views import ChangeList

from resets.admin.runs import SuiteYearColumns
from resets.desk.bulk import choose_dates
from resets.desk.date_pages import DatePages
from resets.desk.pages import BoardPages
from resets.errors import ScheduleError
from resets.models import Answer, ResetSchedule, ScheduleChange
from tenants.desk import BookAdmin, ReadOnly, RecordInline

ANSWERS = {
    Answer.NONE.label: "warning",
    Answer.AGREED.label: "success",
    Answer.ASKED.label: "danger",
    Answer.CUSTOM.label: "info",
}


class ScheduleChangeInline(RecordInline):
    """The date's history."""

    model = ScheduleChange
    fields = ("at", "before", "after", "answer", "actor", "reason")
    readonly_fields = fields
    verbose_name_plural = "history of this date"

    @display(description="from")
    def before(self, change: ScheduleChange) -> str:
        """The date that it had."""
        return date_format(change.from_on) if change.from_on else "-"

    @display(description="to")
    def after(self, change: ScheduleChange) -> str:
        """The date that it got."""
        return date_format(change.to_on)


class DatesList(ChangeList):
    """The list, whose lines lead to where a date is picked."""

    def url_for_result(self, result: ResetSchedule) -> str:
        """The page on which its date is picked, with its history."""
        return reverse("admin:resets_pick", args=[result.pk])


@admin.register(ResetSchedule)
class ResetScheduleAdmin(SuiteYearColumns, BoardPages, DatePages, ReadOnly, BookAdmin):
    """Every district's date, as a record. Each gets its date by itself; it is moved on a page of its own."""

    fields = ("district", "suite_name", "years", "answer", "on", "exception_reason", "pick_link")
    readonly_fields = fields
    inlines: ClassVar = [ScheduleChangeInline]
    list_display = ("district", "suite_name", "years", "on", "shown_answer")
    list_filter = ("answer", "suite", "school_year")
    list_select_related = ("district",)
    search_fields = ("district__name", "district__slug")
    search_help_text = "District"
    ordering = ("-school_year", "on", "pk")
    actions: ClassVar = ["change_dates"]

    def get_changelist(self, _request: HttpRequest, **_: Any) -> type[ChangeList]:
        """The list with its own addresses."""
        return DatesList

    @display(description="answer", ordering="answer", label=ANSWERS)
    def shown_answer(self, schedule: ResetSchedule) -> str:
        """What the district has said."""
        return schedule.get_answer_display()

    @display(description="to change it")
    def pick_link(self, schedule: ResetSchedule) -> str:
        """The way to the page on which the date is picked."""
        address = reverse("admin:resets_pick", args=[schedule.pk])
        return format_html('<a class="d-link" href="{}">Pick another date</a>', address)

    @action(description="Change the date of the chosen ones")
    def change_dates(self, request: HttpRequest, schedules: QuerySet[ResetSchedule]) -> HttpResponse | None:
        """The first step of changing many dates."""
        try:
            return choose_dates(request, schedules)
        except ScheduleError as error:
            self.message_user(request, f"Nothing was changed: {error}.", messages.ERROR)
            return None
