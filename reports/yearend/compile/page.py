"""A page of a table, and what every way of finding one is made of."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from reports.yearend.columns import Column
from reports.yearend.compile.text import Text, compose
from reports.yearend.compile.totals import Built

NUMBERED = """
WITH t AS (SELECT *, row_number() OVER (ORDER BY {order}) AS place FROM ({query}) AS t ORDER BY place LIMIT {most})
SELECT {columns}, row_key FROM t
WHERE place > coalesce((SELECT place FROM t WHERE row_key = {after}), 0) ORDER BY place LIMIT {limit}
"""
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Page:
    """One page of a table.

    Attributes:
        rows: values in the columns' order.
        next: the key from which the next page goes on; None on the last. It is an identifier: nothing personal.
    """

    columns: tuple[Column, ...]
    rows: list[Row]
    next: str | None


def rows_in(query: sql.Composed) -> list[Row]:
    """A query's rows."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def rows_after(made: Built, after: str | None, limit: int) -> list[Row]:
    """The rows of a table after the one of this key, each with its own key: one more than `limit` at most."""
    query = compose(
        NUMBERED,
        order=made.order,
        query=made.query,
        columns=made.names,
        most=made.limit,
        after=sql.Literal(after or ""),
        limit=sql.Literal(limit + 1),
    )
    return rows_in(query)


def cut(made: Built, rows: list[Row], limit: int) -> Page:
    """The page without its row keys, and the last one's if more follow."""
    key = str(rows[limit - 1][-1]) if len(rows) > limit else None
    return Page(made.columns, [row[:-1] for row in rows[:limit]], key)


def bigints(keys: list[int]) -> Text:
    """Keys as an array."""
    return compose("{k}::bigint[]", k=sql.Literal(keys))
