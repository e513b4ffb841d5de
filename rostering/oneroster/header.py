"""A file's header: which of its columns are declared ones, by their own name or by one that real feeds use."""

import csv
import io
from dataclasses import dataclass
from typing import BinaryIO

from rostering.oneroster.columns import Column, FileSpec, Kind
from rostering.oneroster.findings import Findings

BOM = b"\xef\xbb\xbf"
LONGEST = 1 << 16


@dataclass(frozen=True)
class Header:
    """A header as it was understood.

    Attributes:
        fields: for each field of a row, the declared column, or None for one that is read past.
    """

    spec: FileSpec
    version: str
    fields: tuple[Column | None, ...]

    @property
    def present(self) -> tuple[Column, ...]:
        """The declared columns that the file has, in the specification's order."""
        return tuple(column for column in self.spec.of(self.version) if column in self.fields)

    def has(self, name: str) -> bool:
        """Whether the file has this column."""
        return any(column is not None and column.name == name for column in self.fields)

    def staged_names(self) -> tuple[str, ...]:
        """The staging column of each field: the declared name, or one that no header can have."""
        return tuple(column.name if column else f"field {number}" for number, column in enumerate(self.fields))


def read_header(stream: BinaryIO, spec: FileSpec, version: str, mode: str, found: Findings) -> Header | None:
    """Read and judge the first row; None when no row of the file can be understood."""
    line = stream.readline(LONGEST).removeprefix(BOM)
    try:
        names = next(csv.reader(io.StringIO(line.decode(), newline=""), strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        found.add("csv.invalid_utf8" if b'"' not in line else "csv.unescaped_quote", spec.file, 1)
        found.broken.add(spec.name)
        return None
    if not any(names):
        found.add("csv.empty_file", spec.file, 1)
        found.broken.add(spec.name)
        return None
    errors = found.errors
    header = Header(spec, version, tuple(_match(names, spec, version, found)))
    _judge_order(header, found)
    for column in header.spec.of(version):
        needed = column.required or (mode == "delta" and column.name in ("status", "dateLastModified"))
        if needed and column not in header.fields and not _may_be_absent(column):
            found.add("header.missing_column", spec.file, 1, column.name)
    if found.errors > errors:
        found.broken.add(spec.name)
    return header


def _may_be_absent(column: Column) -> bool:
    """Old feeds leave out a column whose absence is understood."""
    return column.kind is Kind.BOOL


def _match(names: list[str], spec: FileSpec, version: str, found: Findings) -> list[Column | None]:
    exact = {column.name: column for column in spec.of(version)}
    loose = {_folded(alias): column for column in exact.values() for alias in (*column.aliases, column.name)}
    trailing = len(names) - len(_without_empty_end(names))
    if trailing:
        found.add("header.empty", spec.file, 1)
    plain = {name.strip() for name in names}
    matched: list[Column | None] = []
    for name in names:
        column = exact.get(name)
        if column is None:
            column = loose.get(_folded(name))
            column = None if column is None or column.name in plain else column
            _note_name(name, column, spec, found)
        if column is not None and column in matched:
            found.add("header.duplicate_column", spec.file, 1, column.name)
            column = None
        matched.append(column)
    return matched


def _note_name(name: str, column: Column | None, spec: FileSpec, found: Findings) -> None:
    if column is not None:
        found.add("header.other_spelling", spec.file, 1, column.name, detail=name[:60])
    elif name.strip() and not name.startswith("metadata."):
        found.add("header.unknown_column", spec.file, 1, name)


def _judge_order(header: Header, found: Findings) -> None:
    declared = header.spec.of(header.version)
    order = [declared.index(column) for column in header.fields if column is not None]
    if order != sorted(order):
        found.add("header.order", header.spec.file, 1)


def _folded(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _without_empty_end(names: list[str]) -> list[str]:
    while names and not names[-1].strip():
        names = names[:-1]
    return names
