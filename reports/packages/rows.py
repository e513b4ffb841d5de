"""Rows from the database to Parquet and to CSV, a group at a time: PostgreSQL's COPY, read and written by Arrow."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
from psycopg import sql

from reports.formats.stream import copied
from reports.packages.columns import ColumnType, schema_of
from reports.packages.terms import CSV_ROWS

BLOCK: Final = 8 << 20
"""Bytes of rows that become a group of a Parquet file: what is in memory at a time."""
FORMULA: Final = r"^[=+\-@\t\r\n]"
"""How a text begins that a spreadsheet would take for a formula; the same as `tenants.spreadsheets.RISKY`."""


def write_parquet(query: sql.Composable, columns: tuple[ColumnType, ...], path: Path) -> int:
    """Write a query's rows to a Parquet file, in the caller's transaction; returns how many they are."""
    schema = schema_of(columns)
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for table in _tables(query, schema):
            writer.write_table(table, row_group_size=table.num_rows)
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


def copy_parts(opened: io.RawIOBase) -> Iterator[bytes]:
    """A Parquet file as CSV exactly as COPY reads it back: NULL and the empty text are told apart."""
    with pq.ParquetFile(pa.PythonFile(opened, mode="r")) as file:
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


def _tables(query: sql.Composable, schema: Any) -> Iterator[Any]:
    """Each block of whole rows, parsed at once."""
    convert = pcsv.ConvertOptions(
        column_types=schema,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["t"],
        false_values=["f"],
    )
    parse = pcsv.ParseOptions(newlines_in_values=True)
    for block in copied(query, block=BLOCK):
        read = pcsv.ReadOptions(column_names=schema.names, block_size=len(block) + 1, use_threads=False)
        yield pcsv.read_csv(pa.BufferReader(block), read, parse, convert)
