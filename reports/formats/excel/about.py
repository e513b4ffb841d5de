"""The first sheet of a workbook: what it is, of when, and which sheets follow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from reports.formats.words import heading_pairs, rows_word
from reports.yearend.sheet import Heading, Sheet
from tenants.spreadsheets import neutralised


@dataclass(frozen=True)
class Part:
    """A table that was written: the sheets that it took, and its rows."""

    sheet: Sheet
    names: list[str]
    rows: int


def write_about(book: xlsxwriter.Workbook, target: Worksheet, heading: Heading, parts: Sequence[Part]) -> None:
    """Write the heading, the list of sheets, and what columns say whose label does not tell it all."""
    title = book.add_format({"bold": True, "font_size": 18})
    strong = book.add_format({"bold": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    target.set_column(0, 0, 30)
    target.set_column(1, 1, 30)
    target.set_column(2, 2, 80)
    target.hide_gridlines(2)
    target.write_string(0, 0, neutralised(heading.title), title)
    for row, cells in enumerate(_lines(heading, parts), start=2):
        is_title = len(cells) > 1 and cells[0] == ""
        for column, text in enumerate(cells[1:] if is_title else cells):
            target.write_string(row, column, neutralised(text), strong if is_title or column == 0 else plain)


def _lines(heading: Heading, parts: Sequence[Part]) -> Iterator[tuple[str, ...]]:
    """Rows of words; a row that begins with nothing is a heading of those below it."""
    yield from heading_pairs(heading)
    if heading.about:
        yield ("About", heading.about)
    yield ()
    yield ("", "Sheet", "Rows", "Note")
    for part in parts:
        yield (", ".join(part.names), rows_word(part.rows), part.sheet.note)
    explained = [(part.names[0], column) for part in parts for column in part.sheet.columns if column.about]
    if explained:
        yield ()
        yield ("", "Sheet", "Column", "What it says")
        for name, column in explained:
            yield (name, column.label, column.about)
