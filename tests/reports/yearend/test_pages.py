"""Pages, one after the other, are the whole table; and reading takes as many queries with many rows as with few."""

import dataclasses
import datetime as dt
import re

import pytest
from django.db import connection
from psycopg import sql

from reports.people.sight import Sight
from reports.yearend.compile import page_of, sheets
from reports.yearend.registry import REPORTS
from reports.yearend.scope import Grain, Scope
from reports.yearend.words import Report
from tenants.models import District
from tests.reports.yearend.checking import rows_of

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
    for sheet in sheets(report, EVERYTHING, grain):
        part = report.part(sheet.code)
        rows, after = [], None
        while True:
            page = page_of(report, part, EVERYTHING, grain, after, 40)
            rows += page.rows
            after = page.next
            if after is None:
                break
        assert page.columns == sheet.columns
        assert rows == rows_of(sheet)
        assert rows
