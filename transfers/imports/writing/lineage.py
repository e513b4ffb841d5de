"""Following the lineage: which records an import brought to whom, taking them away again, moving them on."""

from collections.abc import Iterable

from django.db import connection
from psycopg import sql

from resets.engine.proof import Done
from tenants.schema import district_table
from transfers.imports.models import Import, ImportedRow
from transfers.packet.tables import transferred_tables

TABLE = ImportedRow._meta.db_table
BROUGHT = """
SELECT l.student_id, count(*), count(f.id) FROM {lineage} AS l
LEFT JOIN {facts} AS f ON f.school_year = l.school_year AND f.id = l.row_id AND f.student_id = l.student_id
WHERE l.transfer_id = {transfer} AND l.student_id = ANY({students}::bigint[]) AND l.relation = {name}
GROUP BY l.student_id
"""
SAME = """
f.school_year = l.school_year AND f.id = l.row_id AND f.student_id = l.student_id AND l.relation = {name}
AND l.transfer_id = {transfer} AND l.student_id = ANY({students}::bigint[])
"""
TAKE = "DELETE FROM {facts} AS f USING {lineage} AS l WHERE {same}"
MOVE = "UPDATE {facts} AS f SET student_id = {to} FROM {lineage} AS l WHERE {same}"
FORGET = "DELETE FROM {lineage} WHERE transfer_id = {transfer} AND student_id = ANY({students}::bigint[])"
FOLLOW = (
    "UPDATE {lineage} SET student_id = {to} WHERE transfer_id = {transfer} AND student_id = ANY({students}::bigint[])"
)


class Brought:
    """The records that an import brought to some students, as the lineage has them and as they are still there."""

    def __init__(self, transfer: Import, students: Iterable[int]) -> None:
        self.parts = _parts(transfer, students)
        self.by_table: dict[str, dict[int, int]] = {}
        self._missing: set[int] = set()
        for table in transferred_tables():
            with connection.cursor() as cursor:
                cursor.execute(_filled(BROUGHT, self.parts, table.name))
                rows = cursor.fetchall()
            self.by_table[table.name] = {student: noted for student, noted, _ in rows}
            self._missing |= {student for student, noted, found in rows if noted != found}

    def of(self, student: int) -> int:
        """How many it brought to one."""
        return sum(by_student.get(student, 0) for by_student in self.by_table.values())

    def all_there(self, student: int) -> bool:
        """Whether each of these is still the student's."""
        return student not in self._missing

    def in_table(self, name: str, student: int) -> int:
        """How many it brought to one in one table."""
        return self.by_table[name].get(student, 0)


def take_records(transfer: Import, students: list[int], done: Done) -> dict[str, int]:
    """Delete what an import brought to students, and the lineage; returns the records by table."""
    parts, taken = _parts(transfer, students), {}
    for table in transferred_tables():
        taken[table.name] = _run(_filled(TAKE, parts, table.name))
        done.add(table.name, deleted=taken[table.name])
    done.add(TABLE, deleted=_run(_filled(FORGET, parts)))
    return taken


def move_records(transfer: Import, student: int, to: int, done: Done) -> dict[str, int]:
    """Give what an import brought to one student to another, and the lineage; returns the records by table."""
    parts, moved = {**_parts(transfer, [student]), "to": sql.Literal(to)}, {}
    for table in transferred_tables():
        moved[table.name] = _run(_filled(MOVE, parts, table.name))
        done.add(table.name, updated=moved[table.name])
    done.add(TABLE, updated=_run(_filled(FOLLOW, parts)))
    return moved


def _parts(transfer: Import, students: Iterable[int]) -> dict[str, sql.Composable]:
    return {
        "lineage": district_table(TABLE),
        "transfer": sql.Literal(str(transfer.pk)),
        "students": sql.Literal(list(students)),
    }


def _filled(template: str, parts: dict[str, sql.Composable], name: str = "") -> sql.Composed:
    own = {**parts, "name": sql.Literal(name), "facts": district_table(name)} if name else parts
    same = sql.SQL(SAME).format(**own) if name else sql.SQL("")
    return sql.SQL(template).format(**own, same=same)


def _run(statement: sql.Composed) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)
