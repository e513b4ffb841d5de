"""One moment of a district: everything that is read inside is as it was when it began, whatever is written meanwhile.

As `pg_dump` does it: the tables are locked first in the weakest form, which lets everybody read and write and only
keeps a table from being moved or dropped; the first query after that fixes the moment. The district's lock is not held.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from psycopg import sql

LOCK_TIMEOUT = "60s"


@contextmanager
def snapshot(relations: Iterable[sql.Identifier]) -> Iterator[None]:
    """A transaction that sees one moment.

    Args:
        relations: what must not be moved or dropped until it ends; a partitioned table with all its partitions.

    Raises:
        RuntimeError: a transaction is open already: its moment is an earlier one.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a snapshot is a transaction of its own")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT)))
            cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(sql.SQL(", ").join(relations)))
        yield
