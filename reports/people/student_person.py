"""Who a student is: enrollments, guardians, and records that were merged."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from psycopg import sql

from holds.models import LegalHold
from reports.people.sight import Sight, sections_in
from rostering.models import Enrollment, GuardianIdentity, Student, StudentGuardian, StudentMerge
from tenants.schema import district_table
from transfers.imports.models import ImportedRow, ImportedStudent

RARELY = """
SELECT EXISTS (SELECT FROM {merge} WHERE (student_id = %(student)s OR merged_id = %(student)s) AND undone_at IS NULL),
       EXISTS (SELECT FROM {hold} WHERE lifted_at IS NULL),
       EXISTS (SELECT FROM {line} WHERE student_id = %(student)s)
       OR EXISTS (SELECT FROM {row} WHERE student_id = %(student)s)
"""


@dataclass(frozen=True)
class Rarely:
    """What most students have nothing of: whether to ask for merges, for legal holds, for transfers."""

    merges: bool
    holds: bool
    transfers: bool


def rarely(student: Student) -> Rarely:
    """What there may be to tell of a student beyond the usual, in one query."""
    tables = {"merge": StudentMerge, "hold": LegalHold, "line": ImportedStudent, "row": ImportedRow}
    named = {name: district_table(model._meta.db_table) for name, model in tables.items()}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(RARELY).format(**named), {"student": student.pk})
        return Rarely(*cursor.fetchone())


def enrollments_of(student: Student, sight: Sight) -> list[Enrollment]:
    """A student's enrollments, newest year first; for an educator those in their own sections."""
    enrollments = Enrollment.objects.filter(student=student).select_related("section__school")
    if sight.educator_id is not None:
        enrollments = enrollments.filter(section__in=sections_in(sight))
    return list(enrollments.order_by("-school_year", "-is_active", "section__title", "pk"))


def guardians_of(student: Student) -> list[tuple[str, GuardianIdentity]]:
    """A student's guardians: the relation in words, and who it is."""
    links = StudentGuardian.objects.filter(student=student, guardian__status="active", guardian__identity__isnull=False)
    named = links.select_related("guardian__identity")
    ordered = named.order_by("guardian__identity__family_name", "guardian__identity__given_name", "guardian_id")
    return [(link.relation or "guardian", link.guardian.identity) for link in ordered]


def merges_of(student: Student) -> tuple[list[StudentMerge], StudentMerge | None]:
    """The merges by which a student's record came to be what it is, newest first; undone ones are past.

    Returns:
        those of others into this record, and that of this one into another, if it is another's now.
    """
    found = StudentMerge.objects.filter(Q(student=student) | Q(merged_id=student.pk), undone_at=None)
    merges = list(found)
    gone = next((merge for merge in merges if merge.merged_id == student.pk), None)
    return [merge for merge in merges if merge is not gone], gone
