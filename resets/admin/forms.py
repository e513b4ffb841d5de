"""The forms of the CSM's desk: a refused date is told at its field, with the nearest valid one."""

from typing import Any, ClassVar

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from resets.desk.suites import suite_choices, suite_names
from resets.errors import NoWindowError
from resets.models import ResetSchedule, ResetWindow
from resets.selectors import date_refusals, has_suite
from tenants import clock

__all__ = ["ScheduleForm", "WindowForm", "suite_choices", "suite_names"]


class WindowForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A window, whose default date is a valid one."""

    suite = forms.ChoiceField(choices=suite_choices, widget=UnfoldAdminSelectWidget)

    class Meta:
        model = ResetWindow
        fields: ClassVar = [
            "suite", "school_year", "default_on", "earliest_on", "latest_on", "exception_allowed", "lead_days",
            "run_hour", "pauses_syncs",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The default date is inside the range, and the range is in the year of the reset."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        first, last, default = cleaned["earliest_on"], cleaned["latest_on"], cleaned["default_on"]
        if last and last < first:
            self.add_error("latest_on", f"That is before the earliest date, {first}. Give a later day, or none.")
        if default < first or (last and default > last):
            self.add_error("default_on", "The default date is outside of the range: districts could not be given it.")
        if first.year != cleaned["school_year"]:
            self.add_error("earliest_on", f"A reset is in {cleaned['school_year']}, the year in which that year ends.")
        if cleaned["run_hour"] > 23:
            self.add_error("run_hour", "Give a local hour from 0 to 23.")
        return cleaned


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Another date for one district's suite."""

    reason = forms.CharField(
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text="Why the date is moved, and who asked. Kept in the history; no names of students.",
    )

    class Meta:
        model = ResetSchedule
        fields: ClassVar = ["on", "exception_reason"]
        labels: ClassVar = {"on": "Reset date"}
        help_texts: ClassVar = {
            "on": "The district's local date.",
            "exception_reason": "Only for a date outside of the window's range, where the window allows that.",
        }

    def clean(self) -> dict[str, Any]:
        """Ask the rules of the window and the district about the date."""
        cleaned: dict[str, Any] = super().clean() or {}
        on = cleaned.get("on")
        if on is None:
            return cleaned
        schedule: ResetSchedule = self.instance
        district = schedule.district
        try:
            refused = date_refusals(
                district, schedule.suite, schedule.school_year, on, as_of=clock.today_in(district.time_zone),
                exception_reason=cleaned.get("exception_reason", ""),
            )  # fmt: skip
        except NoWindowError as error:
            self.add_error("on", str(error))
            return cleaned
        for refusal in refused:
            self.add_error("on", refusal.text)
        if not refused and not has_suite(district, schedule.suite, on):
            self.add_error("on", "The district subscribes to no product of this suite on that day.")
        return cleaned
