"""The named advisory locks. All are transaction-scoped, so they are safe behind a connection pool.

`DISTRICT` serialises imports, resets, transfers and anonymization of one district. `PROVISION` serialises changes of
the set of districts. They are taken first in a transaction, before any row or table lock, and districts in rising order
of their id: so no two transactions wait for each other.

`SWITCH` comes last: destructive work shares it from its last look at the switch to its commit, and whoever turns the
switch takes it alone, first, and then waits for no lock that such work holds. `DISPATCH` is one
dispatcher's at a time; `EVENTS` is only ever tried, by whoever numbers the events.
"""

import enum

from django.db import connection


class Lock(enum.IntEnum):
    """The first key of `pg_advisory_xact_lock(key, key)`; the second is the district's id, or 0."""

    DISTRICT = 7401
    PROVISION = 7402
    DISPATCH = 7403
    SWITCH = 7404
    EVENTS = 7405


def take_lock(lock: Lock, key: int = 0) -> None:
    """Wait for a named lock, and hold it until the transaction ends.

    Raises:
        RuntimeError: there is no transaction to hold it.
    """
    _require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [int(lock), key])


def share_lock(lock: Lock, key: int = 0) -> None:
    """Wait for a named lock in its shared form, which others may share, and hold it until the transaction ends.

    Raises:
        RuntimeError: there is no transaction to hold it.
    """
    _require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [int(lock), key])


def try_lock(lock: Lock, key: int = 0) -> bool:
    """Take a named lock if nobody holds it; tell whether it was taken.

    Raises:
        RuntimeError: there is no transaction to hold it.
    """
    _require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [int(lock), key])
        row = cursor.fetchone()
    return bool(row and row[0])


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("an advisory lock needs a transaction that holds it")
