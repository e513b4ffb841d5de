"""The form with which many dates are changed at once."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from resets.bulk.wish import Kind, Wish
from resets.desk.pick_form import REASON, DayInput

FURTHEST = 120
KINDS = [
    (Kind.DATE, "One date for all"),
    (Kind.DEFAULT, "The suite's default date, or the earliest after the school year and the summer session"),
    (Kind.DAYS, "Move each date by some days"),
]


class BulkForm(forms.Form):
    """Which date, and why."""

    kind = forms.ChoiceField(
        label="The new date", choices=KINDS, initial=Kind.DATE, widget=forms.RadioSelect,
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one of these."},
    )  # fmt: skip
    on = forms.DateField(
        label="The date for all", required=False, widget=DayInput, help_text="For “One date for all”.",
        error_messages={"invalid": "Write the date as year-month-day: 2026-07-14."},
    )  # fmt: skip
    days = forms.IntegerField(
        label="By how many days", required=False, min_value=-FURTHEST, max_value=FURTHEST,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="For “Move each date”: 7 for a week later, -7 for a week earlier.",
    )  # fmt: skip
    reason = forms.CharField(
        label="Reason", max_length=300, widget=UnfoldAdminTextInputWidget, help_text=REASON,
        error_messages={"required": "Say in a few words why: the reason is kept in every date's history."},
    )  # fmt: skip
    exception_reason = forms.CharField(
        label="Reason for an exception", max_length=300, required=False, widget=UnfoldAdminTextInputWidget,
        help_text="Only for dates outside of a range that its window lets leave, such as Hero's.",
    )  # fmt: skip
    nearest = forms.BooleanField(
        label="Whoever is refused gets the nearest valid date", required=False, widget=forms.CheckboxInput
    )

    def clean(self) -> dict[str, Any]:
        """What the choice needs is there."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") == Kind.DATE and not cleaned.get("on") and "on" not in self.errors:
            self.add_error("on", "Choose the date.")
        if cleaned.get("kind") == Kind.DAYS and not cleaned.get("days") and "days" not in self.errors:
            self.add_error("days", "Say by how many days, such as 7 or -7.")
        return cleaned

    def wish(self) -> Wish:
        """The wish of a valid form."""
        said = self.cleaned_data
        kind = Kind(said["kind"])
        return Wish(
            kind=kind,
            on=said["on"] if kind == Kind.DATE else None,
            days=said["days"] if kind == Kind.DAYS else 0,
            nearest=said["nearest"],
            exception_reason=said["exception_reason"],
        )
