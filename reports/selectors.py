"""What the home page reads."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q
from psycopg import sql

from rostering.models import Educator, School, Section, Student, TeachingAssignment
from rostering.models_people import PersonStatus
from tenants.schema import district_table

ACTIVE = PersonStatus.ACTIVE
NUMBERS = """
SELECT (SELECT count(*) FROM {school} WHERE is_active),
       (SELECT count(*) FROM {student} WHERE status = %(active)s),
       (SELECT count(*) FROM {educator} WHERE status = %(active)s),
       (SELECT count(*) FROM {section} WHERE is_active AND school_year = (SELECT max(school_year) FROM {section}))
"""


@dataclass(frozen=True)
class Numbers:
    """How big a district or a school is now."""

    schools: int
    students: int
    educators: int
    sections: int


@dataclass(frozen=True)
class OwnSection:
    """An educator's class."""

    key: int
    title: str
    school: str
    school_year: int
    students: int


def district_numbers() -> Numbers:
    """The entered district's numbers, in one query."""
    tables = {model: district_table(model._meta.db_table) for model in (School, Student, Educator, Section)}
    counted = sql.SQL(NUMBERS).format(
        school=tables[School], student=tables[Student], educator=tables[Educator], section=tables[Section]
    )
    with connection.cursor() as cursor:
        cursor.execute(counted, {"active": ACTIVE})
        return Numbers(*cursor.fetchone())


def school_numbers(school_id: int) -> Numbers:
    """One school's numbers."""
    teaching = TeachingAssignment.objects.filter(school_id=school_id, is_active=True, educator__status=ACTIVE)
    return Numbers(
        schools=1,
        students=Student.objects.filter(status=ACTIVE, school_id=school_id).count(),
        educators=teaching.values("educator_id").distinct().count(),
        sections=Section.objects.filter(is_active=True, school_id=school_id, school_year=newest_year()).count(),
    )


def newest_year() -> int:
    """The newest school year that has classes; 0 without any."""
    return Section.objects.order_by("-school_year").values_list("school_year", flat=True).first() or 0


def sections_taught(educator_id: int) -> list[OwnSection]:
    """An educator's classes of the newest year, with their active students."""
    counted = Count("enrollments", filter=Q(enrollments__is_active=True, enrollments__student__status=ACTIVE))
    sections = (
        Section.objects.filter(
            pk__in=TeachingAssignment.objects.filter(educator_id=educator_id, is_active=True).values("section_id"),
            is_active=True,
            school_year=newest_year(),
        )
        .select_related("school")
        .annotate(enrolled=counted)
        .order_by("title", "pk")
    )
    return [
        OwnSection(section.pk, section.title, section.school.name, section.school_year, section.enrolled)
        for section in sections
    ]
