"""Undo tables and the ninety days: a reset can be undone until its data is anonymized, and no longer."""

from django.db import connection
from django_tenants.utils import schema_context
from psycopg import sql

from resets.models import ResetRun
from tenants.models import District
from tenants.schema import current_schema


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
