"""Rows from the database to Parquet and to CSV, a group at a time: PostgreSQL's COPY, read and written by Arrow."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
from django.db import connection
from psycopg import sql

from reports.packages.columns import ColumnType, schema_of
from reports.packages.terms import CSV_ROWS, ROWS_AT_ONCE

BLOCK: Final = 4 << 20
FORMULA: Final = r"^[=+\-@\t\r\n]"
"""How a text begins that a spreadsheet would take for a formula; the same as `tenants.spreadsheets.RISKY`."""


def write_parquet(query: sql.Composable, columns: tuple[ColumnType, ...], path: Path) -> int:
    """Write a query's rows to a Parquet file, in the caller's transaction; returns how many they are."""
    schema = schema_of(columns)
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for table in _groups(_batches(query, columns), schema):
            writer.write_table(table)
            rows += table.num_rows
    return rows


def csv_parts(path: Path) -> Iterator[bytes]:
    """A Parquet file as CSV for spreadsheets: a head, and no text that would be taken for a formula."""
    with pq.ParquetFile(path) as file:
        names = file.schema_arrow.names
        yield (",".join(names) + "\r\n").encode()
        for batch in file.iter_batches(batch_size=CSV_ROWS):
            safe = pa.RecordBatch.from_arrays([_safe(column) for column in batch.columns], names=names)
            yield _as_csv(safe)


def copy_parts(path: Path) -> Iterator[bytes]:
    """A Parquet file as CSV exactly as COPY reads it back: NULL and the empty text are told apart."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=CSV_ROWS):
            yield _as_csv(batch)


def _as_csv(batch: Any) -> bytes:
    out = io.BytesIO()
    pcsv.write_csv(batch, out, pcsv.WriteOptions(include_header=False))
    return out.getvalue()


def _safe(column: Any) -> Any:
    if not pa.types.is_string(column.type):
        return column
    risky = pc.match_substring_regex(column, FORMULA)
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)


def _groups(batches: Iterator[Any], schema: Any) -> Iterator[Any]:
    """Batches put together to groups of a useful size."""
    held: list[Any] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        if rows >= ROWS_AT_ONCE:
            yield pa.Table.from_batches(held, schema)
            held, rows = [], 0
    if held:
        yield pa.Table.from_batches(held, schema)


def _batches(query: sql.Composable, columns: tuple[ColumnType, ...]) -> Iterator[Any]:
    names = [each.name for each in columns]
    convert = pcsv.ConvertOptions(
        column_types={each.name: each.arrow for each in columns},
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["t"],
        false_values=["f"],
    )
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        parts = (bytes(part) for part in copy)
        first = next(parts, None)
        if first is None:  # Arrow reads no CSV of nothing
            return
        with pcsv.open_csv(
            pa.PythonFile(_Parts(first, parts), mode="r"),
            read_options=pcsv.ReadOptions(column_names=names, block_size=BLOCK),
            parse_options=pcsv.ParseOptions(newlines_in_values=True),
            convert_options=convert,
        ) as reader:
            yield from reader


class _Parts(io.RawIOBase):
    """Parts as a file to be read."""

    def __init__(self, first: bytes, parts: Iterator[bytes]) -> None:
        super().__init__()
        self._rest = memoryview(first)
        self._parts = parts

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; nothing at the end. Arrow asks for whole blocks."""
        found = bytearray()
        while len(found) < size or size < 0:
            if not self._rest:
                part = next(self._parts, None)
                if part is None:
                    break
                self._rest = memoryview(part)
            take = len(self._rest) if size < 0 else size - len(found)
            found += self._rest[:take]
            self._rest = self._rest[take:]
        return bytes(found)
