"""Which rows are one student's: by the data maps, in every relation, live and archived, undone and staged."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from archiving.concerned import concerned_tables, guardian_tables
from products.datamap import Key, Table
from products.registry import data_maps
from resets.engine.undo import undo_tables_with_students
from tenants.schema import current_schema

STUDENT = "rostering_student"
CHOSEN = """
CREATE TEMPORARY TABLE leavers ON COMMIT DROP AS
SELECT unnest({students}::bigint[]) AS old_id, NULL::bigint AS new_id
UNION SELECT m.merged_id, NULL FROM {merges} AS m WHERE m.student_id = ANY({students}::bigint[])
"""
"""The students, and the empty records that were merged into them."""
ORPHANS = """
CREATE TEMPORARY TABLE orphaned ON COMMIT DROP AS
SELECT DISTINCT g.guardian_id FROM {links} AS g JOIN pg_temp.leavers AS l ON l.old_id = g.student_id
WHERE NOT EXISTS (SELECT FROM {links} AS other WHERE other.guardian_id = g.guardian_id
                  AND other.student_id NOT IN (SELECT old_id FROM pg_temp.leavers))
"""
"""Guardians of whom no student stays."""
UNDO = """
SELECT c.relname FROM pg_class AS c
WHERE c.relnamespace = to_regnamespace(quote_ident(%s)) AND c.relkind = 'r' AND starts_with(c.relname, 'undo_')
ORDER BY 1
"""
COUNT = sql.SQL("SELECT {name}, count(*) FROM {table} AS t WHERE {which}")
PREFIX = len("undo_12345678_")


@dataclass(frozen=True)
class Theirs:
    """A relation, and the SQL condition on its row `t` that makes it the chosen student's."""

    relation: str
    condition: sql.Composable


def choose(student_ids: Iterable[int]) -> None:
    """Choose whom this transaction concerns, and find the guardians who have nobody else."""
    schema = current_schema()
    links = sql.Identifier(schema, "rostering_studentguardian")
    merges = sql.Identifier(schema, "rostering_studentmerge")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.leavers, pg_temp.orphaned")
        cursor.execute(sql.SQL(CHOSEN).format(students=sql.Literal(sorted(student_ids)), merges=merges))
        cursor.execute(sql.SQL(ORPHANS).format(links=links))


def their_rows() -> tuple[Theirs, ...]:
    """Every relation with the chosen student's rows, in the order in which they can be deleted."""
    schema = current_schema()
    found = [*_undone(schema), *_children(schema), *_incoming(schema)]
    found += [Theirs(each.relation, _by("student_id")) for each in concerned_tables()]
    for name in guardian_tables():
        column = "id" if name == "rostering_guardian" else "guardian_id"
        found.append(Theirs(name, _by(column, "SELECT guardian_id FROM pg_temp.orphaned")))
    held = sql.SQL("t.kind = 'student' AND ")
    found.append(Theirs("rostering_heldremoval", held + _by("person_id")))
    found.append(Theirs(STUDENT, _by("id")))
    return tuple(found)


def count_theirs(rows: tuple[Theirs, ...]) -> dict[str, int]:
    """How many rows of each relation fit their condition, in one query; without those that have none."""
    schema = current_schema()
    asked = (
        COUNT.format(name=sql.Literal(each.relation), table=sql.Identifier(schema, each.relation), which=each.condition)
        for each in rows
    )
    counted: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(asked))
        for name, count in cursor.fetchall():
            if count:
                counted[str(name)] = counted.get(str(name), 0) + int(count)
    return counted


def _by(column: str, which: str = "SELECT old_id FROM pg_temp.leavers") -> sql.Composed:
    return sql.SQL("t.{} IN ({})").format(sql.Identifier(column), sql.SQL(which))


def _children(schema: str) -> Iterator[Theirs]:
    """Rows of rows: the accessories of an avatar."""
    keyed = {table.model: table for suite in data_maps() for table in suite.tables if table.key is Key.STUDENT}
    for suite in data_maps():
        for table in suite.tables:
            if table.key is Key.PARENT and table.of in keyed:
                yield Theirs(table.name, _of_parent(schema, table, keyed[table.of]))


def _of_parent(schema: str, table: Table, parent: Table) -> sql.Composed:
    return sql.SQL("t.{} IN (SELECT p.id FROM {} AS p WHERE p.{} IN (SELECT old_id FROM pg_temp.leavers))").format(
        sql.Identifier(table.parent), sql.Identifier(schema, parent.name), sql.Identifier(parent.key_column)
    )


def _incoming(schema: str) -> Iterator[Theirs]:
    """What is staged of them: an incoming student who would be imported as the one who is destroyed."""
    staged = sql.SQL("SELECT i.id FROM {} AS i WHERE i.match_key IN (SELECT old_id FROM pg_temp.leavers)").format(
        sql.Identifier(schema, "transfer_imports_incomingstudent")
    )
    for name in ("transfer_imports_stagedrow", "transfer_imports_matchcandidate"):
        yield Theirs(name, sql.SQL("t.incoming_id IN ({})").format(staged))
    yield Theirs("transfer_imports_incomingstudent", _by("match_key"))


def _undone(schema: str) -> Iterator[Theirs]:
    """The undo of resets: rows with the student's key, and those that point to a row of theirs by its id."""
    with_key = set(undo_tables_with_students(schema))
    with connection.cursor() as cursor:
        cursor.execute(UNDO, [schema])
        names = [str(row[0]) for row in cursor.fetchall()]
    keyed = {table.name: table for suite in data_maps() for table in suite.tables if table.key is Key.STUDENT}
    for name in names:
        if name in with_key:
            yield Theirs(name, _by("student_id"))
        elif table := keyed.get(name[PREFIX:]):
            mine = "t.id IN (SELECT p.id FROM {} AS p WHERE p.student_id IN (SELECT old_id FROM pg_temp.leavers))"
            yield Theirs(name, sql.SQL(mine).format(sql.Identifier(schema, table.name)))
