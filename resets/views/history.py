"""The history of a date: what was agreed, asked for and picked, by whom (by role), when and why."""

import datetime as dt
from dataclasses import dataclass

from resets.models import Answer, ResetSchedule, ScheduleChange
from resets.views.words import who_words

MOST = 50


@dataclass(frozen=True)
class Change:
    """One change of a date, in words."""

    at: dt.datetime
    text: str
    who: str
    reason: str


def history_of(schedule: ResetSchedule | None) -> list[Change]:
    """The changes of a date, newest first; none for a date that was given by itself, or is not set."""
    if schedule is None:
        return []
    return [
        Change(change.at, _sentence(change_words(change)), who_words(change.actor), _reason(change))
        for change in ScheduleChange.objects.filter(schedule=schedule)[:MOST]
    ]


def change_words(change: ScheduleChange) -> str:
    """What happened to a date."""
    on = _day(change.to_on)
    match change.answer:
        case Answer.AGREED:
            return f"{on} agreed"
        case Answer.ASKED:
            return f"{_day(change.asked_on)} asked for instead of {on}" if change.asked_on else "another date asked for"
        case _:
            moved = change.from_on is not None and change.from_on != change.to_on
            return f"moved from {_day(change.from_on)} to {on}" if moved else f"{on} picked"


def _reason(change: ScheduleChange) -> str:
    """The reason alone: what is asked for stands in the words."""
    said = f"Asks for {change.asked_on}: "
    return change.reason.removeprefix(said) if change.asked_on else change.reason


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _day(on: dt.date | None) -> str:
    return f"{on:%B} {on.day}" if on else ""
