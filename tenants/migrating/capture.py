"""Migrating the entered schema, and writing down the SQL that did it, so that it can be replayed elsewhere."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.utils import schema_context
from psycopg import sql

from tenants.schema import switch

SWITCH = re.compile(r"\s*SET\s+search_path\b", re.IGNORECASE)
"""The schema switch, which each cursor makes: the replay has its own."""
READS_ONLY = re.compile(r"\s*(SELECT|SHOW|EXPLAIN|SAVEPOINT|RELEASE|ROLLBACK)\b", re.IGNORECASE)
"""Statements outside of the schema editor that need not be replayed: Django asks the catalogue, and sets savepoints."""


@contextmanager
def captured_statements() -> Iterator[list[str]]:
    """Collect, in order and ready to be run as text, the statements of the block that change something."""
    statements: list[str] = []
    editing = _EditorWatch()

    def record(execute: Callable[..., Any], query: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(query, params, many, context)
        for values in params if many else [params]:
            text = _as_text(query, values)
            if not SWITCH.match(text) and (editing.active or not READS_ONLY.match(text)):
                statements.append(text.rstrip().rstrip(";"))
        return result

    with editing.watch(), connection.execute_wrapper(record):
        yield statements


def replay(schema: str, statements: str) -> None:
    """Run captured SQL in a schema, in one round trip and in the caller's transaction.

    Args:
        schema: an existing schema, entered for the block.
        statements: SQL text, statements separated by semicolons; no statement names a schema.
    """
    with schema_context(schema), connection.cursor() as cursor:
        cursor.execute(statements)


def create_schema(schema: str) -> None:
    """Create an empty schema."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))


def drop_schema(schema: str) -> None:
    """Drop a schema with everything in it."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def migrate_schema(schema: str) -> None:
    """Run the pending migrations of one schema, as `migrate_schemas` does but silently."""
    previous = switch.tenant
    try:
        # Without `public` in the path: the recorder would otherwise take public's table for the schema's own.
        switch.set_schema(schema, include_public=False)
        MigrationRecorder(connection).ensure_schema()
        switch.set_schema(schema)
        executor = MigrationExecutor(connection, _settle)
        executor.migrate(executor.loader.graph.leaf_nodes())
    finally:
        switch.set_tenant(previous)


def _settle(action: str, *_: Any) -> None:
    """Between migrations of one transaction, check what is deferred: a table with checks due cannot be altered."""
    if action == "apply_success" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class _EditorWatch:
    """Knows whether a statement comes from a schema editor, whose SELECTs (of RunSQL) have effects."""

    active = False

    @contextmanager
    def watch(self) -> Iterator[None]:
        plain = connection.SchemaEditorClass
        watch = self

        class WatchedEditor(plain):  # type: ignore[misc, valid-type]
            def execute(self, sql: Any, params: Any = ()) -> Any:
                watch.active = True
                try:
                    return super().execute(sql, params)
                finally:
                    watch.active = False

        connection.SchemaEditorClass = WatchedEditor
        try:
            yield
        finally:
            connection.SchemaEditorClass = plain


def _as_text(query: Any, params: Any) -> str:
    """A statement with its parameters written into it."""
    if isinstance(query, sql.Composable):
        query = query.as_string(connection.connection)
    return str(query) if params is None else str(switch.ops.compose_sql(str(query), params))
