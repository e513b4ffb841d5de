"""Pages, one after the other, are the whole table; and reading takes as many queries with many rows as with few."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from reports.people.sight import Sight
from reports.yearend.compile import page_of, sheets
from reports.yearend.registry import REPORTS
from reports.yearend.scope import Grain, Scope
from reports.yearend.sheet import Sheet
from reports.yearend.words import Report, Totals
from tenants.models import District

EVERYTHING = Scope(Sight(), (2025, 2026), dt.date(2026, 6, 15))


def rows_of(sheet: Sheet) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sheet.query)
        return list(cursor.fetchall())


@pytest.mark.parametrize("grain", Grain)
@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)
def test_the_pages_are_the_whole_table(report: Report, grain: Grain, inside: District) -> None:
    for sheet in sheets(report, EVERYTHING, grain):
        part = report.part(sheet.code)
        if isinstance(part, Totals) and part.most:
            continue
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
