"""A sheet as Parquet: typed, compressed, each column with its label and what it says.

Text is exact here. Nothing opens Parquet as a sheet of formulas, and who analyses it wants what was kept, so nothing is
neutralised; what is not known is null, and an empty text stays one.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from reports.formats.selecting import typed
from reports.formats.stream import copied
from reports.formats.whole import whole_file
from reports.yearend.columns import Column, Kind
from reports.yearend.sheet import Sheet

BLOCK: Final = 8 << 20
"""Bytes of CSV that become a row group: enough to compress well, and all that is held in memory."""
TYPES: Final[Mapping[Kind, pa.DataType]] = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.DECIMAL: pa.float64(),
    Kind.PERCENT: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.YES_NO: pa.bool_(),
}


def write_parquet(path: Path, sheet: Sheet) -> int:
    """Write a sheet to a file, and say how many rows it has.

    Raises:
        DatabaseError: the query failed; there is no file then.
    """
    schema = arrow_schema(sheet)
    rows = 0
    with whole_file(path) as part, pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for table in _tables(sheet, schema):
            writer.write_table(table, row_group_size=table.num_rows)
            rows += table.num_rows
    return rows


def arrow_schema(sheet: Sheet) -> pa.Schema:
    """The columns' types, with their labels and explanations, and the table's title."""
    about = {"title": sheet.title, "note": sheet.note}
    return pa.schema([_field(column) for column in sheet.columns], metadata=_told(about))


def _field(column: Column) -> pa.Field:
    about = {"label": column.label, "about": column.about, "kind": str(column.kind)}
    return pa.field(column.name, TYPES[column.kind], metadata=_told(about))


def _told(about: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in about.items() if value}


def _tables(sheet: Sheet, schema: pa.Schema) -> Iterator[pa.Table]:
    """Each block of whole rows, parsed at once, in this thread: nobody else reads from the connection."""
    convert = pa_csv.ConvertOptions(
        column_types=schema,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["t"],
        false_values=["f"],
    )
    parse = pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)
    for block in copied(typed(sheet), block=BLOCK):
        read = pa_csv.ReadOptions(column_names=schema.names, block_size=len(block) + 1, use_threads=False)
        table = pa_csv.read_csv(pa.BufferReader(block), read, parse, convert)
        yield table.cast(schema)
