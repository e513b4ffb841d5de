"""Running the statements of an anonymization in the entered district."""

from collections.abc import Mapping

from django.db import connection
from psycopg import sql

from tenants.schema import current_schema

Names = Mapping[str, str]


def run(statement: str, *, tables: Names | None = None, **others: sql.Composable) -> int:
    """Run a statement with its tables qualified; returns how many rows it concerned."""
    parts: dict[str, sql.Composable] = {name: table(value) for name, value in (tables or {}).items()} | others
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**parts))
        return int(cursor.rowcount)


def table(name: str) -> sql.Identifier:
    """A table of the entered district."""
    return sql.Identifier(current_schema(), name)


def number(statement: sql.Composable) -> int:
    """The one number that a query answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
