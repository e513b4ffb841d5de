"""The students' own rows in a merge: who may be merged, and what becomes of both records."""

from django.db import connection
from psycopg import sql

from resets.merging.errors import MergeRefusedError
from resets.merging.statements import UNDO
from rostering.models import Student, StudentAlias, StudentIdentity, StudentMerge
from rostering.models_people import PersonStatus
from tenants.schema import district_table

STUDENT = "rostering_student"
FOLLOWS = "school_id", "grade", "status", "school_year", "rostered_on", "left_on"
"""What the one who stays takes from the other, where the other's enrollment is the newer one."""
REMEMBER = """
INSERT INTO {undo} (merge_id, student_id, relation, position, moved, aside)
SELECT {merge}, {stays}, {name}, 0, '[]', jsonb_agg(to_jsonb(t)) FROM {student} AS t WHERE t.id IN ({stays}, {goes})
"""
REMEMBER_AFTER = """
UPDATE {undo} SET moved = (SELECT jsonb_agg(to_jsonb(t)) FROM {student} AS t WHERE t.id = {stays})
WHERE merge_id = {merge} AND relation = {name}
"""
RESTORE = """
UPDATE {student} AS t SET ({columns}) = ROW({old}) FROM {undo} AS u
CROSS JOIN LATERAL jsonb_populate_recordset(NULL::{student}, u.aside) AS k
WHERE u.merge_id = {merge} AND u.relation = {name} AND t.id = k.id
  AND (t.id = {goes} OR to_jsonb(t) = u.moved -> 0)
"""
"""The one who stayed gets their old values back, unless something else has changed them since."""


def check_pair(stays: int, goes: int) -> tuple[Student, Student]:
    """The two students, as they are now.

    Raises:
        MergeRefusedError: they are one, unknown, merged already or have no name any more.
    """
    if stays == goes:
        raise MergeRefusedError("This is one and the same record. Choose the other one.")
    found = Student.objects.in_bulk([stays, goes])
    for key in (stays, goes):
        if key not in found:
            raise MergeRefusedError("One of the two is not in this district any more. Search again.")
        if found[key].status == PersonStatus.MERGED:
            raise MergeRefusedError("One of the two was merged with another record meanwhile. Look at that one.")
    if StudentIdentity.objects.filter(pk__in=[stays, goes]).count() != len(found):
        raise MergeRefusedError("One of the two is anonymized: nobody can say whose data it was, so it stays as it is.")
    return found[stays], found[goes]


def enrolled_now(stays: Student, goes: Student) -> Student:
    """Whose enrollment holds: whoever is on the roster, in the later school year; the one who stays if equal."""
    newer = (goes.status == PersonStatus.ACTIVE, goes.school_year) > (
        stays.status == PersonStatus.ACTIVE,
        stays.school_year,
    )
    return goes if newer else stays


def write_people(merge: StudentMerge, stays: Student, goes: Student) -> None:
    """Mark the one as merged, let the other take the newer enrollment, and remember both as they were.

    Where a roster still has the other's sourcedId, it leads to the one who stays from now on.
    """
    sourced_id = StudentIdentity.objects.get(pk=goes.pk).sourced_id
    _run(REMEMBER, merge, stays.pk, goes.pk)
    newer = enrolled_now(stays, goes)
    values = {name: getattr(newer, name) for name in FOLLOWS} if newer is goes else {}
    birth_year = stays.birth_year or goes.birth_year
    Student.objects.filter(pk=stays.pk).update(birth_year=birth_year, **values)
    Student.objects.filter(pk=goes.pk).update(status=PersonStatus.MERGED)
    StudentAlias.objects.create(student=stays, merge=merge, sourced_id=sourced_id)
    _run(REMEMBER_AFTER, merge, stays.pk, goes.pk)


def restore_people(merge: StudentMerge) -> None:
    """Give both records their old values, and forget the alias."""
    columns = [str(field.column) for field in Student._meta.concrete_fields if not field.primary_key]
    _run(
        RESTORE,
        merge,
        merge.student_id,
        merge.merged_id,
        columns=sql.SQL(", ").join([sql.Identifier(name) for name in columns]),
        old=sql.SQL(", ").join([sql.Identifier("k", name) for name in columns]),
    )
    merge.aliases.all().delete()


def _run(template: str, merge: StudentMerge, stays: int, goes: int, **more: sql.Composable) -> None:
    statement = sql.SQL(template).format(
        merge=sql.Literal(merge.pk),
        stays=sql.Literal(stays),
        goes=sql.Literal(goes),
        name=sql.Literal(STUDENT),
        undo=district_table(UNDO),
        student=district_table(STUDENT),
        **more,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
