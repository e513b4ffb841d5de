"""From what is asked for to the scope of a query: each key is looked up within the reader's sight, or not found."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from products.literacy.models import Group, GroupArchive
from products.registry import product_named
from reports.asking.asked import Asked
from reports.asking.errors import NotInSightError
from reports.asking.reader import Reader
from reports.asking.sections import sections_of_years
from reports.people.sight import Sight, students_in
from reports.yearend.scope import Scope
from rostering.models import School, Student
from tenants.templatetags.words import GRADES, grade_words, school_year, short_day

Words = tuple[str, str]


@dataclass(frozen=True)
class Frame:
    """A scope that was checked, and its filters in words.

    Attributes:
        filters: (what, value), in the order of the form; a student's name for the district's own staff only.
    """

    scope: Scope
    filters: tuple[Words, ...]

    @property
    def period(self) -> str:
        """The school years, or the days within them, in words."""
        years = ", ".join(school_year(year) for year in sorted(self.scope.years))
        return f"School year {years}" if len(self.scope.years) == 1 else f"School years {years}"


def frame_of(
    asked: Asked, reader: Reader, years: tuple[int, ...], as_of: dt.date, previous: int | None = None
) -> Frame:
    """Check what is asked for against what its reader may see.

    Readers outside of the staff choose years and a product: a part of the students would tell of few.

    Args:
        years: the school years to read: those asked for, or the report's own choice.
        as_of: the district's today.
        previous: the previous academic year, of a cumulative report.

    Raises:
        NotInSightError: a filter names what is not there, or not this reader's.
    """
    if reader.is_outsider or (asked.for_outsiders and reader.may_publish):
        scope = Scope(reader.sight, years, as_of, product=asked.product, previous=previous, for_outsiders=True)
        return Frame(scope, tuple(_in_words(scope)))
    scope = Scope(
        sight=reader.sight,
        years=years,
        as_of=as_of,
        product=asked.product,
        school=asked.school,
        grade=asked.grade if asked.grade in GRADES else "",
        section=asked.section,
        group=asked.group,
        student=asked.student,
        since=asked.since,
        until=asked.until,
        previous=previous,
    )
    return Frame(scope, tuple(_in_words(scope)))


def _in_words(scope: Scope) -> Iterator[Words]:
    if scope.product:
        yield "Product", _product(scope.product)
    if scope.school is not None:
        yield "School", _school(scope.sight, scope.school)
    if scope.grade:
        yield "Grade", grade_words(scope.grade)
    if scope.section is not None:
        yield "Section", _section(scope, scope.section)
    if scope.group is not None:
        yield "Group", _group(scope, scope.group)
    if scope.student is not None:
        yield "Student", _student(scope.sight, scope.student)
    if scope.since or scope.until:
        yield "Days", _days(scope.since, scope.until)


def _product(code: str) -> str:
    try:
        return product_named(code)[1].name
    except LookupError as error:
        raise NotInSightError("There is no such product.") from error


def _school(sight: Sight, key: int) -> str:
    school = School.objects.filter(pk=key).first()
    if school is None or sight.school_id not in (None, school.pk):
        raise NotInSightError("There is no such school.")
    return school.name


def _section(scope: Scope, key: int) -> str:
    section = sections_of_years(scope.sight, scope.years).filter(pk=key).first()
    if section is None:
        raise NotInSightError("There is no such section.")
    return section.title


def _group(scope: Scope, key: UUID) -> str:
    """A group by its name; whoever made it, its students are held to the reader's sight by the query itself."""
    for model in (Group, GroupArchive):
        found = model._default_manager.filter(id=key, school_year__in=scope.years)
        if scope.sight.school_id is not None:
            found = found.filter(school_id=scope.sight.school_id)
        if scope.sight.educator_id is not None:
            found = found.filter(educator_id=scope.sight.educator_id)
        if (group := found.first()) is not None:
            return str(group.name)
    raise NotInSightError("There is no such group.")


def _student(sight: Sight, key: int) -> str:
    found: Student | None = students_in(sight).filter(pk=key).select_related("identity").first()
    if found is None:
        raise NotInSightError("There is no such student.")
    identity = getattr(found, "identity", None)
    return f"{identity.given_name} {identity.family_name}" if identity else "A student without a name"


def _days(since: dt.date | None, until: dt.date | None) -> str:
    if since and until:
        return f"{short_day(since)} to {short_day(until)}"
    return f"from {short_day(since)}" if since else f"until {short_day(until)}"
