"""What is on hold in the entered district, for pages and for the SQL of whatever destroys."""

from django.db.models import QuerySet
from psycopg import sql

from holds.models import HoldScope, LegalHold
from rostering.models import StudentYear

HELD_BY = """
SELECT h.id AS hold_id, h.student_id AS student_id FROM {hold} AS h
WHERE h.lifted_at IS NULL AND h.scope = 'student'
UNION SELECT h.id, s.id FROM {hold} AS h JOIN {student} AS s ON s.school_id = h.school_id
WHERE h.lifted_at IS NULL AND h.scope = 'school'
UNION SELECT h.id, y.student_id FROM {hold} AS h JOIN {year} AS y ON y.school_id = h.school_id
WHERE h.lifted_at IS NULL AND h.scope = 'school'
UNION SELECT h.id, s.id FROM {hold} AS h CROSS JOIN {student} AS s
WHERE h.lifted_at IS NULL AND h.scope = 'district'
"""
"""Each hold with each student that it holds: a school's are those who are there, and those who ended a year there."""


def active_holds() -> QuerySet[LegalHold]:
    """The holds that have not been lifted, the newest first."""
    return LegalHold.objects.filter(lifted_at=None)


def holds_of_student(student_id: int, school_id: int | None) -> QuerySet[LegalHold]:
    """The holds that concern a student now: their own, those of their schools, and the district's."""
    by_school = LegalHold.objects.filter(scope=HoldScope.SCHOOL, school_id=school_id or 0)
    before = LegalHold.objects.filter(scope=HoldScope.SCHOOL, school_id__in=_earlier_schools(student_id))
    own = LegalHold.objects.filter(student_id=student_id)
    return (own | by_school | before | LegalHold.objects.filter(scope=HoldScope.DISTRICT)).filter(lifted_at=None)


def is_anything_held() -> bool:
    """Whether there is any hold in the entered district."""
    return active_holds().exists()


def held_by(schema: str) -> sql.Composed:
    """A query of (hold_id, student_id): every student whom each hold holds."""
    return sql.SQL(HELD_BY).format(
        hold=sql.Identifier(schema, "holds_legalhold"),
        student=sql.Identifier(schema, "rostering_student"),
        year=sql.Identifier(schema, "rostering_studentyear"),
    )


def held_students(schema: str) -> sql.Composed:
    """A query of the ids of the students on hold, by themselves, by their school or with the whole district."""
    return sql.SQL("SELECT held.student_id FROM ({}) AS held").format(held_by(schema))


def students_of(hold: LegalHold, schema: str) -> sql.Composed:
    """A query of the ids of the students whom a hold holds, or held until it was lifted."""
    mine = sql.SQL("(SELECT * FROM {} WHERE id = {})").format(
        sql.Identifier(schema, "holds_legalhold"), sql.Literal(hold.pk)
    )
    one = sql.SQL(HELD_BY.replace("h.lifted_at IS NULL AND ", "")).format(
        hold=mine,
        student=sql.Identifier(schema, "rostering_student"),
        year=sql.Identifier(schema, "rostering_studentyear"),
    )
    return sql.SQL("SELECT held.student_id FROM ({}) AS held").format(one)


def on_hold(schema: str) -> sql.Composed | None:
    """SQL for: student `s` is on hold; None where nothing is, so that nobody pays for holds that there are not."""
    return sql.SQL("s.id IN ({})").format(held_students(schema)) if is_anything_held() else None


def _earlier_schools(student_id: int) -> QuerySet[StudentYear, int | None]:
    return StudentYear.objects.filter(student_id=student_id).values_list("school_id", flat=True)
