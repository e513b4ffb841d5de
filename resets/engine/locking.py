"""Taking table locks without making anybody wait: a short timeout, a savepoint, and another try later.

A lock that waits in PostgreSQL's queue makes every later reader of the table wait behind it. So it waits for
`TIMEOUT_MS` at most; then the savepoint is rolled back, which lets the queue go on, and who was in the way is told.
"""

import random
import time
from collections.abc import Callable, Sequence
from typing import Final

from django.db import OperationalError, connection, transaction
from psycopg import sql

from resets.engine.errors import LocksNotHadError
from tenants.schema import current_schema

TIMEOUT_MS: Final = 50
PATIENT_TIMEOUT_MS: Final = 3000
"""For locks that let readers pass even while they wait (SHARE). Long enough for autovacuum to be asked to step aside,
which PostgreSQL does for whoever has waited `deadlock_timeout` (1 s)."""
PAUSE_SECONDS: Final = 0.5
PATIENCE_SECONDS: Final = 60.0
"""Writers wait as long as a reset tries; then it lets them go on, and another attempt follows."""
LOCK_NOT_AVAILABLE: Final = "55P03"

BLOCKERS = """
SELECT DISTINCT a.pid, a.application_name, round(extract(epoch FROM clock_timestamp() - a.xact_start))::int
FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.granted AND l.pid <> pg_backend_pid()
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.relation IN (SELECT oid FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(%(schema)s))
                     AND relname = ANY(%(names)s))
ORDER BY 3 DESC NULLS LAST LIMIT 5
"""

Lock = tuple[str, str]
"""A relation of the entered district, and a lock mode."""


def lock_tables(
    locks: Sequence[Lock],
    *,
    tell: Callable[[str], None],
    timeout_ms: int = TIMEOUT_MS,
    patience: float = PATIENCE_SECONDS,
) -> int:
    """Take the locks, in the order given, all or none at a time; returns how many tries it took.

    Args:
        locks: relations of the entered district with the mode of each ("ACCESS EXCLUSIVE", "SHARE", ...).
        tell: is told who was in the way after a failed try.
        timeout_ms: how long each lock is waited for in a try. Readers wait as long behind an exclusive one.
        patience: seconds after which no further try is made.

    Raises:
        LocksNotHadError: patience ran out; the message names who was in the way.
    """
    deadline = time.monotonic() + patience
    tries = 0
    while True:
        tries += 1
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(f"{timeout_ms}ms")))
                for name, mode in locks:
                    cursor.execute(_lock(name, mode))
                cursor.execute("SET LOCAL lock_timeout = 0")
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
                raise
        else:
            return tries
        blockers = _blockers([name for name, _ in locks])
        tell(f"locks not had in try {tries}: {blockers}")
        if time.monotonic() > deadline:
            raise LocksNotHadError(f"the tables could not be locked in {patience:.0f} s: {blockers}")
        time.sleep(PAUSE_SECONDS * (0.5 + random.random()))  # noqa: S311 - so that two runs do not stay in step


def _lock(name: str, mode: str) -> sql.Composed:
    table = sql.Identifier(current_schema(), name)
    return sql.SQL("LOCK TABLE ONLY {} IN {} MODE").format(table, sql.SQL(mode))


def _blockers(names: list[str]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(BLOCKERS, {"schema": current_schema(), "names": names})
        rows = cursor.fetchall()
    told = [f"session {pid} ({application or 'unnamed'}) since {age or 0} s" for pid, application, age in rows]
    return "; ".join(told) or "whoever it was has gone"
