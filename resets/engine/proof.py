"""What PostgreSQL itself says that this transaction did: the proof that nothing else was touched.

Every relation that a transaction writes to is locked by it until it ends, so `pg_locks` lists them all, in every
schema, at no cost that grows with the number of districts. How many rows were written is in the transaction's own
statistics. They may still hold what earlier transactions of the session did, so a baseline is taken at the start.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.db import connection

from resets.engine.errors import VerificationError

WRITTEN = """
SELECT n.nspname, c.relname, pg_stat_get_xact_tuples_inserted(c.oid), pg_stat_get_xact_tuples_updated(c.oid),
       pg_stat_get_xact_tuples_deleted(c.oid)
FROM pg_locks AS l
JOIN pg_class AS c ON c.oid = l.relation AND c.relkind IN ('r', 'p')
JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname NOT IN ('pg_catalog', 'information_schema')
WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid() AND l.granted
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
"""

BASELINE = """
SELECT c.relname, pg_stat_get_xact_tuples_inserted(c.oid), pg_stat_get_xact_tuples_updated(c.oid),
       pg_stat_get_xact_tuples_deleted(c.oid)
FROM pg_class AS c
WHERE c.relnamespace = to_regnamespace(quote_ident(%s)) AND c.relkind = 'r'
"""


APPROVALS = "public.approvals_approval"
"""Outside of the district, the one row that a run with an approval writes before it is verified: it uses that up."""


class Written(NamedTuple):
    """Rows that a transaction inserted, updated and deleted in one relation."""

    inserted: int
    updated: int
    deleted: int

    def less(self, other: "Written") -> "Written":
        """What came on top of a baseline."""
        return Written(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


NOTHING = Written(0, 0, 0)


def baseline(schema: str) -> dict[str, Written]:
    """What the session's statistics hold already, per relation of a schema, before the work begins.

    Raises:
        VerificationError: the server does not count rows (`track_counts` is off), so nothing could be proven.
    """
    with connection.cursor() as cursor:
        cursor.execute("SHOW track_counts")
        if cursor.fetchone() != ("on",):
            raise VerificationError("track_counts is off: what a reset does could not be proven. Switch it on.")
        cursor.execute(BASELINE, [schema])
        return {name: Written(*counts) for name, *counts in cursor.fetchall()}


def written_relations(schema: str, before: dict[str, Written]) -> tuple[dict[str, Written], set[str]]:
    """What this transaction wrote: rows per relation of the schema, and the relations of other schemas."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        rows = cursor.fetchall()
    here = {name: Written(*counts).less(before.get(name, NOTHING)) for space, name, *counts in rows if space == schema}
    elsewhere = {f"{space}.{name}" for space, name, *_ in rows if space != schema}
    return here, elsewhere


class Done(dict[str, Written]):
    """What statements answered that they did, by relation, added up."""

    def add(self, relation: str, *, inserted: int = 0, updated: int = 0, deleted: int = 0) -> None:
        """Add a statement's answer; nothing done is nothing recorded."""
        new = Written(inserted, updated, deleted)
        if new != NOTHING:
            old = self.get(relation, NOTHING)
            self[relation] = Written(*(mine + theirs for mine, theirs in zip(old, new, strict=True)))

    def add_all(self, other: "Done") -> None:
        """Add what other statements answered."""
        for relation, rows in other.items():
            self.add(relation, inserted=rows.inserted, updated=rows.updated, deleted=rows.deleted)


class Mismatch(NamedTuple):
    """A relation in which something else was written than was wanted."""

    relation: str
    wanted: Written
    got: Written

    def __str__(self) -> str:
        return (
            f"{self.relation}: the statements answered {tuple(self.wanted)} rows inserted, updated, deleted; the "
            f"database has {tuple(self.got)}"
        )


def first_mismatch(
    written: Mapping[str, Written], wanted: Mapping[str, Written], own: Collection[str] = ()
) -> Mismatch | None:
    """The first relation by name in which something else was written than was wanted.

    Args:
        own: relations that are the work's own records, and are not compared.
    """
    for name in sorted((written.keys() | wanted.keys()) - set(own)):
        mismatch = Mismatch(name, wanted.get(name, NOTHING), written.get(name, NOTHING))
        if mismatch.wanted != mismatch.got:
            return mismatch
    return None


def strangers(elsewhere: Iterable[str]) -> list[str]:
    """Relations of other schemas that a work has written to, but for its own temporary ones."""
    return sorted(name for name in elsewhere if not name.startswith("pg_temp"))


def run_deferred_checks() -> None:
    """Run the deferred checks of foreign keys now: what they find belongs before the verification.

    Raises:
        IntegrityError: something refers to a row that is gone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
