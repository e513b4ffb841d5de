"""The workbook: its sheets in order, all of one moment, written row by row in flat memory."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import xlsxwriter

from reports.formats.excel.about import Part, write_about
from reports.formats.excel.cells import looks_of
from reports.formats.excel.names import SheetNames
from reports.formats.excel.table import write_table
from reports.formats.snapshot import one_snapshot
from reports.yearend.sheet import Heading, Sheet

ABOUT: Final = "About"
OPTIONS: Final = {
    "constant_memory": True,
    "use_zip64": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write_excel(path: Path, heading: Heading, sheets: Sequence[Sheet]) -> int:
    """Write all tables of a report into one workbook, and say how many rows they have.

    What is too long for a sheet goes on in a further one. Text is never taken for a formula, a number or a link.

    Raises:
        DatabaseError: a query failed; there is no file then.
    """
    # What is about children lies where the file will lie meanwhile, not in the machine's folder for everybody.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as folder:
        part = Path(folder) / path.name
        book = xlsxwriter.Workbook(str(part), {**OPTIONS, "tmpdir": folder})
        try:
            parts = _write(book, heading, sheets)
        except BaseException:
            for worksheet in book.worksheets():
                worksheet.row_data_fh.close()
            raise
        book.close()
        part.replace(path)
    return sum(part.rows for part in parts)


def _write(book: xlsxwriter.Workbook, heading: Heading, sheets: Iterable[Sheet]) -> list[Part]:
    book.set_properties(
        {
            "title": heading.title,
            "subject": heading.period,
            "author": heading.district,
            "created": heading.made_at.replace(tzinfo=None),
        }
    )
    about = book.add_worksheet(ABOUT)
    names = SheetNames(taken=[ABOUT])
    looks = looks_of(book)
    parts = []
    with one_snapshot():
        for sheet in sheets:
            written = write_table(book, looks, names, sheet)
            parts.append(Part(sheet, written.names, written.rows))
    write_about(book, about, heading, parts)
    return parts
