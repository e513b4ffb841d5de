"""The year's timeline on the home page: the district's own days, each product's reset, the day on which names go."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from resets.policies.registry import policy_for
from resets.views.reads import SuiteYear
from resets.views.undone import Undone
from tenants import clock
from tenants.models import District


@dataclass(frozen=True)
class Point:
    """A day of the year.

    Attributes:
        state: past, done, missed, today or ahead; in words on the page.
        words: the state, in words.
    """

    on: dt.date
    title: str
    text: str = ""
    state: str = "ahead"

    @property
    def words(self) -> str:
        """The state in words."""
        return {"past": "Past", "done": "Done", "missed": "Not made", "today": "Today", "ahead": "Ahead"}[self.state]


def timeline(
    district: District,
    years: list[SuiteYear],
    complete_on: dt.date | None,
    as_of: dt.date,
    restores: list[Undone],
) -> list[Point]:
    """The days of the district's year in their order, with today among them.

    Args:
        years: the suites of the school year that is shown.
        complete_on: when rostering was declared complete, if it was.
        restores: what was undone of the district's resets.
    """
    points = [*_own_days(district, complete_on, as_of), *(point for year in years for point in _of_suite(year, as_of))]
    points += _undone(district, years, restores)
    points.append(Point(as_of, "Today", state="today"))
    return sorted(points, key=lambda point: (point.on, point.state == "today", point.title))


def _own_days(district: District, complete_on: dt.date | None, as_of: dt.date) -> Iterator[Point]:
    yield _day(district.school_year_ends_on, "School year ends", "A reset comes after it.", as_of)
    if district.summer_session_ends_on:
        yield _day(district.summer_session_ends_on, "Summer session ends", "A reset comes after it, too.", as_of)
    text = "From here on nothing is reset: the reset takes place BEFORE rostering for the new school year."
    yield _day(district.rostering_starts_on, "Rostering for the new year starts", text, as_of)
    if complete_on and complete_on >= district.school_year_ends_on:
        yield Point(complete_on, "Rostering declared complete", "Nightly syncs run again.", "done")


def _of_suite(year: SuiteYear, as_of: dt.date) -> Iterator[Point]:
    on = year.run.on if year.run and year.is_done else year.schedule.on if year.schedule else None
    if on is None:
        return
    late = on < as_of and not (year.is_under_way or year.waits)
    state = "done" if year.is_done else "missed" if late else "ahead"
    text = "Completed and verified." if year.is_done else "Nightly syncs pause on this day."
    if year.data is not None and year.data.waits:
        text = year.data.text
    yield Point(on, f"{year.suite.name} reset", text, state)
    days = policy_for(year.suite.code).return_days
    if days is not None and state != "missed":
        last = on + dt.timedelta(days=days)
        text = "Students who are rostered by then are returning students and keep what is theirs."
        yield _day(last, f"{year.suite.name}: day {days}, the last to come back", text, as_of)
        text = f"Student data is anonymized {days} days after the reset."
        yield _day(last + dt.timedelta(days=1), f"{year.suite.name}: day {days + 1}, names go", text, as_of)


def _undone(district: District, years: list[SuiteYear], restores: list[Undone]) -> Iterator[Point]:
    names = {(year.suite.code, year.school_year): year.suite.name for year in years}
    for each in restores:
        if name := names.get((each.suite, each.school_year)):
            on = clock.date_in(each.at, district.time_zone)
            yield Point(on, f"{name} reset undone", f"Live again: {each.where}.", "done")


def _day(on: dt.date, title: str, text: str, as_of: dt.date) -> Point:
    return Point(on, title, text, "past" if on < as_of else "ahead")
