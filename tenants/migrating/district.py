"""Migrating one district's schema: under its lock, in one transaction, retried while somebody is in the way."""

import time
from collections.abc import Callable

from django.db import OperationalError, connection, transaction
from django.db.migrations.migration import Migration
from django.db.migrations.operations import RunPython, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django_tenants.utils import schema_context
from psycopg import sql
from psycopg.errors import DeadlockDetected, LockNotAvailable

from tenants.locks import Lock
from tenants.migrating.capture import captured_statements, migrate_schema
from tenants.migrating.state import State, states_of
from tenants.migrating.template import joined
from tenants.models import District

LOCK_TIMEOUT = "2s"
"""How long one attempt waits: for the district's running reset or import, and for a table's readers."""
ATTEMPTS = 15
PAUSE_SECONDS = 0.5


def is_replayable(migration: Migration) -> bool:
    """Whether the SQL of a migration is the same in every district.

    It is not when Python works on the data. A migration whose Python does not depend on the data says
    `replayable = True` in its class; one whose SQL depends on them, `replayable = False`.
    """
    marked = getattr(migration, "replayable", None)
    if marked is not None:
        return bool(marked)
    return migration.atomic and not any(_works_on_data(operation) for operation in migration.operations)


def migrate_really(district: District, state: State) -> str:
    """Run the pending migrations with Django; returns their SQL, to be replayed where the state is the same."""

    def run() -> str:
        with captured_statements() as statements:
            migrate_schema(district.schema_name)
        return joined(statements, district.schema_name)

    return _under_lock(district, state, run) or ""


def replay_in(district: District, state: State, statements: str) -> None:
    """Run captured SQL in a district's schema."""

    def run() -> str:
        path = sql.SQL("SET LOCAL search_path = {}, public;\n").format(sql.Identifier(district.schema_name))
        with connection.cursor() as cursor:
            cursor.execute(path.as_string() + statements)
        return ""

    _under_lock(district, state, run)


def _under_lock(district: District, state: State, run: Callable[[], str]) -> str | None:
    """Run in a transaction that holds the district's lock; None when somebody else has migrated it meanwhile.

    Raises:
        OperationalError: somebody held the lock, or a table, all the time.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with schema_context("public"), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(
                        f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'; SELECT pg_advisory_xact_lock(%s, %s)",
                        [int(Lock.DISTRICT), district.pk],
                    )
                if states_of([district.schema_name])[district.schema_name] != state:
                    return None
                return run()
        except OperationalError as error:
            if attempt == ATTEMPTS or not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                raise
        time.sleep(PAUSE_SECONDS)
    return None


def _works_on_data(operation: Operation) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return any(_works_on_data(inner) for inner in operation.database_operations)
    return isinstance(operation, RunPython) and operation.code is not RunPython.noop
