"""Undo tables and the ninety days: a reset can be undone until its data is anonymized, and no longer."""

from django.db import connection
from django_tenants.utils import schema_context
from psycopg import sql

from resets.models import ResetRun
from tenants.models import District
from tenants.schema import current_schema

WITH_STUDENTS = """
SELECT c.relname FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'student_id' AND NOT a.attisdropped
WHERE c.relnamespace = to_regnamespace(quote_ident(%s)) AND c.relkind = 'r' AND starts_with(c.relname, 'undo_')
ORDER BY 1
"""


def tables_with_students() -> tuple[str, ...]:
    """The entered district's undo tables that hold students' keys, of whatever suite."""
    with connection.cursor() as cursor:
        cursor.execute(WITH_STUDENTS, [current_schema()])
        return tuple(str(row[0]) for row in cursor.fetchall())


def destroy_undo(district: District, suite: str, school_year: int) -> None:
    """Drop the undo tables of a suite's resets up to a school year, and say so in their runs."""
    schema = current_schema()
    with schema_context("public"):
        runs = ResetRun.objects.filter(district=district, suite=suite, school_year__lte=school_year)
        names = [name for tables in runs.values_list("undo_tables", flat=True) for name in tables]
        runs.exclude(undo_tables=[]).update(undo_tables=[])
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(schema, name)))
