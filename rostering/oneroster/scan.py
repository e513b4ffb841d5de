"""The slow, strict reader: used when COPY or its guard refuses a file. It lists every structural error, and where
there are none but known habits, it hands out proper rows with their row numbers.

After an error it goes on at the next line, so that one stray quotation mark does not hide the rest of the file.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from rostering.oneroster.findings import Findings
from rostering.oneroster.header import BOM, Header

FIELD = re.compile(r'"((?:[^"]++|"")*+)"(?=,|\Z)|([^",]*+)(?=,|\Z)')
LONGEST_RECORD = 1 << 16


@dataclass(frozen=True)
class Row:
    """A row as a spreadsheet counts it, and its values; `fields` is empty for a blank line."""

    number: int
    fields: list[str]


def proper_rows(stream: BinaryIO, header: Header, found: Findings) -> Iterator[Row]:
    """The rows of a file, each with one value per column of the header; what is wrong is noted, and its row left out.

    Flat memory: one record at a time.
    """
    width, file = len(header.fields), header.spec.file
    reader = _Reader(stream, header, found)
    for row in reader.rows():
        if row.number == 1:
            continue
        if row.fields in ([], [""]):
            found.add("csv.blank_line", file, row.number)
            continue
        extra = row.fields[width:]
        if extra and not any(extra):
            found.add("csv.trailing_fields", file, row.number)
        elif len(row.fields) != width:
            found.add("csv.wrong_field_count", file, row.number, detail=f"{len(row.fields)} values for {width} columns")
            continue
        yield Row(row.number, row.fields[:width])


class _Reader:
    """Splits a stream into rows, and notes stray quotation marks, bad bytes and NULs with row and column."""

    def __init__(self, stream: BinaryIO, header: Header, found: Findings) -> None:
        self._stream, self._header, self._found = stream, header, found
        self._number = 0
        self._again: deque[str] = deque()

    def rows(self) -> Iterator[Row]:
        """Every row that can be split."""
        lines = self._lines()
        while (first := self._next(lines)) is not None:
            self._number += 1
            fields, swallowed = self._complete(first, lines)
            if fields is None or fields is _BAD:
                self._again.extendleft(reversed(swallowed))
            if fields is None:
                self._note("csv.unterminated_quote", first.partition('"')[0].count(","))
            elif fields is not _BAD:
                yield Row(self._number, fields)

    def _next(self, lines: Iterator[str]) -> str | None:
        return self._again.popleft() if self._again else next(lines, None)

    def _complete(self, first: str, lines: Iterator[str]) -> tuple[list[str] | None, list[str]]:
        """The fields of a record that may go on over several lines, and the lines after the first that it took."""
        fields, size = self._split(first), len(first)
        record, swallowed = [first], []
        while fields is None and size < LONGEST_RECORD:
            more = self._next(lines)
            if more is None:
                break
            swallowed.append(more)
            record.append(more)
            size += len(more)
            if '"' in more:
                fields = self._split("\n".join(record))
        return fields, swallowed

    def _lines(self) -> Iterator[str]:
        for number, raw in enumerate(self._stream):
            line = (raw.removeprefix(BOM) if number == 0 else raw).rstrip(b"\r\n")
            for part in line.split(b"\r"):
                yield self._decoded(part)

    def _decoded(self, raw: bytes) -> str:
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            self._note("csv.invalid_utf8", raw[: error.start].count(b","), ahead=1)
            text = raw.decode(errors="replace")
        if "\0" in text:
            self._note("csv.nul", text.partition("\0")[0].count(","), ahead=1)
        return text

    def _split(self, record: str) -> list[str] | None:
        """The fields; None when a quoted value is still open; `_BAD` when a quotation mark is where none may be."""
        if '"' not in record:
            return record.split(",")
        fields: list[str] = []
        at = 0
        while True:
            match = FIELD.match(record, at)
            if match is None:
                if record[at : at + 1] == '"' and not _closes(record, at):
                    return None
                self._note("csv.unescaped_quote", len(fields))
                return _BAD
            quoted, plain = match.groups()
            fields.append(plain if quoted is None else quoted.replace('""', '"'))
            if match.end() == len(record):
                return fields
            at = match.end() + 1

    def _note(self, code: str, position: int, *, ahead: int = 0) -> None:
        column = self._header.fields[position] if position < len(self._header.fields) else None
        self._found.add(code, self._header.spec.file, self._number + ahead, column.name if column else "")


_BAD: list[str] = []


def _closes(record: str, at: int) -> bool:
    """Whether a quoted value that begins at `at` has its closing mark somewhere."""
    return re.compile(r'"(?:[^"]++|"")*+"').match(record, at) is not None
