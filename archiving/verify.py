"""Verification of an anonymization, in its own transaction: any mismatch rolls everything back.

Three accounts must agree: rows counted before and after, what each statement answered, and what PostgreSQL says that
the transaction wrote, in this schema and in every other.
"""

from dataclasses import dataclass

from psycopg import sql

from archiving.concerned import Concerned, guardian_tables
from archiving.database import number, table
from archiving.errors import AnonymizationError
from archiving.keys import GUARDIAN, IDENTITY, STUDENT
from archiving.statements import count_of
from resets.engine.proof import Done, Written, first_mismatch, strangers, written_relations
from tenants.schema import current_schema

NAMED = "SELECT count(*) FROM {} AS i JOIN pg_temp.leavers AS l ON i.student_id IN (l.old_id, l.new_id)"
ANONYMIZED = "SELECT count(*) FROM {} AS s JOIN pg_temp.leavers AS l ON l.new_id = s.id WHERE s.status = 'anonymized'"


@dataclass(frozen=True)
class Counts:
    """Rows before: the leavers' in each relation, and all students."""

    rows: dict[Concerned, int]
    students: int


def count_before(concerned: tuple[Concerned, ...]) -> Counts:
    """Count what the leavers have, and how many students there are."""
    schema = current_schema()
    rows = {each: number(count_of(each.relation, schema, "old_id")) for each in concerned}
    return Counts(rows, _students())


def verify(seen: Counts, leaving: int, done: Done, before: dict[str, Written], own: set[str]) -> None:
    """Nobody is named, no row has an old key, none was lost but those that are destroyed, and nothing else was written.

    Args:
        before: the session's baseline of statistics.
        own: new tables of this anonymization.

    Raises:
        AnonymizationError: names the relation and the numbers.
    """
    _verify_rows(seen)
    _verify_people(seen, leaving)
    _verify_writes(done, before, own)


def _verify_rows(seen: Counts) -> None:
    schema = current_schema()
    for each, rows in seen.rows.items():
        old, new = (number(count_of(each.relation, schema, key)) for key in ("old_id", "new_id"))
        wanted = 0 if each.destroyed else rows
        if old or new != wanted:
            raise AnonymizationError(
                f"{each.relation}: {old:,} rows still have an old key, and {new:,} a new one where {wanted:,} should"
            )


def _verify_people(seen: Counts, leaving: int) -> None:
    students, anonymized = _students(), number(sql.SQL(ANONYMIZED).format(table(STUDENT)))
    if students != seen.students or anonymized != leaving:
        raise AnonymizationError(
            f"{seen.students:,} students became {students:,}, and {anonymized:,} of {leaving:,} were anonymized"
        )
    if named := number(sql.SQL(NAMED).format(table(IDENTITY))):
        raise AnonymizationError(f"{named:,} of {leaving:,} anonymized students still have a name")
    for name in guardian_tables():
        column = sql.Identifier("id" if name == GUARDIAN else "guardian_id")
        query = sql.SQL("SELECT count(*) FROM {} AS t JOIN pg_temp.orphaned AS o ON o.guardian_id = t.{}")
        if left := number(query.format(table(name), column)):
            raise AnonymizationError(f"{name}: {left:,} rows are left of guardians who have no student any more")


def _verify_writes(done: Done, before: dict[str, Written], own: set[str]) -> None:
    here, elsewhere = written_relations(current_schema(), before)
    if others := strangers(elsewhere):
        raise AnonymizationError(f"relations outside of the district were written to: {', '.join(others)}")
    if mismatch := first_mismatch(here, done, own):
        raise AnonymizationError(str(mismatch))


def _students() -> int:
    """All students but the empty records of those who were merged into another: these go with the other."""
    return number(sql.SQL("SELECT count(*) FROM {} WHERE status <> 'merged'").format(table(STUDENT)))
