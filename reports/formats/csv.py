"""A sheet as CSV. PostgreSQL writes it, neutralised; Python hands on the bytes."""

import codecs
from collections.abc import Generator
from pathlib import Path
from typing import Final

from reports.formats.selecting import safe_text
from reports.formats.stream import copied
from reports.formats.whole import whole_file
from reports.yearend.sheet import Sheet
from tenants.spreadsheets import csv_lines

MARK: Final = codecs.BOM_UTF8
"""Without it Excel reads UTF-8 as the computer's own alphabet, and Jos\u00e9 comes out as Jos\u00c3\u00a9."""


def csv_chunks(sheet: Sheet) -> Generator[bytes, None, int]:
    """The whole table, some at a time, its columns' labels first; returns how many rows it had.

    UTF-8 with a mark, lines end with a line feed; what is not known is nothing, and an empty text is "".

    Raises:
        DatabaseError: the query failed. An answer that is streamed must break off then, not end.
    """
    yield MARK + heading_line(sheet)
    return (yield from copied(safe_text(sheet)))


def write_csv(path: Path, sheet: Sheet) -> int:
    """Write a sheet to a file, and say how many rows it has.

    Raises:
        DatabaseError: the query failed; there is no file then.
    """
    chunks = csv_chunks(sheet)
    with whole_file(path) as part, part.open("wb") as out:
        while True:
            try:
                out.write(next(chunks))
            except StopIteration as end:
                return int(end.value)


def heading_line(sheet: Sheet) -> bytes:
    """The labels. PostgreSQL would cut a name at 63 bytes."""
    (line,) = csv_lines([[column.label for column in sheet.columns]])
    return line.rstrip("\r\n").encode() + b"\n"
