"""Dates at the CSM's desk. A date is changed by the same service as everywhere, or refused by it."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.formats import date_format
from unfold.decorators import display

from resets.admin.forms import ScheduleForm
from resets.admin.runs import SuiteYearColumns
from resets.desk.pages import BoardPages
from resets.desk.pick import pick_first_page, pick_page
from resets.errors import ScheduleError
from resets.models import Answer, ResetSchedule, ScheduleChange
from resets.services import OPEN, schedule_reset
from tenants import clock
from tenants.desk import BookAdmin, RecordInline, actor_of

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


@admin.register(ResetSchedule)
class ResetScheduleAdmin(BoardPages, SuiteYearColumns, BookAdmin):
    """Every district's date. Each gets its date by itself; here it is moved, with a reason that is kept."""

    form = ScheduleForm
    fields = ("district", "suite_name", "years", "answer", "on", "reason", "exception_reason")
    readonly_fields = ("district", "suite_name", "years", "answer")
    inlines: ClassVar = [ScheduleChangeInline]
    list_display = ("district", "suite_name", "years", "on", "shown_answer")
    list_filter = ("answer", "suite", "school_year")
    list_select_related = ("district",)
    search_fields = ("district__name", "district__slug")
    search_help_text = "District"
    date_hierarchy = "on"
    ordering = ("-school_year", "on", "district__name", "pk")

    def get_urls(self) -> list[URLPattern]:
        """With the pages on which dates are picked."""
        view = self.admin_site.admin_view
        own = [
            path("<str:object_id>/date/", view(pick_page), name="resets_pick"),
            path(
                "first/<str:district_id>/<slug:suite>/<int:school_year>/",
                view(pick_first_page),
                name="resets_pick_first",
            ),
        ]
        found: list[URLPattern] = super().get_urls()
        return own + found

    @display(description="answer", ordering="answer", label=ANSWERS)
    def shown_answer(self, schedule: ResetSchedule) -> str:
        """What the district has said."""
        return schedule.get_answer_display()

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Every district gets its dates by itself."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """A date is moved, not taken away."""
        return False

    def has_change_permission(self, _request: HttpRequest, obj: ResetSchedule | None = None) -> bool:
        """Until the reset has been asked for."""
        return obj is None or not obj.runs.filter(state__in=OPEN).exists()

    def get_fields(self, request: HttpRequest, obj: ResetSchedule | None = None) -> Any:
        """What can only be read has no field for a reason."""
        fields = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return [name for name in fields if name != "reason"]

    def save_model(self, request: HttpRequest, obj: ResetSchedule, form: Any, change: bool) -> None:
        """Pick the date, as the service does it: with the actor, and a line in the history."""
        said = form.cleaned_data
        schedule_reset(
            obj.district, obj.suite, obj.school_year, said["on"], actor=actor_of(request),
            as_of=clock.today_in(obj.district.time_zone), reason=said["reason"],
            exception_reason=said["exception_reason"],
        )  # fmt: skip

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form; what somebody else did since it was shown is told, and nothing is changed."""
        try:
            answer: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        except ScheduleError as error:
            self.message_user(request, f"The date was not changed: {error}", messages.ERROR)
            return HttpResponseRedirect(request.path)
        return answer

    def response_change(self, request: HttpRequest, obj: ResetSchedule) -> HttpResponse:
        """Say what is so now, and what happens next."""
        when = date_format(obj.on)
        text = f"{obj.district}: {self.suite_name(obj)} is reset on {when}. The reset starts by itself on that day."
        self.message_user(request, text, messages.SUCCESS)
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.path)
        answer: HttpResponse = self.response_post_save_change(request, obj)
        return answer
