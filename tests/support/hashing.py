"""Whether data are byte-for-byte the same."""

from django.db import connection
from psycopg import sql


def hash_schema(schema: str) -> dict[str, str]:
    """A digest of every row of every table of a schema, in the table's own order of primary key or text.

    When a record of the roster last changed is no part of it: that rises with an undoing too.

    Partitions are hashed each by its own name (their parents hold nothing), so a row that moves changes two digests.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname FROM pg_class
            WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('r', 'm') ORDER BY relname
            """,
            [sql.Identifier(schema).as_string()],
        )
        tables = [str(row[0]) for row in cursor.fetchall()]
        return {table: _hash_table(cursor, schema, table) for table in tables}


def _hash_table(cursor: object, schema: str, table: str) -> str:
    line = "(to_jsonb(t) - 'modified_at')::text" if table.startswith("rostering_") else "t::text"
    query = sql.SQL(
        "SELECT count(*) || ':' || md5(coalesce(string_agg(line, '' ORDER BY line), ''))"
        " FROM (SELECT md5({line}) AS line FROM {table} AS t) AS lines"
    ).format(table=sql.Identifier(schema, table), line=sql.SQL(line))
    cursor.execute(query)  # type: ignore[attr-defined]
    return str(cursor.fetchone()[0])  # type: ignore[attr-defined]
