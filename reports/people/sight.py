"""Whose students somebody may see: the district's, their school's, or those of their own sections.

Each query of the people pages takes a `Sight`; whatever lies outside of it is not found (404), not refused.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Role, User
from accounts.pages import NOBODY, sees_district
from rostering.models import Enrollment, Section, Student, TeachingAssignment


@dataclass(frozen=True)
class Sight:
    """What of the entered district somebody may see.

    Attributes:
        school_id: one school only; None for every school.
        educator_id: only the sections that this educator teaches; None for all.
    """

    school_id: int | None = None
    educator_id: int | None = None


def sight_of(user: User) -> Sight:
    """What a person may see, by their role."""
    if sees_district(user):
        return Sight()
    if user.role == Role.SCHOOL_ADMIN:
        return Sight(school_id=user.school_id or NOBODY)
    return Sight(educator_id=user.educator_id or NOBODY)


def sections_in(sight: Sight) -> QuerySet[Section]:
    """The active sections that may be seen."""
    sections = Section.objects.filter(is_active=True)
    if sight.school_id is not None:
        sections = sections.filter(school_id=sight.school_id)
    if sight.educator_id is not None:
        taught = TeachingAssignment.objects.filter(educator_id=sight.educator_id, is_active=True)
        sections = sections.filter(pk__in=taught.values("section_id"))
    return sections


def students_in(sight: Sight) -> QuerySet[Student]:
    """The students who may be seen. Whoever left a school keeps belonging to it; an educator sees current students."""
    students = Student.objects.all()
    if sight.school_id is not None:
        students = students.filter(school_id=sight.school_id)
    if sight.educator_id is not None:
        enrolled = Enrollment.objects.filter(
            Q(is_active=True) & Q(section__in=sections_in(sight)), student__status="active"
        )
        students = students.filter(pk__in=enrolled.values("student_id"))
    return students
