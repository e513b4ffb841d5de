"""Rows for the tests of the products' tables, by plain SQL."""

import uuid
from typing import Any

from django.db import connection
from psycopg import sql

from tenants.schema import district_table

USAGE = {"product": "reading", "occurred_on": "2025-10-01", "minutes": 30, "sessions": 2}


def insert(table: str, **values: Any) -> None:
    """Insert one row into a table of the entered district."""
    columns = sql.SQL(", ").join(map(sql.Identifier, values))
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                district_table(table), columns, sql.SQL(", ").join(map(sql.Literal, values.values()))
            )
        )


def insert_usage(year: int, table: str = "literacy_usage", **values: Any) -> None:
    """Insert one literacy usage row of a school year."""
    row = {"id": uuid.uuid4(), "school_id": 1, "student_id": 1, "school_year": year, **USAGE, **values}
    insert(table, **row)


def fetch(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """All rows of a query; `{schema}` in it is the entered district's."""
    with connection.cursor() as cursor:
        cursor.execute(query.replace("{schema}", str(connection.schema_name)), list(parameters))
        return cursor.fetchall()
