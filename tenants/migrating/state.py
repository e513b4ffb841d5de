"""Which migrations a district's schema must have, and which each one has."""

import hashlib
import importlib.metadata
import sys
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

State = frozenset[tuple[str, str]]
"""The migrations that a schema has had: (app label, name)."""

BATCH = 200


def wanted_state() -> State:
    """Every migration that Django records in a district's schema: those of all apps, as `migrate` does."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.graph.nodes)


def state_digest(state: Iterable[tuple[str, str]]) -> str:
    """A short name for a state."""
    return hashlib.sha256("\n".join(f"{app}.{name}" for app, name in sorted(state)).encode()).hexdigest()


def source_digest() -> str:
    """Names the schema that today's code makes: the migrations' own text, their operations' modules, Django's version.

    While a migration is still being edited in place its name stays the same; its text does not.
    """
    digest = hashlib.sha256(importlib.metadata.version("django").encode())
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for key in sorted(loader.graph.nodes):
        migration = loader.graph.nodes[key]
        modules = {type(migration).__module__, *(type(operation).__module__ for operation in migration.operations)}
        digest.update(repr(key).encode())
        for module in sorted(name for name in modules if not name.startswith("django.")):
            digest.update(Path(str(sys.modules[module].__file__)).read_bytes())
    digest.update(repr(sorted(settings.TENANT_APPS)).encode())
    return digest.hexdigest()


def tenant_labels() -> frozenset[str]:
    """The labels of the apps whose tables a district's schema has."""
    wanted = set(settings.TENANT_APPS)
    return frozenset(config.label for config in apps.get_app_configs() if config.name in wanted)


def states_of(schemas: list[str]) -> dict[str, State]:
    """The state of each schema, read with one query per batch.

    A schema without a migrations table, or one that does not exist, has the empty state.
    """
    found: dict[str, State] = {}
    for start in range(0, len(schemas), BATCH):
        batch = schemas[start : start + BATCH]
        having = _with_migrations_table(batch)
        found |= {schema: frozenset() for schema in batch} | _read_states(having)
    return found


def _with_migrations_table(schemas: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname FROM pg_catalog.pg_tables"
            " WHERE tablename = 'django_migrations' AND schemaname = ANY(%s)",
            [schemas],
        )
        return [str(row[0]) for row in cursor.fetchall()]


def _read_states(schemas: list[str]) -> dict[str, State]:
    if not schemas:
        return {}
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {name}, coalesce(array_agg(app), ARRAY[]::varchar[]), array_agg(name) FROM {table}").format(
            name=sql.Literal(schema), table=sql.Identifier(schema, "django_migrations")
        )
        for schema in schemas
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {str(row[0]): frozenset(zip(row[1], row[2] or [], strict=True)) for row in cursor.fetchall()}
