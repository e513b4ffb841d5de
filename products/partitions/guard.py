"""The archive is read-only by the database's own privileges, for its owner too.

A table's owner may take away its own right to write. Whoever has a reason to write (a reset that destroys what a school
without a subscription has archived, an anonymization, a restore) opens the archive inside its transaction and closes it
before the commit, so that no other session ever sees it open. A superuser is above privileges: production connects as
one no more than the embedded server's site does (`check --deploy` says so).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from psycopg import sql

from products.partitions.names import twins
from tenants.locks import Lock, take_lock
from tenants.models import District

WRITING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
RELATIONS = """
WITH RECURSIVE archived AS (
    SELECT c.oid, c.relname, c.relacl, c.relowner FROM pg_class AS c
    WHERE c.relnamespace = to_regnamespace(quote_ident(%(schema)s)) AND c.relname = ANY(%(twins)s)
    UNION ALL
    SELECT c.oid, c.relname, c.relacl, c.relowner FROM archived AS a
    JOIN pg_inherits ON inhparent = a.oid JOIN pg_class AS c ON c.oid = inhrelid
)
SELECT relname, EXISTS (
    SELECT FROM aclexplode(coalesce(relacl, acldefault('r', relowner))) WHERE privilege_type = ANY(%(writing)s)
) FROM archived ORDER BY relname
"""


@contextmanager
def archive_opened(schema: str) -> Iterator[None]:
    """Let this transaction write to a district's archive; what is in it at the end is closed again.

    Raises:
        RuntimeError: there is no transaction that an error would roll back.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the archive is opened inside a transaction only")
    _change("GRANT {} ON {} TO CURRENT_USER", schema, [name for name, is_open in _relations(schema) if not is_open])
    yield
    close_archive(schema)


@contextmanager
def history_opened(district: District) -> Iterator[None]:
    """One transaction under the district's lock, in which its archive may be written to."""
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        with archive_opened(district.schema_name):
            yield


def close_archive(schema: str) -> tuple[str, ...]:
    """Take away everybody's right to write to a district's archive; returns the relations that were open."""
    opened = [name for name, is_open in _relations(schema) if is_open]
    _change("REVOKE {} ON {} FROM CURRENT_USER, PUBLIC", schema, opened)
    return tuple(opened)


def _relations(schema: str) -> list[tuple[str, bool]]:
    """The archive twins and their partitions, each with whether anybody may write to it."""
    with connection.cursor() as cursor:
        cursor.execute(RELATIONS, {"schema": schema, "twins": list(twins().values()), "writing": list(WRITING)})
        return [(str(name), bool(is_open)) for name, is_open in cursor.fetchall()]


def _change(statement: str, schema: str, names: list[str]) -> None:
    if not names:
        return
    tables = sql.SQL(", ").join(sql.Identifier(schema, name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.SQL(", ".join(WRITING)), tables))
