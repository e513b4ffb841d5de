"""The board's filters as a form: only its looks; what it sends is read by `resets.desk.filters`."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest
from unfold.widgets import CHECKBOX_CLASSES, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from resets.desk.export_filter import LABELS
from resets.desk.filters import NO_RUN, NOBODY, BoardFilters
from resets.desk.suites import suite_choices
from resets.models import Answer, ResetWindow, RunState
from tenants.desk import is_superuser, school_years
from tenants.models import Csm

ANY = ("", "Any")
ORDERS = (
    ("date", "Date", "soonest first", "latest first"),
    ("district", "District", "A to Z", "Z to A"),
    ("suite", "Suite", "A to Z", "Z to A"),
    ("answer", "Answer", "most urgent first", "settled first"),
    ("ready", "Readiness", "least ready first", "most ready first"),
    ("sync", "Last sync", "longest ago first", "newest first"),
)
Choices = list[tuple[str, str]]


class FilterForm(forms.Form):
    """One field for each thing that the board can be narrowed by, and the order."""

    q = forms.CharField(label="District, host or NCES id", widget=UnfoldAdminTextInputWidget({"type": "search"}))
    year = forms.ChoiceField(label="School year", widget=UnfoldAdminSelectWidget)
    suite = forms.ChoiceField(label="Suite", widget=UnfoldAdminSelectWidget)
    answer = forms.ChoiceField(label="Answer", widget=UnfoldAdminSelectWidget)
    run = forms.ChoiceField(label="State of the run", widget=UnfoldAdminSelectWidget)
    export = forms.ChoiceField(label="The year's data", widget=UnfoldAdminSelectWidget)
    csm = forms.ChoiceField(label="Book of", widget=UnfoldAdminSelectWidget)
    sort = forms.ChoiceField(label="In order of", widget=UnfoldAdminSelectWidget)

    def __init__(self, request: HttpRequest, filters: BoardFilters, year: int, without: Sequence[str] = ()) -> None:
        said = {name: getattr(filters, name) for name in ("suite", "answer", "run", "export", "csm", "sort")}
        initial = {**said, "q": filters.search, "year": year}
        super().__init__(initial=initial, auto_id="filter_%s", label_suffix="", use_required_attribute=False)
        choices: dict[str, Choices] = {
            "year": _years(year), "suite": [ANY, *suite_choices()], "answer": [ANY, *_labels(Answer)],
            "run": [ANY, (NO_RUN, "None yet"), *_labels(RunState)], "export": [ANY, *LABELS], "sort": _orders(),
            "csm": _csms() if is_superuser(request) else [],
        }  # fmt: skip
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]  # they are all choices
        for name in without if is_superuser(request) else (*without, "csm"):
            del self.fields[name]


def date_inputs(filters: BoardFilters) -> list[dict[str, Any]]:
    """The two fields of the range of dates: the browser's own, which need no JavaScript."""
    return [
        {"name": "from", "label": "Reset from", "value": filters.first_on},
        {"name": "to", "label": "Reset to", "value": filters.last_on},
    ]


def ticks(filters: BoardFilters) -> list[dict[str, Any]]:
    """The boxes to tick."""
    words = {"conflicts": "With conflicts", "held": "Held", "undated": "Without a date"}
    return [
        {"name": name, "label": label, "checked": getattr(filters, name), "classes": " ".join(CHECKBOX_CLASSES)}
        for name, label in words.items()
    ]


def _years(shown: int) -> Choices:
    years = {*ResetWindow.objects.order_by().values_list("school_year", flat=True).distinct(), shown}
    return [(str(year), school_years(year)) for year in sorted(years, reverse=True)]


def _labels(states: type[models.TextChoices]) -> Choices:
    return [(str(value), str(label)) for value, label in states.choices]


def _orders() -> Choices:
    orders = []
    for code, column, first, last in ORDERS:
        orders += [(code, f"{column}: {first}"), (f"-{code}", f"{column}: {last}")]
    return orders


def _csms() -> Choices:
    csms = Csm.objects.order_by("name", "pk").values_list("pk", "name")
    return [("", "Everybody"), *((str(key), name) for key, name in csms), (NOBODY, "Nobody")]
