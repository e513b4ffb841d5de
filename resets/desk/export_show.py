"""The year's data of a reset, as the desk shows it: on the board, a run's page, the first page and its own page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from resets.exports.standing import ExportState, Standing, standings
from resets.exports.words import SHORT, state_words, tone, until_words, waits_words
from resets.models import ResetSchedule


@dataclass(frozen=True)
class ShownStanding:
    """How a reset stands to its year's data, in words.

    Attributes:
        waits: its date has come, and it waits.
        is_over: the reset has been made, so that nothing waits any more.
    """

    standing: Standing
    schedule: ResetSchedule
    waits: bool
    is_over: bool = False

    @property
    def short(self) -> str:
        """In a word or two."""
        return SHORT[self.standing.state]

    @property
    def until(self) -> str:
        """Until when the reset waits or would wait, in a few words; empty where it does not."""
        if self.standing.is_settled or self.is_over or self.standing.last_on <= self.standing.on:
            return ""
        return f"{'Waits' if self.waits else 'Would wait'} until {self.standing.last_on:%b} {self.standing.last_on.day}"

    @property
    def tone(self) -> str:
        """The colour, which says no more than the words."""
        return tone(self.standing)

    @property
    def words(self) -> str:
        """In sentences."""
        if self.waits:
            return waits_words(self.standing)
        return " ".join(filter(None, (state_words(self.standing), "" if self.is_over else until_words(self.standing))))

    @property
    def address(self) -> str:
        """Its own page."""
        return reverse("admin:resets_export", args=[self.schedule.pk])

    @property
    def is_told(self) -> bool:
        """Whether there is anything to tell: not where nothing is deleted and nothing was noted."""
        return self.standing.state is not ExportState.FREE


def shown_standings(schedules: Sequence[ResetSchedule], now: dt.datetime) -> dict[int, ShownStanding]:
    """The year's data of each schedule, by its key: one query, however many there are."""
    found = standings([schedule.pk for schedule in schedules], now)
    return {
        schedule.pk: ShownStanding(found[schedule.pk], schedule, found[schedule.pk].waits(now))
        for schedule in schedules
        if schedule.pk in found
    }


def shown_standing(schedule: ResetSchedule | None, now: dt.datetime) -> ShownStanding | None:
    """The year's data of one schedule; none where there is nothing to tell."""
    if schedule is None:
        return None
    shown = shown_standings([schedule], now)[schedule.pk]
    return shown if shown.is_told else None
