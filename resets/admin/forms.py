"""The form of a window: what is wrong is told at its field."""

from typing import Any, ClassVar

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget

from resets.desk.suites import suite_choices, suite_names
from resets.models import ResetWindow

__all__ = ["WindowForm", "suite_choices", "suite_names"]


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
