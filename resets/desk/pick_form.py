"""The form with which a date is picked, and what it answers while the CSM chooses."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from unfold.widgets import INPUT_CLASSES, UnfoldAdminTextInputWidget

from approvals.models import Approval
from resets.counted import counted_preview
from resets.dates import Refusal, is_early_only
from resets.desk.chosen import Chosen
from resets.desk.nights import Night, night_of
from resets.early import early_asked
from resets.models import PreviewCount, ResetSchedule, ResetWindow
from resets.selectors import pick_refusals, schedules_of
from resets.views.words import days_left_words

REASON = "Why the date is picked, and who asked. Kept in the history; no names of students."
EXCEPTION = "Only for a date outside of the window's range: why this district's data must be archived then."


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": " ".join(INPUT_CLASSES), **(attrs or {})}, format="%Y-%m-%d")


class PickForm(forms.Form):
    """A date, why, and for a date outside of a range why that."""

    on = forms.DateField(
        label="Reset date",
        widget=DayInput,
        help_text="The district's local date.",
        error_messages={"required": "Choose a date.", "invalid": "Write the date as year-month-day: 2026-07-14."},
    )
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=REASON,
        error_messages={"required": "Say in a few words why: the reason is kept in the history."},
    )
    exception_reason = forms.CharField(
        label="Reason for an exception", max_length=300, required=False, widget=UnfoldAdminTextInputWidget,
        help_text=EXCEPTION,
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, chosen: Chosen, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not chosen.exception_allowed:
            del self.fields["exception_reason"]

    def said(self, name: str) -> str:
        """What was typed into a field, also when the form as a whole is not valid."""
        return str(self.data.get(name, self.initial.get(name, "")) or "").strip()

    def day(self) -> dt.date | None:
        """The date that was typed or is there; None when it is no date."""
        value = self.data.get("on") if self.is_bound else self.initial.get("on")
        try:
            found = self.fields["on"].clean(value)
        except forms.ValidationError:
            return None
        return found if isinstance(found, dt.date) else None


@dataclass(frozen=True)
class Verdict:
    """What is said of a date before it is picked.

    Attributes:
        is_same: it is the date that there is already.
        others: the district's other suites' dates of the same school year.
        counted: what the reset would do, as counted last; None while it never was.
        early: what was asked of a second person for this date; None where nobody asked.
    """

    on: dt.date
    refusals: tuple[Refusal, ...]
    is_same: bool
    days_left: str
    night: Night
    others: tuple[ResetSchedule, ...]
    counted: PreviewCount | None
    early: Approval | None

    @property
    def may_be_early(self) -> bool:
        """Whether nothing is against it but the window's earliest date, for which two people may stand."""
        return is_early_only(self.refusals)

    @property
    def nearest(self) -> dt.date | None:
        """The nearest valid date, when this one is refused."""
        return self.refusals[0].nearest if self.refusals else None


def verdict_on(chosen: Chosen, window: ResetWindow, on: dt.date, exception_reason: str) -> Verdict:
    """Ask every rule about a date, and what else happens then."""
    refusals = pick_refusals(chosen.district, window, on, as_of=chosen.as_of, exception_reason=exception_reason)
    is_early = is_early_only(refusals)
    others = schedules_of(chosen.district).filter(school_year=chosen.school_year).exclude(suite=chosen.suite.code)
    return Verdict(
        on=on,
        refusals=refusals,
        is_same=chosen.schedule is not None and chosen.schedule.on == on,
        days_left=days_left_words(on, chosen.as_of),
        night=night_of(on, chosen.school_year, besides=chosen.district.pk),
        others=tuple(others),
        counted=counted_preview(chosen.schedule) if chosen.schedule else None,
        early=early_asked(chosen.district, chosen.suite.code, chosen.school_year, on) if is_early else None,
    )
