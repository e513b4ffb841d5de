"""Reading CSV and NDJSON, plain or gzipped, row by row: one list of texts per row, in the layout's order."""

import csv
import gzip
import io
import json
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from products.loader.columns import EVENT, PRODUCT, STUDENT, STUDENT_NUMBER, Layout
from products.loader.errors import LoadRefusedError
from products.loader.found import Found

Row = list[str | None]


def read_rows(path: Path, layout: Layout, found: Found) -> Iterator[tuple[int, Row]]:
    """The file's rows with their numbers; what is wrong with its structure is noted in `found`.

    Raises:
        LoadRefusedError: the header or the encoding makes every further row meaningless; noted in `found` too.
    """
    is_json = ".ndjson" in path.suffixes or ".jsonl" in path.suffixes
    with _opened(path) as file:
        read = _read_json if is_json else _read_csv
        try:
            yield from read(file, layout, found)
        except (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, EOFError, zlib.error) as error:
            name = "NDJSON" if is_json else "CSV"
            found.add("unreadable", format=name, why=type(error).__name__)
            raise LoadRefusedError(f"{path.name} cannot be read") from error


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        yield text


def _read_csv(file: TextIO, layout: Layout, found: Found) -> Iterator[tuple[int, Row]]:
    reader = csv.reader(file, strict=True)
    header = [name.strip() for name in next(reader, [])]
    _check_names(header, layout, found, row=1)
    places = [header.index(name) if name in header else None for name in layout.names]
    mapper = _Ids(layout)
    number = 1
    for fields in reader:
        number += 1
        if not fields:
            continue
        if len(fields) != len(header):
            found.add("row_length", row=number, why="more" if len(fields) > len(header) else "fewer")
            continue
        row: Row = [fields[place].strip() or None if place is not None else None for place in places]
        yield number, mapper.mapped(_clean(row, number, layout, found))


def _read_json(file: TextIO, layout: Layout, found: Found) -> Iterator[tuple[int, Row]]:
    mapper = _Ids(layout)
    seen: frozenset[str] = frozenset()
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line, parse_float=str)
        except ValueError:
            record = None
        if not isinstance(record, dict):
            found.add("unreadable", row=number, format="NDJSON", why="the line is not an object")
            continue
        if seen != record.keys():
            _check_names(list(record), layout, found, row=number)
            seen = frozenset(record)
        row: Row = [_text(record.get(name)) for name in layout.names]
        yield number, mapper.mapped(_clean(row, number, layout, found))


def _check_names(names: list[str], layout: Layout, found: Found, *, row: int) -> None:
    """Note wrong column names.

    Raises:
        LoadRefusedError: there were any.
    """
    columns = ", ".join(layout.names)
    wrong = [("repeated_column", name) for name in sorted({name for name in names if names.count(name) > 1})]
    wrong += [("unknown_column", name) for name in names if name not in layout.names]
    wrong += [("missing_column", name) for name in layout.required if name not in names]
    if layout.has_student and not {STUDENT, STUDENT_NUMBER} & set(names):
        wrong.append(("missing_column", f"{STUDENT_NUMBER} or {STUDENT}"))
    for code, name in wrong:
        found.add(code, row=row, column=name, columns=columns)
    if wrong:
        raise LoadRefusedError(f"{found.file}: wrong columns")


def _clean(row: Row, number: int, layout: Layout, found: Found) -> Row:
    for place, value in enumerate(row):
        if value and "\x00" in value:
            found.add("bad_text", row=number, column=layout.names[place])
            row[place] = value.replace("\x00", "")
    return row


def _text(value: object) -> str | None:
    """A JSON value as a CSV would have it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strip() or None if isinstance(value, str) else str(value)


class _Ids:
    """A product's own ids as UUIDs: those that are UUIDs stay, any other text gives the same UUID each time."""

    def __init__(self, layout: Layout) -> None:
        self.places = [place for place, column in enumerate(layout.columns) if column.is_event]
        self.product = layout.names.index(PRODUCT)
        self.event = layout.names.index(EVENT)
        self.default = layout.category.products[0].code
        self.suite = layout.suite.code
        self.spaces: dict[str, uuid.UUID] = {}

    def mapped(self, row: Row) -> Row:
        """The row with its ids mapped."""
        for place in self.places:
            value = row[place]
            if value is not None:
                row[place] = self._uuid(value, row[self.product] or self.default)
        return row

    def _uuid(self, value: str, product: str) -> str:
        try:
            return str(uuid.UUID(value))
        except ValueError:
            space = self.spaces.get(product)
            if space is None:
                space = self.spaces[product] = uuid.uuid5(uuid.NAMESPACE_URL, f"yearturn:{self.suite}:{product}")
            return str(uuid.uuid5(space, value))
