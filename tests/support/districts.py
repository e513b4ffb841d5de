"""Districts for tests: ready-made schemas that a rolled-back test gets for nothing, and real ones that commit."""

import datetime as dt
import shutil
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django_tenants.utils import schema_context
from psycopg import sql

from tenants.models import District, Domain
from tenants.schema import enter_district
from tenants.services import district_host, provision_district
from tenants.signals import district_provisioned

READY_SLUGS = ("maple", "cedar")
FACTS: dict[str, Any] = {
    "time_zone": "America/Chicago",
    "school_year": 2026,
    "school_year_ends_on": dt.date(2026, 6, 12),
    "rostering_starts_on": dt.date(2026, 8, 10),
}
KEPT_TABLES = ("django_migrations", "django_content_type", "auth_permission", "tenants_schematemplate")


def provision(slug: str, **facts: Any) -> District:
    """A district like any other, with the facts that a test does not care about filled in."""
    name = facts.pop("name", f"{slug.replace('-', ' ').title()} Unified")
    return provision_district(slug=slug, name=name, **{**FACTS, **facts})


def prepare_ready_schemas() -> None:
    """Provision the ready-made districts and forget their public rows, so that only their empty schemas stay."""
    for slug in READY_SLUGS:
        provision(slug)
    empty_public()


def ready_district(slug: str) -> District:
    """A district in a ready-made schema, in the caller's transaction: its rollback takes everything away again."""
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", [f"d_{slug}_"])
        schema = cursor.fetchone()[0]
        district = District(slug=slug, name=f"{slug.title()} Unified", schema_name=schema, **FACTS)
        district.save()
        Domain.objects.create(domain=district_host(slug), tenant=district, is_primary=True)
    with enter_district(district):
        district_provisioned.send(sender=District, district=district, actor="tests")
    return district


def district_schemas() -> list[str]:
    """The districts' schemas that are in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'd_') ORDER BY nspname")
        return [str(row[0]) for row in cursor.fetchall()]


def forget_districts(keep: list[str]) -> None:
    """Drop every district's schema but those to keep, and empty the public schema."""
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        for schema in district_schemas():
            if schema not in keep:
                cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
    empty_public()


def empty_public() -> None:
    """Empty every table of the public schema that holds rows, the ledger too: triggers and keys sleep meanwhile.

    What was published of the ledger goes with it: else whoever is made anew under the same number would be closed.
    """
    with schema_context("public"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY(%s)",
            [list(KEPT_TABLES)],
        )
        asks = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(table, sql.Identifier("public", table))
            for (table,) in cursor.fetchall()
        ]
        cursor.execute(sql.SQL(" UNION ALL ").join(asks))
        filled = [str(row[0]) for row in cursor.fetchall()]
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in filled:
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier("public", table)))
    shutil.rmtree(settings.LEDGER_DIR, ignore_errors=True)
