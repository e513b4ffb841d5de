"""The one schema switch: every entry into a district's schema goes through here.

An unqualified table name in a schema that is missing would fall through to `public`. So the switch asks the
database whether the schema exists, each time, and refuses when it does not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django_tenants.utils import schema_context
from psycopg import sql

from tenants.errors import DistrictGoneError, DistrictRenamedError, SchemaMissingError
from tenants.models import District
from tenants.opening import check_open

switch: Any = connection
"""The connection with what django-tenants' backend adds to it, which Django's types do not know."""


def schema_exists(name: str) -> bool:
    """Whether the database has this schema now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [str(sql.Identifier(name).as_string())])
        row = cursor.fetchone()
    return bool(row and row[0])


def current_schema() -> str:
    """The name of the schema that is entered; `public` when none is."""
    return str(switch.schema_name)


def district_table(table: str, schema: str | None = None) -> sql.Identifier:
    """A table of the entered district (or of the named schema), schema-qualified for raw SQL."""
    return sql.Identifier(schema or current_schema(), table)


@contextmanager
def enter_district(district: District) -> Iterator[District]:
    """Enter a district's schema for the block, and leave it afterwards.

    Raises:
        DistrictGoneError: the district has been removed.
        SchemaMissingError: its schema is not in this database.
        DistrictClosedError: the database is older than the district's ledger.
    """
    if district.removed_at is not None:
        raise DistrictGoneError(f"district {district.pk} was removed on {district.removed_at:%Y-%m-%d}")
    if not schema_exists(district.schema_name):
        raise SchemaMissingError(f"district {district.pk} has no schema {district.schema_name} in this database")
    check_open(district)
    previous = switch.tenant
    switch.set_tenant(district)
    try:
        yield district
    finally:
        switch.set_tenant(previous)


def find_district(district_id: int | None, schema_name: str | None) -> District:
    """The district that a message speaks of, checked against the schema that the sender knew.

    Raises:
        DistrictGoneError: no such district, or it was removed.
        DistrictRenamedError: its schema is another one by now.
    """
    with schema_context("public"):
        found = (
            District.objects.filter(pk=district_id, removed_at=None)
            if district_id is not None
            else District.objects.none()
        )
        district = found.first()
    if district is None:
        raise DistrictGoneError(f"there is no district {district_id}")
    if district.schema_name != schema_name:
        raise DistrictRenamedError(f"district {district_id} is not in schema {schema_name} any more")
    return district
