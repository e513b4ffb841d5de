"""Reset windows at the CSM's desk: data that superusers edit and every CSM reads."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin

from resets.admin.forms import WindowForm
from resets.admin.runs import SuiteYearColumns
from resets.desk.year import carry_page, current_year_page, year_page
from resets.models import ResetSchedule, ResetWindow
from tenants.desk import desk_pages, is_superuser

RANGE = "Districts that do not answer get the default date. With a latest date the window is a range, as Hero's."
DAY = "On each district's reset date; one that deletes waits for the download of the year's data, if it is given days."


@admin.register(ResetWindow)
class ResetWindowAdmin(SuiteYearColumns, ModelAdmin):
    """When a suite may be reset in a school year, for every district: a CSM, who answers for some of them, reads it."""

    form = WindowForm
    show_full_result_count = False
    list_display = ("suite_name", "years", "default_on", "earliest_on", "latest_on", "run_hour", "pauses_syncs")
    list_filter = ("school_year", "suite")

    def get_urls(self) -> list[Any]:
        """With the pages of a school year, before the list's own, one of which takes any word for a key."""
        views: dict[str, tuple[str, Any]] = {
            "resets_year_now": ("year/", current_year_page),
            "resets_year": ("year/<int:school_year>/", year_page),
            "resets_carry": ("year/<int:school_year>/carry/", carry_page),
        }
        return [*desk_pages(self.admin_site, views), *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: ResetWindow | None = None) -> Any:
        """What it bounds, and what happens on the day. A window keeps its suite and its year: dates hang on both."""
        which = ("suite_name", "years") if obj else ("suite", "school_year")
        found: list[Any] = [
            (None, {"fields": which}),
            ("Which dates", {
                "fields": ("default_on", "earliest_on", "latest_on", "exception_allowed", "lead_days"),
                "description": RANGE,
            }),
            ("On the day", {"fields": ("run_hour", "pauses_syncs", "export_grace_days"), "description": DAY}),
        ]  # fmt: skip
        if obj and self.has_change_permission(request, obj):
            found.append(("Dates that there are", {"fields": ("save_all_the_same",)}))
        return found

    def get_readonly_fields(self, _request: HttpRequest, obj: ResetWindow | None = None) -> Any:
        """The suite and the year, once it is made."""
        return ("suite", "school_year", "suite_name", "years") if obj else ("suite_name", "years")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, _obj: ResetWindow | None = None) -> bool:
        """Superusers only."""
        return is_superuser(request)

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Districts' dates stand on it."""
        return False

    def response_change(self, request: HttpRequest, obj: ResetWindow) -> HttpResponse:
        """Say what is so now: how many dates hang on it, and how many of them break a rule by now."""
        dated = ResetSchedule.objects.filter(suite=obj.suite, school_year=obj.school_year)
        number, broken = dated.count(), dated.exclude(conflicts="").count()
        text = f"{self.suite_name(obj)}, {self.years(obj)}: saved. {number:,} dates hang on it"
        tail = f"; {broken:,} break a rule by now, and the board shows them." if broken else ", and all are valid."
        self.message_user(request, text + tail, messages.WARNING if broken else messages.SUCCESS)
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.path)
        return HttpResponseRedirect(reverse("admin:resets_year", args=[obj.school_year]))
