"""A district's archive, as pages show it: what is recorded, what is still live, and what earlier resets left."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django_tenants.utils import schema_context

from archiving.selectors import returning_days
from archiving.years.models import ArchivedYear, YearState
from products.partitions import years_of
from products.registry import suite_named, suites
from resets.models import ResetSchedule
from resets.policies.registry import policy_for
from rostering.models import School
from tenants.models import District


@dataclass(frozen=True)
class YearRow:
    """A school year of a suite.

    Attributes:
        rows: in the archive; of the one school where the reader sees one only. None where nobody has counted.
        categories: rows by the category's name, of the whole district.
        restored: names of the schools whose data is live again.
        until: the last day on which a restore is possible and a student returns; None where nobody is anonymized.
    """

    suite_name: str
    school_year: int
    state: YearState
    since: dt.datetime | None
    rows: int | None
    categories: Mapping[str, int]
    restored: tuple[str, ...]
    until: dt.date | None
    run: str


def archive_rows(district: District, school_id: int | None) -> list[YearRow]:
    """The entered district's school years, the newest first.

    Args:
        school_id: the one school whose numbers the reader sees; None for the whole district.
    """
    with schema_context("public"):
        years = list(ArchivedYear.objects.filter(district=district).select_related("run"))
        schedules = list(ResetSchedule.objects.filter(district=district))
    names = _school_names(years)
    rows = [_recorded(year, names, school_id) for year in years]
    known = {(year.suite, year.school_year) for year in years}
    rows += [_live(each) for each in schedules if (each.suite, each.school_year) not in known]
    known |= {(each.suite, each.school_year) for each in schedules}
    rows += _left_by_earlier_resets(district, known)
    return sorted(rows, key=lambda row: (-row.school_year, row.suite_name))


def _recorded(year: ArchivedYear, names: Mapping[int, str], school_id: int | None) -> YearRow:
    suite = suite_named(year.suite)
    days = returning_days(policy_for(year.suite))
    is_open = year.state == YearState.ARCHIVED and days is not None and year.run is not None
    return YearRow(
        suite_name=suite.name,
        school_year=year.school_year,
        state=YearState(year.state),
        since=year.since,
        rows=year.rows if school_id is None else year.schools.get(str(school_id), 0),
        categories={} if school_id else {suite.category(code).label: rows for code, rows in year.counts.items()},
        restored=tuple(names.get(pk, f"School {pk}") for pk in year.restored_schools if school_id in (None, pk)),
        until=year.run.on + dt.timedelta(days=days) if is_open and year.run and days is not None else None,
        run=str(year.run_id or ""),
    )


def _live(schedule: ResetSchedule) -> YearRow:
    name = suite_named(schedule.suite).name
    return YearRow(name, schedule.school_year, YearState.LIVE, None, 0, {}, (), None, "")


def _left_by_earlier_resets(district: District, known: set[tuple[str, int]]) -> list[YearRow]:
    """Years that lie in the archive without a record: they came archived."""
    found = []
    for suite in suites():
        _, archived = years_of(suite.facts, district.schema_name)
        years = {year for years in archived.values() for year in years}
        found += [
            YearRow(suite.name, year, YearState.ARCHIVED, None, None, {}, (), None, "")
            for year in sorted(years)
            if (suite.code, year) not in known
        ]
    return found


def _school_names(years: list[ArchivedYear]) -> dict[int, str]:
    wanted = {pk for year in years for pk in year.restored_schools}
    return dict(School.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
