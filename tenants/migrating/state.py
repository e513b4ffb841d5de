"""Which migrations a district's schema must have, and which each one has."""

import hashlib
import importlib.metadata
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from psycopg import sql

Key = tuple[str, str]
State = frozenset[Key]
"""The migrations that a schema has had: (app label, name)."""

BATCH = 200


def known_migrations() -> dict[Key, Migration]:
    """Every migration of the code, of all apps: `migrate` records them all in a district's schema too."""
    return dict(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def digest_of(state: Iterable[Key], known: dict[Key, Migration]) -> str:
    """Names the schema that these migrations make, as they are written today.

    While a migration is still being edited in place its name stays the same; its text does not. So the digest is of
    the text of each migration and of the modules of its operations, and of Django's version.
    """
    district_apps = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    digest = hashlib.sha256(importlib.metadata.version("django").encode())
    for key in sorted(state):
        digest.update(repr((key, key[0] in district_apps)).encode())
        if migration := known.get(key):
            digest.update(_text_of(migration))
    return digest.hexdigest()


def states_of(schemas: list[str]) -> dict[str, State]:
    """The state of each schema, read with two queries per batch.

    A schema without a migrations table, or one that does not exist, has the empty state.
    """
    found: dict[str, State] = {}
    for start in range(0, len(schemas), BATCH):
        batch = schemas[start : start + BATCH]
        found |= {schema: frozenset() for schema in batch} | _read_states(_with_migrations_table(batch))
    return found


def _text_of(migration: Migration) -> bytes:
    modules = {type(migration).__module__, *(type(operation).__module__ for operation in migration.operations)}
    return b"".join(_module_text(name) for name in sorted(modules) if not name.startswith("django."))


@cache
def _module_text(name: str) -> bytes:
    return Path(str(sys.modules[name].__file__)).read_bytes()


def _with_migrations_table(schemas: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT namespace.nspname FROM pg_catalog.pg_namespace AS namespace
            JOIN pg_catalog.pg_class AS class ON class.relnamespace = namespace.oid
            WHERE class.relname = 'django_migrations' AND class.relkind = 'r' AND namespace.nspname = ANY(%s)
            """,
            [schemas],
        )
        return [str(row[0]) for row in cursor.fetchall()]


def _read_states(schemas: list[str]) -> dict[str, State]:
    if not schemas:
        return {}
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {name}, array_agg(app), array_agg(name) FROM {table}").format(
            name=sql.Literal(schema), table=sql.Identifier(schema, "django_migrations")
        )
        for schema in schemas
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {str(row[0]): frozenset(zip(row[1] or [], row[2] or [], strict=True)) for row in cursor.fetchall()}
