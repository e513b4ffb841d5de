"""The people, classes and terms behind an item's number: one page by key, with names and words."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from resets.readiness.statements import page_of
from rostering.models import AcademicSession, School, Section, Student
from rostering.readiness import Ground, Item, Subject
from tenants.templatetags.words import grade_words

PAGE = 50
BATCH = 1000
Row = tuple[int, int | None, str, str, str]


@dataclass(frozen=True)
class Behind:
    """One row behind a number.

    Attributes:
        key: of the student, class or term.
        number: the Student ID or the class's code.
    """

    key: int
    name: str
    number: str
    school: str
    grade: str
    why: str


@dataclass(frozen=True)
class BehindPage:
    """One page; `after` is the key of the next, None on the last."""

    rows: list[Behind]
    after: int | None


def behind_page(item: Item, ground: Ground, after: int = -1, limit: int = PAGE) -> BehindPage:
    """The rows after a key. Three queries, however many."""
    if not item.rows or not ground.reset_done or not ground.has_roster:
        return BehindPage([], None)
    with connection.cursor() as cursor:
        cursor.execute(page_of(item, ground, after, limit + 1))
        found: list[Row] = cursor.fetchall()
    shown = found[:limit]
    return BehindPage(_named(item, shown), shown[-1][0] if len(found) > limit else None)


def everybody_behind(item: Item, ground: Ground) -> Iterator[Behind]:
    """All rows, some at a time."""
    after: int | None = -1
    while after is not None:
        found = behind_page(item, ground, after, BATCH)
        yield from found.rows
        after = found.after


def _named(item: Item, rows: list[Row]) -> list[Behind]:
    schools = School.objects.in_bulk({row[1] for row in rows if row[1] is not None})
    names = _NAMES[item.subject]([row[0] for row in rows])
    named = []
    for key, school_id, why, was, now in rows:
        name, number, grade = names.get(key, ("Not on the roster", "", ""))
        school = schools[school_id].name if school_id in schools else ""
        named.append(Behind(key, name, number, school, grade, _words(item, why, was, now)))
    return named


def _words(item: Item, why: str, was: str, now: str) -> str:
    graded = item.subject is Subject.STUDENT
    return item.words[why].format(
        was=grade_words(was) if graded else was or "", now=grade_words(now) if graded else now or ""
    )


def _students(keys: list[int]) -> dict[int, tuple[str, str, str]]:
    found = Student.objects.filter(pk__in=keys).select_related("identity")
    return {student.pk: (_name(student), _number(student), grade_words(student.grade)) for student in found}


def _name(student: Student) -> str:
    identity = getattr(student, "identity", None)
    return f"{identity.family_name}, {identity.given_name}" if identity else "Name no longer kept"


def _number(student: Student) -> str:
    identity = getattr(student, "identity", None)
    return str(identity.student_number) if identity else ""


def _sections(keys: list[int]) -> dict[int, tuple[str, str, str]]:
    found = Section.objects.filter(pk__in=keys).values_list("pk", "title", "code")
    return {key: (title, code, "") for key, title, code in found}


def _sessions(keys: list[int]) -> dict[int, tuple[str, str, str]]:
    found = {
        key: (title, kind, "")
        for key, title, kind in AcademicSession.objects.filter(pk__in=keys).values_list("pk", "title", "kind")
    }
    return {0: ("Academic sessions", "", ""), **found}


_NAMES = {Subject.STUDENT: _students, Subject.SECTION: _sections, Subject.SESSION: _sessions}
