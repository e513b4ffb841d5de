"""Holding every table of a report against the independent computation."""

from typing import Any

from django.db import connection

from reports.yearend.compile import sheets
from reports.yearend.scope import Grain, Scope
from reports.yearend.sheet import Sheet
from reports.yearend.words import Report, Totals
from tests.reports.yearend.independent import Computed
from tests.reports.yearend.world import World


def rows_of(sheet: Sheet) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sheet.query)
        return list(cursor.fetchall())


def check_report(world: World, report: Report, scope: Scope, grain: Grain) -> int:
    """Every table of the report has exactly the rows that it must have; returns how many."""
    computed, total = Computed(world, report, scope), 0
    for sheet in sheets(report, scope, grain):
        part = report.part(sheet.code)
        rows, wanted = rows_of(sheet), computed.table(part, grain)
        if isinstance(part, Totals) and part.most is not None:
            wanted.sort(key=lambda row: -(row[-1] or 0))
            assert len(rows) == min(part.most, len(wanted))
            assert [row[-1] for row in rows] == [row[-1] for row in wanted[: part.most]]
            assert set(rows) <= set(wanted)
        else:
            where = f"{report.code} {sheet.code} by {grain} in {scope}"
            assert sorted(map(repr, rows)) == sorted(map(repr, wanted)), where
        total += len(rows)
    return total
