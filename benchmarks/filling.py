"""Filling a partition inside PostgreSQL as a bulk load would: alone and without indexes, which are made afterwards."""

from collections.abc import Callable

from django.db import connection
from psycopg import sql

from products.partitions import partition_name

INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), con.conname, pg_get_constraintdef(con.oid)
FROM pg_index AS i LEFT JOIN pg_constraint AS con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid
WHERE i.indrelid = %s::regclass
"""


def fill_partition(
    schema: str, table: str, year: int, insert: Callable[[sql.Identifier], sql.Composed], *, parent: str = ""
) -> None:
    """Fill a year's partition of a fact table.

    Args:
        insert: makes the statement that fills the table of this name.
        parent: whose partition it is, where that is not the live table: its archive twin.
    """
    whole = sql.Identifier(schema, parent or table)
    partition = sql.Identifier(schema, partition_name(table, year))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(whole, partition))
        cursor.execute(INDEXES, [partition.as_string()])
        indexes = cursor.fetchall()
        for index, _, constraint, _ in indexes:
            alone = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(partition, sql.Identifier(constraint or ""))
            cursor.execute(alone if constraint else f"DROP INDEX {index}")
        cursor.execute(insert(partition))
        for _, definition, constraint, wording in indexes:
            cursor.execute(
                sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                    partition, sql.Identifier(constraint), sql.SQL(wording)
                )
                if constraint
                else definition
            )
        attach = sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})")
        cursor.execute(attach.format(whole, partition, sql.Literal(year)))
