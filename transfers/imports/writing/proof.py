"""Verification of an import, of its undo and of a split, in their own transactions: any mismatch rolls all back.

Independent accounts must agree: the records counted before and after, what the statements answered, and what
PostgreSQL itself says that the transaction wrote, here and in every other schema.
"""

from collections.abc import Iterable, Mapping

from django.db import connection
from psycopg import sql

from resets.engine.proof import Done, Written, first_mismatch, strangers, written_relations
from resets.merging.proof import by_parent, check_references
from tenants.schema import current_schema, district_table
from transfers.imports.errors import TransferError
from transfers.imports.models import StagedRow
from transfers.packet.tables import transferred_tables

STAGED = """
SELECT relation, count(*) FROM {staged} WHERE incoming_id = ANY({incoming}::bigint[]) GROUP BY relation
"""
OWNED = "SELECT {name}::text, count(*) FROM {facts} AS t WHERE t.student_id = ANY({students}::bigint[])"


def count_staged(incoming: Iterable[int]) -> dict[str, int]:
    """Records staged for some incoming students, by relation."""
    statement = sql.SQL(STAGED).format(
        staged=district_table(StagedRow._meta.db_table), incoming=sql.Literal(list(incoming))
    )
    return _counts(statement)


def count_owned(students: Iterable[int]) -> dict[str, int]:
    """Records that some students of the entered district have in the transferred tables, by relation."""
    keys = sql.Literal(list(students))
    each = (
        sql.SQL(OWNED).format(name=sql.Literal(table.name), facts=district_table(table.name), students=keys)
        for table in transferred_tables()
    )
    return _counts(sql.SQL(" UNION ALL ").join(each))


def verify_records(before: Mapping[str, int], after: Mapping[str, int], changes: Mapping[str, int]) -> None:
    """In each transferred table the students have what they had, and the change.

    Raises:
        TransferError: names the relation and the numbers.
    """
    for table in transferred_tables():
        name = table.name
        had, has, change = before.get(name, 0), after.get(name, 0), changes.get(name, 0)
        if has != had + change:
            raise TransferError(
                f"{name}: {had:,} records became {has:,}, where {had + change:,} should be. Nothing was changed."
            )


def verify_writes(before: dict[str, Written], done: Done, own: frozenset[str] = frozenset()) -> None:
    """The database wrote in this schema what the statements answered, and nothing anywhere else.

    Args:
        before: the session's baseline of statistics.
        own: tables of records of the work itself, which are written besides.

    Raises:
        TransferError: names the relation and the numbers.
    """
    check_references()
    here, elsewhere = written_relations(current_schema(), before)
    if others := strangers(elsewhere):
        raise TransferError(f"Relations outside of the district were written to: {', '.join(others)}.")
    if mismatch := first_mismatch(by_parent(here), done, own):
        raise TransferError(f"{mismatch}. Nothing was changed.")


def _counts(statement: sql.Composable) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {str(name): int(rows) for name, rows in cursor.fetchall()}
