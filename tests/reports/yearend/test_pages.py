"""Pages, one after the other, are the whole table; and reading takes as many queries with many rows as with few."""

import dataclasses
import datetime as dt
import re

import pytest
from django.db import connection
from psycopg import sql

from reports.people.sight import Sight
from reports.yearend.compile import group_pages, page_of, sheets, students
from reports.yearend.registry import REPORTS, report_named
from reports.yearend.scope import Grain, Scope
from reports.yearend.words import Report
from tenants.models import District
from tests.reports.yearend.checking import rows_of

pytestmark = pytest.mark.xdist_group("yearend")
EVERYTHING = Scope(Sight(), (2025, 2026), dt.date(2026, 6, 15))


def plan_of(query: sql.Composable) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("EXPLAIN (COSTS OFF) {}").format(query))
        return "\n".join(str(line) for (line,) in cursor.fetchall())


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)
def test_only_the_chosen_years_are_read(report: Report, inside: District) -> None:
    """The years are literals, so that the planner leaves the other partitions out."""
    scope = dataclasses.replace(EVERYTHING, years=(2025,))
    years = set()
    for grain in Grain:
        for sheet in sheets(report, scope, grain):
            years |= set(re.findall(r"_(20\d\d)(?:_archived)? ", plan_of(sheet.query)))
    assert years <= {"2025"}
    if report.suite != "math" and report.code != "literacy-playlists":
        assert years


@pytest.mark.parametrize("grain", Grain)
@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)
def test_the_pages_are_the_whole_table(report: Report, grain: Grain, inside: District) -> None:
    assert pages_are_tables(report, EVERYTHING, grain, 40)


@pytest.mark.parametrize("grain", [Grain.STUDENT, Grain.SECTION, Grain.SCHOOL])
@pytest.mark.parametrize("code", ["hero-points", "literacy-playlists"])
def test_what_is_asked_a_little_at_a_time_is_found_whole(
    code: str, grain: Grain, inside: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of a large district walks some names, some schools; here so few that it must go on more than once."""
    monkeypatch.setattr(students, "NAMES", 2)
    monkeypatch.setattr(group_pages, "CLASSES_OF", 1)
    monkeypatch.setattr(group_pages, "TOTALS_OF", 1)
    report = report_named(code)
    assert pages_are_tables(report, EVERYTHING, grain, 40)
    pages_are_tables(report, dataclasses.replace(EVERYTHING, grade="03"), grain, 11)
    nobody = dataclasses.replace(EVERYTHING, grade="UG", since=dt.date(2026, 7, 1))
    assert pages_are_tables(report, nobody, grain, 11) == 0


def pages_are_tables(report: Report, scope: Scope, grain: Grain, limit: int) -> int:
    """Holds the pages of each of a report's tables against the whole of it; how many rows there were at least."""
    least = None
    for sheet in sheets(report, scope, grain):
        part = report.part(sheet.code)
        rows, after = [], None
        while True:
            page = page_of(report, part, scope, grain, after, limit)
            rows += page.rows
            after = page.next
            if after is None:
                break
        assert page.columns == sheet.columns
        assert rows == rows_of(sheet)
        least = len(rows) if least is None else min(least, len(rows))
    return least or 0
