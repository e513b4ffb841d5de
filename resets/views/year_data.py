"""The year's data on the portal: how a reset stands to it, and waiving the wait with a typed confirmation."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django_tenants.utils import schema_context

from accounts.pages import Chip, district_admin, district_of
from products.datamap import Suite
from resets.errors import ScheduleError
from resets.exports.services import waive_export
from resets.exports.standing import ExportState, Standing, standings
from resets.exports.words import SHORT, state_words, tone, until_words, waits_words
from resets.views.reads import SuiteYear
from resets.views.words import who_words
from tenants import clock

MARKS = {"good": "✓", "warn": "!"}


class WaiveForm(forms.Form):
    """Why nobody downloads the year's data, and the district's name typed."""

    why = forms.CharField(
        label="Why you need no copy",
        max_length=300,
        help_text="Your customer success manager reads it. Write no names here.",
        error_messages={"required": "Say in a few words why: it is kept."},
    )
    confirmed = forms.CharField(max_length=255, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, word: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.word = word
        self.use_required_attribute = False
        self.fields["confirmed"].label = f"Type the district's name to confirm: {word}"
        self.fields["confirmed"].error_messages["required"] = f"Type it exactly: {word}"

    def clean_confirmed(self) -> str:
        """The name, typed exactly."""
        said = str(self.cleaned_data["confirmed"]).strip()
        if said != self.word:
            raise forms.ValidationError(f"Type it exactly: {self.word}")
        return said


@dataclass(frozen=True)
class YearData:
    """How a reset stands to its year's data, for whoever reads the portal."""

    standing: Standing
    waits: bool

    @property
    def chip(self) -> Chip:
        """In a word or two."""
        shown = tone(self.standing)
        return Chip(SHORT[self.standing.state], shown, MARKS.get(shown, "○"))

    @property
    def text(self) -> str:
        """In sentences: what is missing, and until when the reset waits."""
        if self.waits:
            return waits_words(self.standing)
        return " ".join(filter(None, (state_words(self.standing), until_words(self.standing))))

    @property
    def waived_by(self) -> str:
        """Who waived it, by role; empty when nobody has."""
        export = self.standing.export
        return who_words(export.waived_by) if export and export.waived_at else ""

    @property
    def is_told(self) -> bool:
        """Whether there is anything to tell."""
        return self.standing.state is not ExportState.FREE


def year_data(years: Iterable[SuiteYear]) -> dict[int, YearData]:
    """The year's data of each suite and year that is still to be reset, by its schedule's key; one query in all."""
    ahead = [year.schedule.pk for year in years if year.schedule and not year.is_done]
    if not ahead:
        return {}
    now = clock.now()
    with schema_context("public"):
        found = standings(ahead, now)
    return {key: YearData(standing, standing.waits(now)) for key, standing in found.items()}


def waive(request: HttpRequest, suite: Suite, school_year: int, form: WaiveForm) -> bool:
    """Waive the wait for the district's admin; false when the form has to be shown again."""
    user = district_admin(request)
    if not form.is_valid():
        return False
    try:
        waive_export(
            district_of(request), suite.code, school_year, actor=user.actor, reason=form.cleaned_data["why"],
            at=clock.now(),
        )  # fmt: skip
    except ScheduleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"The reset of {suite.name} waits for no download. Your reason is kept.")
    return True
