"""What was built upon a student whom an import made: as long as there is something, the student stays."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection
from psycopg import sql

from holds.models import LegalHold
from resets.merging.relations import Keyed, keyed_relations
from rostering.models import (
    Enrollment,
    HeldRemoval,
    MergeUndo,
    Student,
    StudentAlias,
    StudentDemographics,
    StudentGuardian,
    StudentIdentity,
    StudentMerge,
)
from tenants.schema import district_table
from transfers.imports import reasons
from transfers.imports.models import (
    Import,
    ImportedRow,
    ImportedStudent,
    IncomingStudent,
    MatchCandidate,
    OfferedStudent,
)
from transfers.imports.writing.lineage import Brought
from transfers.imports.writing.people import SOURCED_ID
from transfers.packet.tables import transferred_tables

OWN = {
    model._meta.db_table
    for model in (StudentIdentity, StudentDemographics, StudentGuardian, ImportedStudent, ImportedRow, MatchCandidate)
}
"""What a student has from the import itself, and what says nothing: a suggestion that nobody has chosen."""
SAID = {
    Enrollment._meta.db_table: reasons.ENROLLED,
    HeldRemoval._meta.db_table: reasons.ROSTERED,
    StudentMerge._meta.db_table: reasons.MERGED,
    MergeUndo._meta.db_table: reasons.MERGED,
    StudentAlias._meta.db_table: reasons.MERGED,
    OfferedStudent._meta.db_table: reasons.OFFERED,
    LegalHold._meta.db_table: reasons.ON_HOLD,
}
ROWS = """
SELECT {name}::text, t.{key}, count(*) FROM {table} AS t WHERE t.{key} = ANY({students}::bigint[]) AND {only} GROUP BY 2
"""


def built_upon(transfer: Import, students: Sequence[int], brought: Brought) -> dict[int, str]:
    """Of students made by an import, those upon whom something was built, and the code of what."""
    found: dict[int, str] = {}
    facts = {table.name for table in transferred_tables()}
    for name, student, rows in _rows(students):
        if name in facts and rows == brought.in_table(name, student):
            continue
        found.setdefault(student, SAID.get(name, reasons.OTHER_DATA))
    found.update(dict.fromkeys(_rostered(students), reasons.ROSTERED))
    others = ImportedStudent.objects.filter(student_id__in=students).exclude(transfer=transfer)
    lineage = ImportedRow.objects.filter(student_id__in=students).exclude(transfer=transfer)
    for again in (others, lineage):
        found |= {key: reasons.CAME_AGAIN for key in again.values_list("student_id", flat=True) if key is not None}
    chosen = IncomingStudent.objects.filter(match_key__in=students).exclude(transfer=transfer)
    found |= {key: reasons.CHOSEN for key in chosen.values_list("match_key", flat=True) if key is not None}
    return found


def _rostered(students: Sequence[int]) -> set[int]:
    """Those whose identity a roster has written, or whose record is no student's own any more."""
    made = StudentIdentity.objects.filter(pk__in=students, sourced_id__startswith=SOURCED_ID, source_hash=None)
    there = Student.objects.filter(pk__in=students)
    return set(there.values_list("pk", flat=True)) - set(made.values_list("pk", flat=True))


def _rows(students: Sequence[int]) -> list[tuple[str, int, int]]:
    """(relation, student, rows) of everything that is keyed by a student, but for the import's own."""
    wanted = [keyed for keyed in keyed_relations() if keyed.relation not in OWN]
    query = sql.SQL(" UNION ALL ").join(_count(keyed, students) for keyed in wanted)
    by_student: dict[tuple[str, int], int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(query)
        for name, student, rows in cursor.fetchall():
            by_student[str(name), int(student)] += int(rows)
    return [(name, student, rows) for (name, student), rows in by_student.items()]


def _count(keyed: Keyed, students: Sequence[int]) -> sql.Composed:
    return sql.SQL(ROWS).format(
        name=sql.Literal(keyed.relation),
        key=sql.Identifier(keyed.column),
        table=district_table(keyed.relation),
        students=sql.Literal(list(students)),
        only=sql.SQL(keyed.only),
    )
