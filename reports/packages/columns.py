"""Columns with PostgreSQL's own types, and the types that keep their values exactly in a Parquet file."""

import re
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
from django.db import connection

from tenants.schema import current_schema

COLUMNS: Final = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull FROM pg_attribute AS a
WHERE a.attrelid = to_regclass(quote_ident(%s) || '.' || quote_ident(%s)) AND a.attnum > 0 AND NOT a.attisdropped
"""
NUMERIC: Final = re.compile(r"numeric\((\d+),(\d+)\)")
PLAIN: Final[dict[str, Any]] = {
    "smallint": pa.int16(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp with time zone": pa.timestamp("us", "UTC"),
    "double precision": pa.float64(),
}
"""Everything else (text, uuid, jsonb, arrays) is kept as PostgreSQL writes it."""


@dataclass(frozen=True)
class ColumnType:
    """One column, as the database has it.

    Attributes:
        kind: PostgreSQL's name of its type, which the loader compares.
    """

    name: str
    kind: str
    required: bool

    @property
    def arrow(self) -> Any:
        """The type in a Parquet file."""
        if found := NUMERIC.fullmatch(self.kind):
            return pa.decimal128(int(found[1]), int(found[2]))
        return PLAIN.get(self.kind, pa.string())


def column_types(relation: str, names: tuple[str, ...]) -> tuple[ColumnType, ...]:
    """The named columns of a relation of the entered district, in that order.

    Raises:
        KeyError: it has no such column.
    """
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [current_schema(), relation])
        found = {name: ColumnType(name, kind, required) for name, kind, required in cursor.fetchall()}
    return tuple(found[name] for name in names)


def schema_of(columns: tuple[ColumnType, ...]) -> Any:
    """The columns as a Parquet file's schema."""
    return pa.schema([pa.field(each.name, each.arrow) for each in columns])
