"""Keeping personal values out of the database's statistics.

ANALYZE copies a column's most frequent values and samples of the others into `pg_statistic`, where they outlive the
rows: after a school's behavior notes were deleted and their table rewritten, the words could still be read there, also
after another ANALYZE (an emptied table keeps its old statistics). So columns that name somebody are never sampled.
"""

from django.db import connection, transaction
from psycopg import sql

from products.registry import data_maps

NEEDED = ("sourced_id", "source_hash")
"""Opaque keys by which each roster is joined: without their statistics the imports would be planned blindly."""

SAMPLED = """
SELECT c.relname, a.attname
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid LEFT JOIN pg_class AS p ON p.oid = i.inhparent
WHERE c.relnamespace = to_regnamespace(quote_ident(%(schema)s)) AND c.relkind IN ('r', 'p')
  AND coalesce(a.attstattarget, -1) <> 0
  AND (coalesce(p.relname, c.relname)::text, a.attname::text)
      IN (SELECT * FROM unnest(%(tables)s::text[], %(columns)s::text[]))
ORDER BY 1, 2
"""


def personal_columns() -> list[tuple[str, str]]:
    """(table, column) of everything personal in the roster and in every suite, archive twins too."""
    return [
        (relation, column)
        for suite in data_maps()
        for table in suite.tables
        for relation in filter(None, (table.name, table.archive_name))
        for column in table.personal
        if column not in NEEDED
    ]


def hide_personal_values(schema: str) -> int:
    """Have ANALYZE pass over the personal columns of a district's tables; returns how many it did not yet pass over.

    Takes SHARE UPDATE EXCLUSIVE on tables that lack it: readers and writers go on.
    """
    tables, columns = zip(*personal_columns(), strict=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SAMPLED, {"schema": schema, "tables": list(tables), "columns": list(columns)})
        sampled = cursor.fetchall()
        if sampled:
            alter = sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET STATISTICS 0")
            statements = [
                alter.format(sql.Identifier(schema, name), sql.Identifier(column)) for name, column in sampled
            ]
            cursor.execute(sql.SQL(";\n").join(statements))
    return len(sampled)
