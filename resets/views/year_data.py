"""How a reset stands to the year's data, on the pages of the portal."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django_tenants.utils import schema_context

from accounts.pages import Chip
from resets.exports.standing import ExportState, Standing, standings
from resets.exports.words import SHORT, state_words, tone, until_words, waits_words
from resets.views.words import who_words

if TYPE_CHECKING:
    from resets.views.reads import SuiteYear

MARKS = {"good": "✓", "warn": "!"}
WAITS = Chip("Waits for the download", "warn", "○")


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


def with_data(years: "list[SuiteYear]", now: dt.datetime) -> "list[SuiteYear]":
    """The same suites and years; those that are still to be reset with their year's data, in one query."""
    ahead = [year.schedule.pk for year in years if year.schedule and not year.is_done]
    if not ahead:
        return years
    with schema_context("public"):
        found = standings(ahead, now)
    data = {key: YearData(standing, standing.waits(now)) for key, standing in found.items()}
    return [replace(year, data=data.get(year.schedule.pk)) if year.schedule else year for year in years]
