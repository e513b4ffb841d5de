"""The form of a window: what is wrong is told at its field, and whose dates it would break before it is saved."""

import copy
import datetime as dt
from typing import Any, ClassVar

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanSwitchWidget

from resets.desk.suites import suite_choices, suite_names
from resets.models import ResetWindow
from resets.window_conflicts import newly_broken

__all__ = ["WindowForm", "suite_names"]

LONGEST_LEAD = 120
LONGEST_GRACE = 30
NAMED = 3


class WindowForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A window, whose default date is a valid one."""

    suite = forms.ChoiceField(choices=suite_choices, widget=UnfoldAdminSelectWidget)
    save_all_the_same = forms.BooleanField(
        label="Save it also when districts' dates would break its rules",
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="They keep their dates, and the board shows them as conflicts, for their CSMs to move.",
    )

    class Meta:
        model = ResetWindow
        fields: ClassVar = [
            "suite", "school_year", "default_on", "earliest_on", "latest_on", "exception_allowed", "lead_days",
            "run_hour", "pauses_syncs", "export_grace_days",
        ]  # fmt: skip
        labels: ClassVar = {
            "default_on": "Default date", "earliest_on": "Earliest date", "latest_on": "Latest date",
            "exception_allowed": "The range may be left", "lead_days": "Lead time in days",
            "run_hour": "Starts at this hour", "pauses_syncs": "Nightly syncs pause",
            "export_grace_days": "Waits for the download, in days",
        }  # fmt: skip
        help_texts: ClassVar = {
            "exception_allowed": "For a date outside of the range, with a reason that is kept.",
            "run_hour": "From 0 to 23, in the district's own time.",
            "export_grace_days": "After its date, where the reset deletes and nobody has downloaded the year's data; "
            "but never into rostering, or beyond the latest date. 0: it does not wait.",
            "pauses_syncs": "From the reset date, until the district says that rostering is complete.",
        }

    def clean(self) -> dict[str, Any]:
        """The default date is inside the range, the range is in the year of the reset, and no date is broken unsaid."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        self._check_year(dict(cleaned))
        self._check_range(cleaned.get("earliest_on"), cleaned.get("latest_on"), cleaned.get("default_on"))
        if cleaned["run_hour"] > 23:
            self.add_error("run_hour", "Give a local hour from 0 to 23.")
        if cleaned["export_grace_days"] > LONGEST_GRACE:
            text = f"Give at most {LONGEST_GRACE} days: last year's data is not kept without need."
            self.add_error("export_grace_days", text)
        if cleaned["lead_days"] > LONGEST_LEAD:
            self.add_error("lead_days", f"Give at most {LONGEST_LEAD} days: nobody could pick a date in time.")
        if not self.errors and self.instance.pk and not cleaned.get("save_all_the_same"):
            self._check_dates(cleaned)
        return cleaned

    def _check_range(self, first: dt.date | None, last: dt.date | None, default: dt.date | None) -> None:
        """A field that is wrong already is not asked again."""
        if first is None or default is None:
            return
        if last and last < first:
            self.add_error("latest_on", f"That is before the earliest date, {_long(first)}. Give a later day, or none.")
        elif default < first or (last and default > last):
            end = f" to {_long(last)}" if last else " or later"
            text = f"Districts could not be given it: it is outside of the range, {_long(first)}{end}."
            self.add_error("default_on", text)

    def _check_year(self, cleaned: dict[str, Any]) -> None:
        year = cleaned.get("school_year") or self.instance.school_year
        for name in ("earliest_on", "default_on", "latest_on"):
            day = cleaned[name]
            if day and day.year != year:
                self.add_error(name, f"A reset is in {year}, the year in which that school year ends.")

    def _check_dates(self, cleaned: dict[str, Any]) -> None:
        """Tell how many districts' dates would be in conflict; nothing is saved until that is wanted."""
        before = ResetWindow.objects.get(pk=self.instance.pk)
        wanted = copy.copy(before)
        for name in ("earliest_on", "latest_on", "exception_allowed"):
            setattr(wanted, name, cleaned[name])
        broken = newly_broken(wanted, before)
        number = broken.count()
        if not number:
            return
        some = broken.select_related("district").order_by("on", "pk")[:NAMED]
        names = ", ".join(f"{schedule.district.name} ({_long(schedule.on)})" for schedule in some)
        whose = f"{number:,} district's date" if number == 1 else f"{number:,} districts' dates"
        more = f" and {number - NAMED:,} more" if number > NAMED else ""
        self.add_error(
            "save_all_the_same",
            f"{whose} would break the new rules: {names}{more}. Nothing is saved. Move them first, or tick this.",
        )


def _long(day: dt.date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
