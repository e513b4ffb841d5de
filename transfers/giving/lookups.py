"""The second drop-down lists of Giving: schools, the grades of a school with their students, teachers and classes."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q

from accounts.searching import SHORTEST
from rostering.models import Educator, EducatorIdentity, School, Section, Student, TeachingAssignment
from tenants.templatetags.words import GRADES

MOST: Final = 10
"""Teachers or classes that are offered while somebody types; whoever does not see theirs types more."""


@dataclass(frozen=True)
class Option:
    """One line of a list: its key, and what it says."""

    key: int
    words: str


@dataclass(frozen=True)
class GradeOption:
    """A grade of a school, with how many currently enrolled students it has."""

    code: str
    words: str
    students: int


def schools_to_give_from(school_id: int | None) -> list[School]:
    """The active schools; a school admin's own only."""
    schools = School.objects.filter(is_active=True)
    return list(schools if school_id is None else schools.filter(pk=school_id))


def grades_of_school(school_id: int) -> list[GradeOption]:
    """The grades of a school that have currently enrolled students, in the order of school life."""
    enrolled = Student.objects.filter(school_id=school_id, status="active", identity__isnull=False)
    counted = dict(enrolled.values_list("grade").annotate(count=Count("id")).order_by("grade"))
    return [GradeOption(code, words, counted[code]) for code, words in GRADES.items() if code in counted]


def teachers_named(word: str, school_id: int | None) -> list[Option]:
    """Teachers with a part of a name who teach a class now, by name."""
    if len(word) < SHORTEST:
        return []
    teaching = TeachingAssignment.objects.filter(is_active=True, section__is_active=True)
    if school_id is not None:
        teaching = teaching.filter(section__school_id=school_id)
    who = EducatorIdentity.objects.filter(educator__status="active", educator__in=teaching.values("educator_id"))
    for part in word.replace(",", " ").split():
        who = who.filter(Q(family_name__icontains=part) | Q(given_name__icontains=part))
    found = who.order_by("family_name", "given_name", "educator_id")[:MOST]
    return [Option(one.pk, f"{one.family_name}, {one.given_name}") for one in found]


def classes_named(word: str, school_id: int | None) -> list[Option]:
    """Classes with a part of their title or code, by title."""
    if len(word) < SHORTEST:
        return []
    sections = Section.objects.filter(is_active=True)
    if school_id is not None:
        sections = sections.filter(school_id=school_id)
    named = sections.filter(Q(title__icontains=word) | Q(code__icontains=word)).select_related("school")
    return [_class(one) for one in named.order_by("title", "pk")[:MOST]]


def chosen_option(by: str, key: int | None, school_id: int | None) -> Option | None:
    """The teacher or class that was chosen; None when there is none such."""
    if by == "class":
        section = Section.objects.filter(pk=key or 0, is_active=True).select_related("school").first()
        return _class(section) if section and school_id in (None, section.school_id) else None
    teacher = Educator.objects.filter(pk=key or 0, status="active", identity__isnull=False).select_related("identity")
    if school_id is not None:
        teacher = teacher.filter(assignments__section__school_id=school_id).distinct()
    one = teacher.first()
    return Option(one.pk, f"{one.identity.family_name}, {one.identity.given_name}") if one else None


def _class(section: Section) -> Option:
    code = f" ({section.code})" if section.code else ""
    return Option(section.pk, f"{section.title}{code}, {section.school.name}")
