"""From the old keys to new random ones, and everything that says who somebody is destroyed."""

from psycopg import sql

from archiving import statements
from archiving.concerned import Concerned, guardian_tables
from archiving.database import Done, answers, number, run
from resets.engine.undo import undo_tables_with_students
from tenants.schema import current_schema

STUDENT = "rostering_student"
IDENTITY = "rostering_studentidentity"
LINKS = "rostering_studentguardian"
HELD = "rostering_heldremoval"
MERGE = "rostering_studentmerge"
GUARDIAN = "rostering_guardian"


def choose_leavers(account: str, school_year: int) -> int:
    """Map the keys of those who have not come back to random ones, for this transaction; returns how many they are.

    Args:
        account: the table of the suite's accounts; whoever has none in it is not concerned.
    """
    run(statements.LEAVERS, tables={"student": STUDENT, "account": account}, year=school_year)
    run(statements.INDEX)
    return number(sql.SQL("SELECT count(*) FROM pg_temp.leavers"))


def replace_keys(concerned: tuple[Concerned, ...]) -> Done:
    """Give the leavers their new keys in every table, and delete what names them; returns what was done."""
    done = Done()
    done.add(STUDENT, inserted=run(statements.STRANGERS, tables={"student": STUDENT, "identity": IDENTITY}))
    run(statements.ORPHANS, tables={"links": LINKS})
    done.add(STUDENT, deleted=run(statements.MERGED, tables={"student": STUDENT, "merge": MERGE}))
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
