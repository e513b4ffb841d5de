"""What can be chosen in a report's filters: only what its reader may see, and never a list of thousands."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from accounts.pages import NOBODY
from products.literacy.models import Group, GroupArchive
from reports.asking.reading import Reading
from reports.asking.sections import sections_of_years
from reports.people.sight import Sight
from reports.people.student_list import Filters, student_page
from reports.yearend.scope import Grain
from rostering.models import School, Section, Student
from tenants.templatetags.words import GRADES

MOST = 200
"""So many sections or groups stand in a list; whoever has more chooses a school or a grade first."""
FOUND = 8
"""So many students of a search are offered."""
GRAINS = {
    Grain.STUDENT: "Student",
    Grain.SECTION: "Section",
    Grain.GRADE: "Grade",
    Grain.SCHOOL: "School",
    Grain.DISTRICT: "District",
}
CLASS = "Class"
"""What educators call a section."""
LITERACY = "literacy"


@dataclass(frozen=True)
class Choices:
    """The lists of the form. An empty one is not shown."""

    schools: list[School]
    grades: dict[str, str]
    sections: list[Section]
    groups: list[tuple[str, str]]
    products: dict[str, str]
    grains: dict[str, str]
    students: list[Student]


def choices_for(reading: Reading, term: str) -> Choices:
    """Everything that the form of a report offers to its reader. A constant number of queries.

    Args:
        term: the word that a student is searched by; empty for no search.
    """
    sight = reading.reader.sight
    is_educator = sight.educator_id is not None
    school = sight.school_id if sight.school_id is not None else reading.scope.school
    products = {product.code: product.name for product in reading.report.products}
    grains = {str(grain): GRAINS[grain] for grain in reading.grains}
    if is_educator and Grain.SECTION in grains:
        grains[Grain.SECTION] = CLASS
    narrow = (is_educator or school is not None) and not reading.scope.for_outsiders
    return Choices(
        schools=list(School.objects.filter(is_active=True)) if sight == Sight() else [],
        grades=GRADES,
        sections=_sections(reading, school or NOBODY) if narrow else [],
        groups=_groups(reading, school or NOBODY) if narrow and reading.report.suite == LITERACY else [],
        products=products if len(products) > 1 else {},
        grains=grains,
        students=_students(reading, term),
    )


def _sections(reading: Reading, school: int) -> list[Section]:
    sight = reading.reader.sight
    found = sections_of_years(sight, reading.scope.years)
    if sight.educator_id is None:
        found = found.filter(school_id=school)
    return list(found.order_by("-school_year", "title", "pk")[:MOST])


def _groups(reading: Reading, school: int) -> list[tuple[str, str]]:
    """The groups of the years that are read, live and archived, by name."""
    found: dict[str, str] = {}
    models: tuple[type[Model], ...] = (Group, GroupArchive)
    for model in models:
        groups: Any = model._default_manager.filter(school_year__in=reading.scope.years)
        educator = reading.reader.sight.educator_id
        groups = groups.filter(educator_id=educator) if educator is not None else groups.filter(school_id=school)
        found |= {str(key): name for key, name in groups.values_list("id", "name")[:MOST]}
    return sorted(found.items(), key=lambda group: (group[1], group[0]))[:MOST]


def _students(reading: Reading, term: str) -> list[Student]:
    if not term or reading.scope.for_outsiders:
        return []
    found: list[Student] = []
    for status in ("active", "inactive") if reading.reader.sight.educator_id is None else ("active",):
        filters = Filters(status=status, since=reading.district.school_year - 1, term=term)
        found += student_page(reading.reader.sight, filters, limit=FOUND).students
    return found[:FOUND]
