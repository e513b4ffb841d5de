"""Searching tables: every column of every table as text, one statement a table with all samples."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection
from psycopg import sql

RELATIONS = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = to_regnamespace(quote_ident(%s)) AND c.relkind IN ('r', 'm')
GROUP BY c.relname ORDER BY c.relname
"""
FOUND = """
SELECT count(*), coalesce(array_agg(DISTINCT number) FILTER (WHERE number IS NOT NULL), '{{}}')
FROM (SELECT lower(t::text) AS said FROM {table} AS t OFFSET 0) AS r
LEFT JOIN LATERAL (
    SELECT s.number FROM {sample} AS s
    WHERE strpos(r.said, s.words[1]) > 0 AND NOT EXISTS (
        SELECT FROM unnest(s.words) AS word WHERE strpos(r.said, word) = 0)
    LIMIT 1
) AS hit ON true
"""
BY_COLUMN = """
SELECT {counts} FROM {table} AS t
WHERE EXISTS (SELECT FROM {sample} AS s WHERE s.number = ANY({numbers}) AND NOT EXISTS (
    SELECT FROM unnest(s.words) AS word WHERE strpos(lower(t::text), word) = 0))
"""
IN_COLUMN = """
count(*) FILTER (WHERE EXISTS (
    SELECT FROM {sample} AS s CROSS JOIN LATERAL unnest(s.words) AS word
    WHERE s.number = ANY({numbers}) AND strpos(lower(t.{column}::text), word) > 0))
"""


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


def search_schema(schema: str, sample: sql.Identifier, found: Found, *, without: str = "") -> None:
    """Search every table of a schema but the one named, which holds the samples themselves."""
    with connection.cursor() as cursor:
        cursor.execute(RELATIONS, [schema])
        relations = cursor.fetchall()
    for relation, columns in relations:
        if relation != without:
            found.columns += len(columns)
            for column, rows in _search_table(sql.Identifier(schema, relation), columns, sample, found):
                place = "public" if schema == "public" else "district"
                found.hits[f"{place}.{relation}.{column}"] += rows


def _search_table(
    table: sql.Identifier, columns: list[str], sample: sql.Identifier, found: Found
) -> Iterator[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(FOUND).format(table=table, sample=sample))
        rows, numbers = cursor.fetchone()
        found.rows += rows
        if not numbers:
            return
        parts = {"sample": sample, "numbers": sql.Literal(numbers)}
        counts = [sql.SQL(IN_COLUMN).format(column=sql.Identifier(column), **parts) for column in columns]
        cursor.execute(sql.SQL(BY_COLUMN).format(table=table, counts=sql.SQL(", ").join(counts), **parts))
        yield from ((column, count) for column, count in zip(columns, cursor.fetchone(), strict=True) if count)
