"""The first load of a table: without its foreign keys and indexes, which are built afterwards in one go.

Checking 1.5 million new rows one by one against three other tables takes longer than everything else together;
adding the constraint to the full table checks them by one join. Only an empty table is treated so: nobody reads it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg import sql

from rostering.intake.context import run, scalar
from rostering.oneroster.words import compose
from tenants.schema import current_schema

CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %(table)s::regclass AND contype IN ('f', 'u') ORDER BY contype DESC, conname
"""
INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE i.indrelid = %(table)s::regclass AND NOT i.indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x'))
ORDER BY c.relname
"""


@contextmanager
def bulk_loading(table: sql.Identifier) -> Iterator[None]:
    """For the block, free an empty table of its foreign keys, unique keys and indexes; then build them as they were."""
    if scalar(compose("SELECT EXISTS (SELECT FROM {t})", t=table)):
        yield
        return
    constraints, indexes = _definitions(CONSTRAINTS, table), _definitions(INDEXES, table)
    run(sql.SQL("SET CONSTRAINTS ALL IMMEDIATE"))  # a table with checks due cannot be altered
    for name, _ in constraints:
        run(compose("ALTER TABLE {t} DROP CONSTRAINT {n}", t=table, n=sql.Identifier(name)))
    for name, _ in indexes:
        run(compose("DROP INDEX {n}", n=sql.Identifier(current_schema(), name)))
    yield
    for _, definition in indexes:
        run(sql.SQL(definition))
    for name, definition in constraints:
        added = sql.SQL(definition)
        run(compose("ALTER TABLE {t} ADD CONSTRAINT {n} {d}", t=table, n=sql.Identifier(name), d=added))
    run(sql.SQL("SET CONSTRAINTS ALL DEFERRED"))
    run(compose("ANALYZE {t}", t=table))


def _definitions(query: str, table: sql.Identifier) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"table": table.as_string()})
        return [(str(row[0]), str(row[1])) for row in cursor.fetchall()]
