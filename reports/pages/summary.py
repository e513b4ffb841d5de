"""A report's summaries: a drawing each, with its numbers as a table behind it."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString

from reports.asking.reading import Reading
from reports.formats.charts import svg
from reports.pages.table import Row, rows_of
from reports.yearend.columns import Column
from reports.yearend.compile import summaries
from reports.yearend.sheet import Sheet

MOST_ROWS = 200
"""A summary is small by what it is; a page is kept from one that is not."""


@dataclass(frozen=True)
class Figure:
    """One summary.

    Attributes:
        drawing: SVG; empty where there is nothing to draw.
    """

    title: str
    note: str
    drawing: str
    columns: tuple[Column, ...]
    rows: list[Row]


def figures_of(reading: Reading) -> list[Figure]:
    """The summaries of what is read, one query each."""
    return [_figure(sheet) for sheet in summaries(reading.report, reading.scope)]


def _figure(sheet: Sheet) -> Figure:
    with connection.cursor() as cursor:
        cursor.execute(sheet.query)
        rows = [tuple(row) for row in cursor.fetchmany(MOST_ROWS)]
    return Figure(sheet.title, sheet.note, _drawing(sheet, rows), sheet.columns, rows_of(sheet.columns, rows))


def _drawing(sheet: Sheet, rows: list[tuple[Any, ...]]) -> SafeString:
    """The drawing is made of numbers and escaped labels by `formats.charts`, which is why it is safe."""
    drawn = svg(sheet.chart, rows, sheet.columns) if sheet.chart and rows else ""
    return SafeString(drawn)
