"""Running the statements of an anonymization in the entered district."""

from collections.abc import Mapping

from django.db import connection
from psycopg import sql

from resets.engine.proof import NOTHING, Written
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


def answers(statement: sql.Composable) -> dict[str, int]:
    """What a statement did, by relation, as the database answered."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {str(name): int(rows) for name, rows in cursor.fetchall()}


class Done(dict[str, Written]):
    """What the statements did, by relation, added up as they answered."""

    def add(self, relation: str, *, inserted: int = 0, updated: int = 0, deleted: int = 0) -> None:
        """Add a statement's answer; nothing done is nothing recorded."""
        new = Written(inserted, updated, deleted)
        if new != NOTHING:
            old = self.get(relation, NOTHING)
            self[relation] = Written(*(a + b for a, b in zip(old, new, strict=True)))
