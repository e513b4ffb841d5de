"""Writing a page of a packet in the destination's schema: rows of the import's own tables, no student's data yet."""

from collections.abc import Sequence

from django.db import connection
from psycopg import sql

from tenants.schema import district_table
from transfers.imports.models import Import, IncomingStudent, StagedRow
from transfers.packet.people import PacketPerson, PacketStudent

STAGE = "COPY {staged} (incoming_id, relation, school_year, row_id, row) FROM STDIN"


def stage_students(transfer: Import, students: Sequence[PacketStudent]) -> int:
    """Stage students of a packet in the entered district, in the caller's transaction; returns how many records.

    The caller holds the district's lock, and has seen that none of them is staged already.
    """
    made = IncomingStudent.objects.bulk_create([_incoming(transfer, student) for student in students])
    staged = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL(STAGE).format(staged=district_table(StagedRow._meta.db_table))) as copy,
    ):
        for row, student in zip(made, students, strict=True):
            for record in student.records:
                copy.write_row((row.pk, record.relation, record.school_year, record.row_id, record.row))
                staged += 1
    return staged


def last_staged(transfer: Import) -> int:
    """The source's key of the last student that is staged, after which the next page begins; 0 when none is."""
    last = IncomingStudent.objects.filter(transfer=transfer).order_by("-source_key")
    return last.values_list("source_key", flat=True).first() or 0


def _incoming(transfer: Import, student: PacketStudent) -> IncomingStudent:
    who: PacketPerson = student.person
    return IncomingStudent(
        transfer=transfer,
        source_key=who.source_key,
        given_name=who.given_name,
        middle_name=who.middle_name,
        family_name=who.family_name,
        preferred_name=who.preferred_name,
        student_number=who.student_number,
        state_id=who.state_id,
        username=who.username,
        email=who.email,
        birth_date=who.birth_date,
        grade=who.grade,
        sex=who.sex,
        race=who.race,
        hispanic_or_latino=who.hispanic_or_latino,
        guardians=[guardian.as_json() for guardian in who.guardians],
        rows=len(student.records),
    )
