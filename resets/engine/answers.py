"""What a statement did, by relation, as the database answers: of a partitioned table each partition by its name."""

from django.db import connection
from psycopg import sql

BY_RELATION = sql.SQL(
    "WITH done AS ({}) SELECT c.relname, count(*) FROM done JOIN pg_class AS c ON c.oid = done.tableoid GROUP BY 1"
)
"""Around a statement on `t` that ends with `RETURNING t.tableoid`."""


def answers(statement: sql.Composable) -> dict[str, int]:
    """Run a statement that answers (relation, rows)."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {str(name): int(rows) for name, rows in cursor.fetchall()}
