"""What a report on paper says: its heading, and each table in words, cut where it is long, with its drawing."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection
from psycopg import sql

from reports.formats.charts import MOST_LABELS, PRINT, size_of, svg
from reports.formats.charts.data import data_of
from reports.formats.pdf.widths import font_size, is_wide, widths
from reports.formats.selecting import typed
from reports.formats.snapshot import one_snapshot
from reports.formats.words import cell_words, heading_pairs
from reports.yearend.sheet import Heading, Sheet

MOST_ROWS: Final = 500
"""Of a table, that are printed."""
LONGEST_FILTERS: Final = 110
"""Letters of the filters in the footer; the heading has them all."""

Document = dict[str, Any]


def contents(heading: Heading, sheets: Sequence[Sheet]) -> Document:
    """The document, as plain values; the tables with a drawing stand first, each in the report's order.

    Raises:
        DatabaseError: a query failed.
    """
    with one_snapshot():
        parts = [_part(sheet) for sheet in sorted(sheets, key=lambda sheet: sheet.chart is None)]
    lies = any(is_wide(part["widths"]) for part in parts)
    filters = "; ".join(f"{what}: {value}" for what, value in heading.filters)
    day = heading.made_at
    return {
        "district": _line(heading.district),
        "title": _line(heading.title),
        "period": _line(heading.period),
        "about": _line(heading.about),
        "audience": _line(heading.audience),
        "pairs": [(what, _line(value)) for what, value in heading_pairs(heading) if what not in ("District", "Period")],
        "filters": _line(filters if len(filters) <= LONGEST_FILTERS else "with filters, see the first page"),
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "lies": lies,
        "parts": [{**part, "size": font_size(part["widths"], lies=lies)} for part in parts],
    }


def _part(sheet: Sheet) -> Document:
    rows = _rows(sheet, MOST_ROWS + 1)
    is_cut = len(rows) > MOST_ROWS
    printed = rows[:MOST_ROWS]
    words = [
        [_line(cell_words(column, value)) for column, value in zip(sheet.columns, row, strict=True)] for row in printed
    ]
    labels = [_line(column.label) for column in sheet.columns]
    numbers = [column.kind.is_number for column in sheet.columns]
    widths_ = widths(labels, words, numbers)
    return {
        "title": _line(sheet.title),
        "note": _line(sheet.note),
        "cut": _cut(_count(sheet)) if is_cut else "",
        "chart": _chart(sheet, rows),
        "labels": labels,
        "numbers": numbers,
        "widths": widths_,
        "rows": words,
    }


def _chart(sheet: Sheet, rows: Sequence[Sequence[Any]]) -> Document | None:
    if sheet.chart is None or len(rows) > MOST_LABELS:
        return None
    drawing = svg(sheet.chart, rows, sheet.columns, PRINT)
    data = data_of(sheet.chart, rows, sheet.columns)
    if not drawing or data is None:
        return None
    width, height = size_of(drawing)
    return {
        "svg": drawing,
        "title": "" if sheet.chart.title == sheet.title else _line(sheet.chart.title),
        "told": _line(f"{sheet.chart.title}. {data.told()}"),
        "ratio": height / width,
    }


def _cut(count: int) -> str:
    return (
        f"Only the first {MOST_ROWS:,} of {count:,} rows are printed. The whole table is in this report's CSV, Excel"
        " and Parquet files."
    )


def _rows(sheet: Sheet, most: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("{} LIMIT {}").format(typed(sheet), sql.Literal(most)))
        return list(cursor.fetchall())


def _count(sheet: Sheet) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM ({}) AS t").format(sheet.query))
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _line(text: str) -> str:
    """One line: what was entered in several is read on."""
    return " ".join(text.split())
