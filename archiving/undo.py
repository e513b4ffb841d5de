"""Undo tables and the ninety days: a reset can be undone until its data is anonymized, and no longer.

What is on hold keeps its undo: it is neither deleted nor anonymized.
"""

import datetime as dt

from django.db import connection
from django_tenants.utils import schema_context
from psycopg import sql

from holds.selectors import is_anything_held
from products.datamap import Table
from products.registry import suite_named
from resets.engine.held import is_held
from resets.engine.held_words import Held
from resets.models import ResetRun
from tenants.models import District
from tenants.schema import current_schema

PREFIX = len("undo_12345678_")


def destroy_undo(district: District, suite: str, school_year: int, until: dt.date | None = None) -> None:
    """Destroy the undo of a suite's resets up to a school year, and say so in their runs.

    Args:
        until: the last reset date that is concerned; a later second reset of the year has days of its own.
    """
    schema, any_held = current_schema(), is_anything_held()
    tables = {table.name: table for table in suite_named(suite).tables}
    with schema_context("public"):
        runs = ResetRun.objects.filter(district=district, suite=suite, school_year__lte=school_year)
        if until is not None:
            runs = runs.filter(on__lte=until)
        found = list(runs.exclude(undo_tables=[]))
    for run in found:
        left = [name for name in run.undo_tables if any_held and _keeps(name, tables.get(name[PREFIX:]), schema)]
        _drop([name for name in run.undo_tables if name not in left], schema)
        with schema_context("public"):
            ResetRun.objects.filter(pk=run.pk).update(undo_tables=left)


def _keeps(name: str, table: Table | None, schema: str) -> bool:
    """Delete the rows of an undo table that are not on hold; whether any are left."""
    if table is None:
        return False
    undo, live = sql.Identifier(schema, name), sql.Identifier(schema, table.name)
    held = is_held(table, schema, Held(anything=True))
    kept = sql.SQL("SELECT FROM {} AS t WHERE t.id = u.id AND {}").format(live, held)
    if "student_id" in _columns(schema, name):
        kept = sql.SQL("SELECT FROM (SELECT u.*) AS t WHERE {}").format(held)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DELETE FROM {} AS u WHERE NOT EXISTS ({})").format(undo, kept))
        cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(undo))
        return bool(cursor.fetchone()[0])


def _columns(schema: str, name: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0",
            [sql.Identifier(schema, name).as_string()],
        )
        return {str(row[0]) for row in cursor.fetchall()}


def _drop(names: list[str], schema: str) -> None:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(schema, name)))
