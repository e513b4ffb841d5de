"""From the old keys to new random ones, and everything that says who somebody is destroyed."""

from collections import Counter
from collections.abc import Iterable

from django.db import connection
from psycopg import sql

from archiving import statements
from archiving.concerned import Concerned, guardian_tables
from archiving.database import number, run
from holds.models import LegalHold
from holds.selectors import held_by, is_anything_held, students_of
from ledger.replaying import current_replay
from resets.engine.answers import answers
from resets.engine.proof import Done
from resets.engine.undo import undo_tables_with_students
from tenants.schema import current_schema

STUDENT = "rostering_student"
IDENTITY = "rostering_studentidentity"
LINKS = "rostering_studentguardian"
HELD = "rostering_heldremoval"
MERGE = "rostering_studentmerge"
GUARDIAN = "rostering_guardian"
OLD_KEYS = "SELECT old_id FROM pg_temp.leavers"


def choose_leavers(
    account: str, school_year: int, except_schools: Iterable[int] = (), lifted: LegalHold | None = None
) -> int:
    """Map the keys of those who have not come back to random ones, for this transaction; returns how many they are.

    Args:
        account: the table of the suite's accounts; whoever has none in it is not concerned.
        except_schools: schools whose reset was undone; their students are not concerned either.
        lifted: of whose students only, if it is what was postponed for a hold.
    """
    tables = {"student": STUDENT, "account": account}
    parts = {"year": sql.Literal(school_year), "except_schools": sql.Literal(sorted(except_schools))}
    kept: sql.Composed = sql.Composed([])
    if is_anything_held():
        run(statements.SPARED, tables=tables, held=held_by(current_schema()), **parts)
        kept += sql.SQL(statements.NOT_HELD + " ")
    if lifted is not None:
        kept += sql.SQL("AND s.id IN ({})").format(students_of(lifted, current_schema()))
    run(statements.LEAVERS, tables=tables, kept=kept, **parts)
    run(statements.INDEX)
    return number(sql.SQL("SELECT count(*) FROM pg_temp.leavers"))


def choose_again(keys: Iterable[int]) -> int:
    """Map the keys of those who were anonymized already, where a backup brought them back; returns how many."""
    run(statements.LEAVERS_AGAIN, tables={"student": STUDENT}, keys=sql.Literal(sorted(keys)))
    run(statements.INDEX)
    return number(sql.SQL("SELECT count(*) FROM pg_temp.leavers"))


def old_keys() -> list[int]:
    """The keys that the leavers had."""
    with connection.cursor() as cursor:
        cursor.execute(OLD_KEYS)
        return [int(row[0]) for row in cursor.fetchall()]


def every_key() -> frozenset[int]:
    """The keys that the leavers had, and those that were merged into theirs; asked before they are replaced."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statements.EVERY_KEY).format(merge=sql.Identifier(current_schema(), MERGE)))
        return frozenset(int(row[0]) for row in cursor.fetchall())


def rows_spared(concerned: tuple[Concerned, ...]) -> dict[int, tuple[int, int]]:
    """Per hold, how many students it keeps from being anonymized, and how many rows they have.

    Of what is done again after a restore from a backup the published entry says it.
    """
    if not is_anything_held() or current_replay() is not None:
        return {}
    students = answers(sql.SQL("SELECT hold_id::text, count(*) FROM pg_temp.spared GROUP BY 1"))
    if not students:
        return {}
    rows: Counter[str] = Counter()
    for each in concerned:
        rows.update(answers(statements.spared_rows(each, current_schema())))
    return {int(hold): (rows[hold], count) for hold, count in students.items()}


def replace_keys(concerned: tuple[Concerned, ...]) -> Done:
    """Give the leavers their new keys in every table, and delete what names them; returns what was done."""
    done = Done()
    done.add(STUDENT, inserted=run(statements.STRANGERS, tables={"student": STUDENT, "identity": IDENTITY}))
    run(statements.ORPHANS, tables={"links": LINKS})
    done.add(STUDENT, deleted=run(statements.MERGED, tables={"student": STUDENT, "merge": MERGE}))
    _map_lineage(concerned)
    for table in concerned:
        for relation, rows in answers(statements.rekey(table, current_schema())).items():
            done.add(relation, **{"deleted" if table.destroyed else "updated": rows})
    for name in guardian_tables():
        statement = statements.GUARDIANS_GO if name == GUARDIAN else statements.ORPHANS_GO
        done.add(name, deleted=run(statement, tables={"table": name}))
    done.add(HELD, deleted=run(statements.HELD, tables={"held": HELD}))
    for name in undo_tables_with_students(current_schema()):
        done.add(name, deleted=run(statements.UNDONE, tables={"table": name}))
    done.add(STUDENT, deleted=run(statements.OLD_STUDENTS, tables={"student": STUDENT}))
    return done


def _map_lineage(concerned: tuple[Concerned, ...]) -> None:
    """The new ids of the facts to which a record of their origin points, so that it goes on pointing to them."""
    run(statements.LINEAGE)
    for each in concerned:
        if each.lineage:
            run(statements.LINEAGE_OF, tables={"table": each.relation}, column=sql.Identifier(each.lineage))
    run(statements.LINEAGE_INDEX)
