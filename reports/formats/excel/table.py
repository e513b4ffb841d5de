"""One table in a workbook: typed rows below a heading that stays, with a filter."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import xlsxwriter
from django.db import connection
from xlsxwriter.worksheet import Worksheet

from reports.formats.excel.cells import Looks, cell_writer
from reports.formats.excel.names import SheetNames
from reports.formats.selecting import typed
from reports.yearend.columns import Column
from reports.yearend.sheet import Sheet

MOST_ROWS: Final = 1_048_576
"""That a sheet of Excel's holds, its heading included."""
AT_ONCE: Final = 2000
MEASURED: Final = 500
"""Rows by which a column's width is set."""
NARROWEST, WIDEST = 9, 48


@dataclass
class Written:
    """Where a table went, and how many rows it has."""

    names: list[str] = field(default_factory=list)
    rows: int = 0


def write_table(book: xlsxwriter.Workbook, looks: Looks, names: SheetNames, sheet: Sheet) -> Written:
    """Write a table to as many sheets as it takes, at least one."""
    writers = [cell_writer(column.kind, looks.kinds[column.kind]) for column in sheet.columns]
    written = Written()
    target: Worksheet = None
    row = MOST_ROWS
    widths: list[int] = []
    for values in _rows(sheet):
        if row >= MOST_ROWS:
            _finish(target, sheet, row, widths)
            target, widths = _begin(book, looks, names, sheet, written)
            row = 1
        for column, (write, value) in enumerate(zip(writers, values, strict=True)):
            if value is not None:
                write(target, row, column, value)
                if row < MEASURED:
                    widths[column] = max(widths[column], len(str(value)))
        row += 1
        written.rows += 1
    if target is None:
        target, widths = _begin(book, looks, names, sheet, written)
        row = 1
    _finish(target, sheet, row, widths)
    return written


def _begin(
    book: xlsxwriter.Workbook, looks: Looks, names: SheetNames, sheet: Sheet, written: Written
) -> tuple[Worksheet, list[int]]:
    name = names.name_for(sheet.title)
    written.names.append(name)
    target = book.add_worksheet(name)
    for column, each in enumerate(sheet.columns):
        target.write_string(0, column, each.label, looks.heading)
    return target, [_heading_width(each) for each in sheet.columns]


def _finish(target: Worksheet | None, sheet: Sheet, rows: int, widths: list[int]) -> None:
    """What holds for a whole sheet: it is written at the end of the file, when the rows are known."""
    if target is None:
        return
    target.freeze_panes(1, 0)
    target.autofilter(0, 0, max(rows - 1, 1), len(sheet.columns) - 1)
    target.repeat_rows(0)
    target.set_landscape()
    target.fit_to_pages(1, 0)
    target.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    for column, width in enumerate(widths):
        target.set_column(column, column, min(max(width + 2, NARROWEST), WIDEST))


def _heading_width(column: Column) -> int:
    """A label may be broken between its words, and has the filter's button beside it."""
    return max(len(word) for word in column.label.split() or [""]) + 3


def _rows(sheet: Sheet) -> Iterator[tuple[Any, ...]]:
    """Some at a time, from a cursor of the transaction that holds the snapshot."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(typed(sheet))
        while found := cursor.fetchmany(AT_ONCE):
            yield from found
