"""One district's school year in order of time: its own dates, the reset dates, and everything that has happened."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tenants import clock
from tenants.models import District


@dataclass(frozen=True)
class Entry:
    """One thing on a timeline.

    Attributes:
        on: the district's local date.
        at: the moment, where one is known; a plain date stands before the moments of its day.
        tone: `good`, `warn`, `bad` or nothing; says no more than the words.
        address: where more is told; empty for nowhere.
    """

    on: dt.date
    title: str
    detail: str = ""
    at: dt.datetime | None = None
    tone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Span:
    """What a timeline is asked about: a district's school year, and the days that belong to it."""

    district: District
    school_year: int

    @property
    def first_on(self) -> dt.date:
        """Where the year's story begins: the July before the school year."""
        return dt.date(self.school_year - 1, 7, 1)

    @property
    def last_on(self) -> dt.date:
        """Where it ends: with the autumn after the reset, in which what is left over loses its names."""
        return dt.date(self.school_year, 12, 31)

    def day_of(self, at: dt.datetime) -> dt.date:
        """The district's date of a moment."""
        return clock.date_in(at, self.district.time_zone)


Source = Callable[[Span], Iterable[Entry]]
_sources: list[Source] = []


def register_source(source: Source) -> Source:
    """Put what another app knows of a district on its timeline; call it from the app's `ready`, once.

    `source` is given the district and the school year in the public schema, and asks the database a fixed number of
    times. Registering it twice is harmless.
    """
    if source not in _sources:
        _sources.append(source)
    return source


@dataclass(frozen=True)
class Timeline:
    """A district's entries in order of time, parted by today."""

    past: list[Entry]
    ahead: list[Entry]


def timeline_of(span: Span, now: dt.datetime) -> Timeline:
    """Everything that any source knows of a district's school year."""
    today = span.day_of(now)
    entries = sorted(_entries(span), key=_place)
    past = [entry for entry in entries if _is_past(entry, today, now)]
    return Timeline(past, [entry for entry in entries if not _is_past(entry, today, now)])


def _entries(span: Span) -> Iterator[Entry]:
    for source in _sources:
        yield from source(span)


def _place(entry: Entry) -> tuple[dt.date, float, str]:
    return entry.on, entry.at.timestamp() if entry.at else 0.0, entry.title


def _is_past(entry: Entry, today: dt.date, now: dt.datetime) -> bool:
    if entry.at is not None:
        return entry.at <= now
    return entry.on < today
