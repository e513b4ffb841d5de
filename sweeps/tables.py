"""Searching tables: every column of every table as text, one statement for many tables, each row read once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import connection
from psycopg import sql

from sweeps.finder import Finder, Pieces, stands_in
from sweeps.samples import LONG_NUMBER

RELATIONS = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attnum), array_agg(t.typcategory::text ORDER BY a.attnum)
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type AS t ON t.oid = a.atttypid
WHERE c.relnamespace = to_regnamespace(quote_ident(%s)) AND c.relkind IN ('r', 'm')
GROUP BY c.relname ORDER BY c.relname
"""
COLUMN = "coalesce({column}::text, '')"
ROWS = "SELECT {number}, lower({row}) FROM {table}"
TABLES_AT_ONCE: Final = 50
ARGUMENTS: Final = 90
"""A function of PostgreSQL takes 100."""
BUFFER: Final = 1 << 20
BETWEEN: Final = "\x1f"
"""Stands between the columns of a row: PostgreSQL's COPY leaves it as it is, and nobody's name has it."""
NUMBERS: Final = "N"
"""PostgreSQL's category of types that are numbers. No data map has a number that identifies somebody: such columns hold
surrogate keys, counts and scores, in which a short Student ID means nothing."""
Relation = tuple[str, list[str], list[str]]
"""A table's name, its columns, and the categories of their types."""


@dataclass
class Found:
    """What a search read, and where it found something: place -> how often."""

    columns: int = 0
    rows: int = 0
    keys: int = 0
    files: int = 0
    bytes: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    unreached: list[str] = field(default_factory=list)


def search_schema(schema: str, finder: Finder, found: Found, *, without: str = "") -> None:
    """Search every table of a schema but the one named, which holds the samples themselves.

    A sample is found where all its words stand in one row; each column that has one of them is told.
    """
    with connection.cursor() as cursor:
        cursor.execute(RELATIONS, [schema])
        relations = [each for each in cursor.fetchall() if each[0] != without]
    found.columns += sum(len(columns) for _, columns, _ in relations)
    place = "public" if schema == "public" else "district"
    for start in range(0, len(relations), TABLES_AT_ONCE):
        batch = relations[start : start + TABLES_AT_ONCE]
        for rows in _rows(schema, batch):
            found.rows += rows.count(b"\n")
            for line, samples in finder.in_lines(rows):
                number, _, row = line.partition(b"\t")
                for column in _columns_with(samples, batch[int(number)], row.split(BETWEEN.encode())):
                    found.hits[f"{place}.{batch[int(number)][0]}.{column}"] += 1


def _columns_with(samples: set[Pieces], relation: Relation, row: list[bytes]) -> set[str]:
    """The columns that have a word of a sample all of whose words stand in columns that can hold them."""
    _, columns, categories = relation
    values = list(zip(columns, categories, row, strict=False))
    found: set[str] = set()
    for words in samples:
        places = [
            {name for name, category, said in values if _can_hold(category, word) and stands_in(word, said)}
            for word in words
        ]
        if all(places):
            found.update(*places)
    return found


def _can_hold(category: str, word: bytes) -> bool:
    return category != NUMBERS or not word.isdigit() or len(word) >= LONG_NUMBER


def _rows(schema: str, relations: list[Relation]) -> Iterator[bytes]:
    """The tables' rows in pieces of whole lines: the table's place in the batch, a tab, and the columns."""
    parts = [_select(schema, number, relation) for number, relation in enumerate(relations)]
    query = sql.SQL("COPY ({}) TO STDOUT").format(sql.SQL(" UNION ALL ").join(parts))
    buffer = bytearray()
    with connection.cursor() as cursor, cursor.copy(query) as rows:
        for row in rows:
            buffer += row
            if len(buffer) >= BUFFER:
                yield bytes(buffer)
                buffer.clear()
    yield bytes(buffer)


def _select(schema: str, number: int, relation: Relation) -> sql.Composed:
    name, columns, _ = relation
    each = [sql.SQL(COLUMN).format(column=sql.Identifier(column)) for column in columns]
    parts = [_joined(each[start : start + ARGUMENTS]) for start in range(0, len(each), ARGUMENTS)]
    table = sql.Identifier(schema, name)
    return sql.SQL(ROWS).format(number=sql.Literal(number), row=_joined(parts), table=table)


def _joined(parts: Sequence[sql.Composable]) -> sql.Composed:
    return sql.SQL("concat_ws({}, {})").format(sql.Literal(BETWEEN), sql.SQL(", ").join(parts))
