"""The school years of a suite's data in a district: where each lies, and in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from accounts.pages import Chip
from archiving.years.models import YearState
from archiving.years.selectors import archive_rows
from products.datamap import Suite
from products.partitions import years_of
from products.registry import suites
from reports.asking.asked import Asked
from reports.people.sight import Sight
from reports.yearend.words import Report
from tenants.models import District
from tenants.schema import district_table
from tenants.templatetags.words import school_year, short_day

CHIPS = {
    YearState.LIVE: Chip("Live", "good", "✓"),
    YearState.ARCHIVED: Chip("Archived", "", "▤"),
    YearState.RESTORED: Chip("Restored", "warn", "↺"),
    YearState.ANONYMIZED: Chip("Archived, names gone", "", "○"),
    YearState.DESTROYED: Chip("Destroyed", "bad", "!"),
}


@dataclass(frozen=True)
class KnownYear:
    """A school year of a suite, as reports speak of it."""

    school_year: int
    state: YearState
    since: dt.datetime | None = None
    restored: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The school year as people write it."""
        return school_year(self.school_year)

    @property
    def chip(self) -> Chip:
        """Its state."""
        return CHIPS[self.state]


@dataclass(frozen=True)
class Place:
    """School years whose data lies in the same way, and what that means for a report, in a sentence."""

    chip: Chip
    words: str


def places_of(years: Iterable[KnownYear]) -> list[Place]:
    """Where the data of some school years lies; those that are told alike are told together."""
    alike: dict[tuple[YearState, str, tuple[str, ...]], list[KnownYear]] = {}
    for year in sorted(years, key=lambda year: -year.school_year):
        since = short_day(year.since.date()) if year.since else ""
        alike.setdefault((year.state, since, year.restored), []).append(year)
    return [Place(CHIPS[key[0]], _sentence(*key, found)) for key, found in alike.items()]


def _sentence(state: YearState, since: str, restored: tuple[str, ...], years: list[KnownYear]) -> str:
    names = [year.words for year in reversed(years)]
    who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    is_one, when = len(names) == 1, f" since {since}" if since else ""
    verb, were = ("is", "was") if is_one else ("are", "were")
    match state:
        case YearState.LIVE:
            return f"{who} {verb} live: the numbers grow while the products are used."
        case YearState.ARCHIVED:
            return f"{who} {verb} in the archive{when}: what the reset archived is read from there, unchanged."
        case YearState.RESTORED:
            of = f" of {', '.join(restored)}" if restored else ""
            return f"{who} {were} restored{when}: the data{of} is live again, and everything is counted once."
        case YearState.ANONYMIZED:
            return (
                f"{who} {verb} in the archive. Students who have not come back lost their names{when}: "
                "they stay in the totals."
            )
        case YearState.DESTROYED:
            return f"{who} {were} destroyed{when}: nothing is left to report."


def known_years(district: District, sight: Sight) -> dict[str, list[KnownYear]]:
    """The school years of every suite that the entered district has or had, the newest first, by the suite's code."""
    found: dict[str, list[KnownYear]] = {}
    names = {suite.name: suite for suite in suites()}
    for row in archive_rows(district, sight.school_id):
        if row.school_year <= district.school_year and row.suite_name in names:
            known = KnownYear(row.school_year, row.state, row.since, row.restored)
            found.setdefault(names[row.suite_name].code, []).append(known)
    for suite in suites():
        if suite.code not in found and (years := _live(suite, district)):
            found[suite.code] = years
    return found


def _live(suite: Suite, district: District) -> list[KnownYear]:
    """The years of a suite that is never reset: those that have rows."""
    live, _ = years_of(suite.facts, str(district.schema_name))
    asked = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {} WHERE school_year = {})").format(
            sql.Literal(year), district_table(name), sql.Literal(year)
        )
        for name, years in live.items()
        for year in years
        if year <= district.school_year
    ]
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ").join(asked))
        return [KnownYear(int(year), YearState.LIVE) for (year,) in sorted(cursor.fetchall(), reverse=True)]


def previous_year(known: Iterable[KnownYear]) -> int | None:
    """The previous academic year: the newest that a reset took out of the products; None before the first one.

    A year that was restored whole is live again, and the one before it is the previous one; of a year of which single
    schools were restored the others' data is in the archive still.
    """
    taken = (YearState.ARCHIVED, YearState.ANONYMIZED, YearState.DESTROYED)
    return max((year.school_year for year in known if year.state in taken), default=None)


def previous_words(previous: int | None) -> str:
    """What a cumulative report shows of the archive, in a sentence."""
    if previous is None:
        return "No school year has been reset yet, so that there is no previous academic year in the archive."
    return (
        f"The previous academic year is {school_year(previous)}, the last that was reset. Of the years before it "
        "stands here what resets retain."
    )


def years_asked(asked: Asked, report: Report, known: list[KnownYear], district: District) -> tuple[int, ...]:
    """The school years to read: those asked for; else the newest one, and of a cumulative report all that are known."""
    if asked.years:
        return asked.years
    years = tuple(year.school_year for year in known if year.state != YearState.DESTROYED)
    if not years:
        return (district.school_year,)
    return years if report.cumulative else years[:1]
