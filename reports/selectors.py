"""What the home page reads. Its numbers are kept in the cache for as long as nobody has touched the roster."""

from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Q
from psycopg import sql

from rostering.epoch import current_epoch
from rostering.models import Educator, School, Section, Student, TeachingAssignment
from rostering.models_people import PersonStatus
from tenants.schema import current_schema, district_table

ACTIVE = PersonStatus.ACTIVE
KEPT_SECONDS: Final = 10 * 60
"""A long import raises the epoch before it commits: what was kept in that moment is seen for so long at most."""
COUNTED: Final = {
    "school": School,
    "student": Student,
    "educator": Educator,
    "section": Section,
    "teaching": TeachingAssignment,
}
NUMBERS = """
SELECT (SELECT count(*) FROM {school} WHERE is_active),
       (SELECT count(*) FROM {student} WHERE status = %(active)s),
       (SELECT count(*) FROM {educator} WHERE status = %(active)s),
       (SELECT count(*) FROM {section} WHERE is_active AND school_year = (SELECT max(school_year) FROM {section}))
"""

OF_SCHOOL = """
SELECT 1,
       (SELECT count(*) FROM {student} WHERE status = %(active)s AND school_id = %(school)s),
       (SELECT count(DISTINCT t.educator_id) FROM {teaching} AS t JOIN {educator} AS e ON e.id = t.educator_id
        WHERE t.school_id = %(school)s AND t.is_active AND e.status = %(active)s),
       (SELECT count(*) FROM {section} WHERE is_active AND school_id = %(school)s
        AND school_year = (SELECT max(school_year) FROM {section}))
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
    """The entered district's numbers."""
    return _kept(NUMBERS, 0)


def school_numbers(school_id: int) -> Numbers:
    """One school's numbers."""
    return _kept(OF_SCHOOL, school_id)


def _kept(query: str, school_id: int) -> Numbers:
    key = f"home-numbers:{current_schema()}:{school_id}:{current_epoch()}"
    kept: Numbers | None = cache.get(key)
    if kept is None:
        tables = {name: district_table(model._meta.db_table) for name, model in COUNTED.items()}
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(query).format(**tables), {"active": ACTIVE, "school": school_id})
            kept = Numbers(*cursor.fetchone())
        cache.set(key, kept, KEPT_SECONDS)
    return kept


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
