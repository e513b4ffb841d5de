"""Records that may be one student's: found by what duplicates share, or by a search."""

from dataclasses import dataclass

from django.db.models import Q

from reports.people.sight import Sight, students_in
from reports.people.student_list import Filters, student_page
from resets.merging.relations import keyed_relations
from rostering.models import Student, StudentIdentity, StudentMerge
from tenants.templatetags.words import DASH, grade_words, school_year, short_day

MOST = 10


@dataclass(frozen=True)
class MergedLine:
    """One category's line of a merge that was made."""

    suite: str
    label: str
    moved: int
    aside: int


@dataclass(frozen=True)
class Compared:
    """One line of the two records side by side."""

    label: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Whether the two say something else."""
        return self.first != self.second


def compared(first: Student, second: Student) -> list[Compared]:
    """What the roster says of two students, line by line."""
    pairs = zip(_told(first), _told(second), strict=True)
    return [Compared(label, mine or DASH, theirs or DASH) for (label, mine), (_, theirs) in pairs]


def _told(student: Student) -> list[tuple[str, str]]:
    who = student.identity
    return [
        ("Name", " ".join(filter(None, (who.given_name, who.middle_name, who.family_name)))),
        ("Student ID", who.student_number),
        ("State ID", who.state_id),
        ("sourcedId", who.sourced_id),
        ("Birth date", short_day(who.birth_date)),
        ("User name", who.username),
        ("E-mail", who.email),
        ("School", student.school.name if student.school else "No school"),
        ("Grade", grade_words(student.grade)),
        ("Roster", "On the roster" if student.status == "active" else "Left"),
        ("Rostered for", school_year(student.school_year)),
    ]


def likely_twins(student: Student, sight: Sight) -> list[Student]:
    """Other records with the same Student ID, or with the same family name and first name or birth date."""
    who = StudentIdentity.objects.get(pk=student.pk)
    same = Q(identity__family_name=who.family_name, identity__given_name=who.given_name)
    if who.birth_date:
        same |= Q(identity__family_name=who.family_name, identity__birth_date=who.birth_date)
    if who.student_number:
        same |= Q(identity__student_number=who.student_number)
    others = students_in(sight).filter(same, status__in=["active", "inactive"]).exclude(pk=student.pk)
    return list(others.select_related("school", "identity").order_by("identity__given_name", "pk")[:MOST])


def found_twins(student: Student, sight: Sight, term: str) -> list[Student]:
    """Other records by a part of the name or the Student ID, of those on the roster and of those who left."""
    if not term:
        return []
    found = [
        one
        for status in ("active", "inactive")
        for one in student_page(sight, Filters(status=status, term=term), limit=MOST + 1).students
    ]
    return [one for one in found if one.pk != student.pk][:MOST]


def merged_lines(merge: StudentMerge) -> list[MergedLine]:
    """What a merge moved and put aside, by category, in the data maps' order."""
    lines: dict[tuple[str, str], list[int]] = {}
    moved, aside = (merge.counts.get(kind, {}) for kind in ("moved", "aside"))
    for keyed in keyed_relations():
        if keyed.is_record:
            continue
        line = lines.setdefault((keyed.suite.name, keyed.category.label), [0, 0])
        line[0] += moved.get(keyed.relation, 0)
        line[1] += sum(aside.get(name, 0) for name in (keyed.relation, *(child for child, _ in keyed.children)))
    return [MergedLine(suite, label, *numbers) for (suite, label), numbers in lines.items() if any(numbers)]
