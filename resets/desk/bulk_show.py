"""What the preview of a change of many dates shows: who is refused and why, and the nights as they will be."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.http import StreamingHttpResponse

from resets.bulk.judge import Verdict
from resets.desk.csv_answer import csv_answer
from resets.desk.nights import Night, nights_afterwards
from resets.desk.suites import suite_names
from tenants.desk import school_years

SHOWN = 50
NIGHTS = 10
HEADER = ("district", "host", "suite", "school year", "date now", "date wished for", "new date", "why not")


@dataclass
class Preview:
    """A preview's numbers, and its first lines. The rest is in the file.

    Attributes:
        rows: (schedule, newest change, new date or None) of every one.
        reasons: how many break each rule, by its words in short.
    """

    rows: list[tuple[int, int, dt.date | None]] = field(default_factory=list)
    changed: list[Verdict] = field(default_factory=list)
    refused: list[Verdict] = field(default_factory=list)
    number_changed: int = 0
    number_nearest: int = 0
    number_refused: int = 0
    number_mendable: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    nights: list[Night] = field(default_factory=list)

    @property
    def common_reasons(self) -> list[tuple[str, int]]:
        """The reasons, the most frequent first."""
        return self.reasons.most_common()


SHORT = {
    "earliest": "before the earliest date",
    "range": "outside of the window's range",
    "school_year": "not after the school year ends",
    "summer_session": "not after the summer school session ends",
    "rostering": "not before rostering for the new school year",
    "past": "in the past",
    "lead_time": "too few days ahead",
    "closed": "a closed day of the district",
    "subscription": "no subscription on that day",
    "reset": "reset already, or being reset",
    "window": "no reset window in that school year",
    "same": "has that date already",
}


def preview_of(verdicts: Iterable[Verdict]) -> Preview:
    """Add the verdicts up; only the first ones are kept whole."""
    found, years = Preview(), set()
    for verdict in verdicts:
        found.rows.append((verdict.schedule.pk, verdict.seen, verdict.to_on))
        years.add(verdict.schedule.school_year)
        if verdict.to_on is not None:
            found.number_changed += 1
            found.number_nearest += bool(verdict.refusals)
            found.changed += [verdict] if len(found.changed) < SHOWN else []
            continue
        found.number_refused += 1
        found.number_mendable += verdict.nearest is not None
        found.reasons.update(SHORT.get(refusal.code, refusal.code) for refusal in verdict.refusals)
        found.refused += [verdict] if len(found.refused) < SHOWN else []
    moved = [(key, on) for key, _, on in found.rows if on is not None]
    nights = nights_afterwards(moved, sorted(years))
    found.nights = sorted(sorted(nights, key=lambda night: -night.districts)[:NIGHTS], key=lambda night: night.on)
    return found


def preview_csv(verdicts: Iterable[Verdict]) -> StreamingHttpResponse:
    """Every line of a preview, for a spreadsheet."""
    return csv_answer("dates-preview", HEADER, map(_line, verdicts))


def _line(verdict: Verdict) -> Iterator[object]:
    schedule, names = verdict.schedule, suite_names()
    yield from (schedule.district.name, schedule.district.slug, names.get(schedule.suite, schedule.suite))
    yield from (school_years(schedule.school_year), schedule.on, verdict.wanted, verdict.to_on or "", verdict.why_not)
