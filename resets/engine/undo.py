"""The run's undo tables: what is about to be zeroed or unassigned, as it was, in the district's own schema.

`CREATE TABLE AS` keeps the types, writes no index, and is destroyed by dropping it when restoring ends. What a policy
deletes leaves no undo.
"""

from uuid import UUID

from django.db import connection
from psycopg import sql

from resets.engine.counting import touched_by
from resets.engine.plan import Ground, Part, Work
from resets.engine.relations import in_scope, relation, school_of
from resets.policies.words import SetTo

LONGEST_NAME = 63
WITH_STUDENTS = """
SELECT c.relname FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'student_id' AND NOT a.attisdropped
WHERE c.relnamespace = to_regnamespace(quote_ident(%s)) AND c.relkind = 'r' AND starts_with(c.relname, 'undo_')
ORDER BY 1
"""


def undo_tables_with_students(schema: str) -> tuple[str, ...]:
    """A district's undo tables that hold students' keys, of whatever suite."""
    with connection.cursor() as cursor:
        cursor.execute(WITH_STUDENTS, [schema])
        return tuple(str(row[0]) for row in cursor.fetchall())


def undo_name(run_id: UUID, part: Part) -> str:
    """The undo table of a part: `undo_<first of the run's id>_<table>`."""
    return f"undo_{run_id.hex[:8]}_{part.relation}"[:LONGEST_NAME]


def write_undo(run_id: UUID, part: Part, ground: Ground) -> sql.Composed:
    """The statement that keeps the rows that a part will touch: key, school, and what is lost."""
    joins, school = school_of(part.table, ground)
    lost: list[sql.Composable]
    if part.work is Work.UNASSIGN:
        lost = [sql.SQL("t.*")]
    else:
        lost = [sql.SQL("t.id"), *(sql.SQL("t.{}").format(sql.Identifier(name)) for name in _columns(part))]
    return sql.SQL("CREATE TABLE {} AS SELECT {}, {} AS undo_school_id FROM {} AS t{} WHERE ({}) AND {}").format(
        relation(ground, undo_name(run_id, part)),
        sql.SQL(", ").join(lost),
        school,
        relation(ground, part.relation),
        joins,
        touched_by(part, ground),
        in_scope(part, ground),
    )


def _columns(part: Part) -> tuple[str, ...]:
    return part.rule.action.columns if isinstance(part.rule.action, SetTo) else ()
