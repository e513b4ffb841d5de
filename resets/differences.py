"""What is different from last year, in plain words: pure functions of two windows, and of two years' rules.

A policy object is kept for the current year only. What last year's rules were is taken from what its runs recorded:
the policy's version, and per kind of data what was done (see `resets.recorded`).
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from resets.models import ResetWindow

Actions = Mapping[str, frozenset[str]]
"""Per kind of data, by its label, what is done to it; more than one thing where the school's subscription decides."""
BY_SUBSCRIPTION = ", depending on the school's subscription"


@dataclass(frozen=True)
class Difference:
    """One setting or kind of data, and how it was last year; `before` is None where nothing is recorded of that."""

    subject: str
    value: str
    before: str | None

    @property
    def is_different(self) -> bool:
        """Whether it is known not to be as last year."""
        return self.before is not None and self.before != self.value

    @property
    def text(self) -> str:
        """The value, and last year's."""
        if self.before is None:
            return f"{self.value}; nothing is recorded of last year"
        return f"{self.value}; last year {self.before}" if self.is_different else f"{self.value}, as last year"

    def __str__(self) -> str:
        return f"{self.subject}: {self.text}"


def window_differences(window: ResetWindow, last: ResetWindow | None) -> list[Difference]:
    """Each setting of a window beside last year's; without one there is nothing that it differs from."""
    before = dict(_settings(last)) if last else {}
    return [Difference(subject, value, before.get(subject)) for subject, value in _settings(window)]


def policy_differences(actions: Actions, last: Actions) -> list[Difference]:
    """Each kind of data that last year's runs recorded, and each that they did not; those that differ first."""
    found = [
        Difference(label, _words(done), _words(last[label]) if label in last else None)
        for label, done in actions.items()
    ]
    gone = [
        Difference(label, "not kept any more", _words(done)) for label, done in last.items() if label not in actions
    ]
    return sorted([*found, *gone], key=lambda difference: not difference.is_different)


def _settings(window: ResetWindow) -> Iterator[tuple[str, str]]:
    """A window's settings in words, without the year, so that two years' can be compared."""
    yield "Default date", _day(window.default_on)
    yield "Earliest date", _day(window.earliest_on)
    yield "Latest date", _day(window.latest_on) if window.latest_on else "any day before rostering"
    if window.latest_on:
        yield "Leaving its range", "allowed with a reason" if window.exception_allowed else "not allowed"
    else:
        yield "Leaving its range", "there is none to leave"
    yield "Lead time", f"{window.lead_days} day{'' if window.lead_days == 1 else 's'} ahead"
    yield "Nightly syncs", "pause from the reset date" if window.pauses_syncs else "go on"
    yield "Waits for the download of the year's data", _grace(window.export_grace_days)
    yield "Starts at", f"{window.run_hour % 12 or 12} {'AM' if window.run_hour < 12 else 'PM'}, local time"


def _grace(days: int) -> str:
    return (
        f"up to {days} day{'' if days == 1 else 's'} after the date, where the reset deletes" if days else "not at all"
    )


def _day(day: dt.date) -> str:
    return f"{day:%B} {day.day}"


def _words(done: frozenset[str]) -> str:
    words = " or ".join(sorted(text[:1].lower() + text[1:] for text in done))
    return words if len(done) < 2 else f"{words}{BY_SUBSCRIPTION}"
