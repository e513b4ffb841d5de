"""Merging duplicates is offered afterwards: new records of an import that by now have a likely twin on the site.

"If the student(s) have already been on your site, and they were not matched to their record during transfer, you will
need to merge the new student records with the existing student records on your site."
"""

from dataclasses import dataclass
from typing import Final

from django.db import connection
from psycopg import sql

from rostering.models import Student, StudentIdentity
from tenants.schema import district_table
from transfers.imports.models import Import, ImportedStudent

LIMIT: Final = 500
WORDS: Final = {
    "state_id": "the same state ID",
    "student_number": "the same Student ID and birth date",
    "name": "the same name and birth date, and on the roster since",
}
PAIRS = """
SELECT l.id, l.student_id, o.student_id,
       CASE WHEN l.source_state_id <> '' AND o.state_id = l.source_state_id THEN 'state_id'
            WHEN l.source_student_number <> '' AND o.student_number = l.source_student_number THEN 'student_number'
            ELSE 'name' END
FROM {lines} AS l JOIN {identity} AS i ON i.student_id = l.student_id
JOIN {identity} AS o ON o.student_id <> l.student_id AND (
    (l.source_state_id <> '' AND o.state_id = l.source_state_id)
    OR (o.birth_date = i.birth_date AND (
        (l.source_student_number <> '' AND o.student_number = l.source_student_number)
        OR (lower(o.family_name) = lower(i.family_name) AND lower(o.given_name) = lower(i.given_name)
            AND EXISTS (SELECT FROM {student} AS s JOIN {student} AS m ON m.id = l.student_id
                        WHERE s.id = o.student_id AND s.rostered_on >= m.rostered_on)))))
WHERE l.transfer_id = {transfer} AND l.is_new ORDER BY l.family_name, l.given_name, l.id, o.student_id LIMIT {limit}
"""


@dataclass(frozen=True)
class DuplicatePair:
    """A record that an import made, and one that may be the same child's: for the merge page.

    Attributes:
        line: the key of the log's line.
        made: the student whom the import made.
        twin: the other student, whose record should stay.
        reason: what the two have in common; see `WORDS`.
    """

    line: int
    made: int
    twin: int
    reason: str

    @property
    def words(self) -> str:
        """What the two have in common, for people."""
        return WORDS[self.reason]


def duplicates_after(transfer: Import) -> list[DuplicatePair]:
    """Students whom an import of the entered district made and who have a likely twin by now; at most 500 pairs."""
    statement = sql.SQL(PAIRS).format(
        lines=district_table(ImportedStudent._meta.db_table),
        identity=district_table(StudentIdentity._meta.db_table),
        student=district_table(Student._meta.db_table),
        transfer=sql.Literal(str(transfer.pk)),
        limit=sql.Literal(LIMIT),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [DuplicatePair(*row) for row in cursor.fetchall()]
