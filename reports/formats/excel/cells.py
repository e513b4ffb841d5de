"""A value as a typed cell."""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.yearend.columns import Kind
from tenants.spreadsheets import neutralised

FIRST_DAY: Final = dt.date(1900, 3, 1)
"""Before it Excel's calendar has a day that never was, or none."""
EXACT: Final = 10**15
"""From here on Excel would round a whole number."""
KINDS: Final[Mapping[Kind, dict[str, Any]]] = {
    Kind.TEXT: {"valign": "top"},
    Kind.WHOLE: {"num_format": "#,##0", "valign": "top"},
    Kind.DECIMAL: {"num_format": "#,##0.0#", "valign": "top"},
    Kind.PERCENT: {"num_format": "0.0%", "valign": "top"},
    # The short date of whoever reads it, as their Excel is set.
    Kind.DATE: {"num_format": 14, "align": "left", "valign": "top"},
    Kind.YES_NO: {"valign": "top"},
}

HEADING: Final = {"bold": True, "bottom": 2, "bg_color": "#E3EFEB", "text_wrap": True, "valign": "vcenter"}

CellWriter = Callable[[Worksheet, int, int, Any], object]


@dataclass(frozen=True)
class Looks:
    """The looks of a workbook's cells."""

    kinds: Mapping[Kind, Format]
    heading: Format


def looks_of(book: xlsxwriter.Workbook) -> Looks:
    """Add the looks to a workbook, once."""
    return Looks({kind: book.add_format(look) for kind, look in KINDS.items()}, book.add_format(HEADING))


def cell_writer(kind: Kind, look: Format) -> CellWriter:
    """What writes a kind's values into a sheet; what is not known stays an empty cell."""

    def write_text(sheet: Worksheet, row: int, column: int, value: Any) -> None:
        sheet.write_string(row, column, neutralised(value), look)

    def write_number(sheet: Worksheet, row: int, column: int, value: Any) -> None:
        number = float(value)
        if not math.isfinite(number) or abs(number) >= EXACT:
            write_text(sheet, row, column, value)
        else:
            sheet.write_number(row, column, number / 100 if kind == Kind.PERCENT else number, look)

    def write_date(sheet: Worksheet, row: int, column: int, value: Any) -> None:
        if value < FIRST_DAY:
            write_text(sheet, row, column, value.isoformat())
        else:
            sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), look)  # noqa: DTZ001

    def write_yes_no(sheet: Worksheet, row: int, column: int, value: Any) -> None:
        sheet.write_string(row, column, "Yes" if value else "No", look)

    if kind.is_number:
        return write_number
    return {Kind.DATE: write_date, Kind.YES_NO: write_yes_no}.get(kind, write_text)
