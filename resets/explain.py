"""One sentence for a student and a kind of data: what will happen to it, or what happened, in the source's words."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Value
from psycopg import sql

from products.datamap import Category, Key, Suite
from products.registry import suite_named
from resets.engine.ground import subscribed_schools
from resets.explain_words import Scene, When, rules_of, sentence_of
from resets.models import ResetRun, ResetSchedule, RunState
from rostering.models import Student
from tenants.models import District
from tenants.schema import current_schema, district_table

NEVER = When(None, done=False)
"""Of a suite without a date."""


@dataclass(frozen=True)
class Explanation:
    """What becomes of a category of a student's data.

    Attributes:
        live, archived: the student's own rows.
        is_own: the category keeps rows for each student; else it is the schools' or the educators'.
    """

    category: str
    label: str
    sentence: str
    live: int
    archived: int
    is_own: bool


def explain(student_id: int, suite_code: str, category_code: str, *, district: District, as_of: dt.date) -> str:
    """The sentence of one category, for a student of the entered district.

    Raises:
        LookupError: no such suite, category or student.
    """
    found = explain_all(student_id, suite_code, district=district, as_of=as_of, only=category_code)
    return found[0].sentence


def explain_all(
    student_id: int, suite_code: str, *, district: District, as_of: dt.date, only: str = ""
) -> list[Explanation]:
    """The sentences of every category of a suite (or of one) for a student of the entered district.

    Raises:
        LookupError: no such suite, category or student.
    """
    suite = suite_named(suite_code)
    student = Student.objects.filter(pk=student_id).first()
    if student is None:
        raise LookupError(f"there is no student {student_id}")
    categories = [suite.category(only)] if only else suite.categories
    return explain_student(student, suite, categories, district=district, as_of=as_of)


def explain_student(
    student: Student,
    suite: Suite,
    categories: Iterable[Category],
    *,
    district: District,
    as_of: dt.date,
    counted: Mapping[str, int] | None = None,
    when: When | None = None,
) -> list[Explanation]:
    """The sentences of some of a suite's categories. A constant number of queries.

    Args:
        counted: what `count_rows` found of the suite, where it has been asked for several suites at once.
        when: the suite's reset, where `whens_of` has been asked before.
    """
    when = when or when_of(district, suite.code)
    subscribed = subscribed_schools(suite, current_schema(), when.on or as_of)
    counted = count_rows(student.pk, [suite]) if counted is None else counted
    scene = Scene(student, suite, district.school_year, when, subscribed, counted)
    return [_explanation(scene, category) for category in categories if any(rules_of(scene, category))]


def count_rows(student_id: int, suites: Iterable[Suite]) -> dict[str, int]:
    """A student's own rows in every relation of some suites, in one query."""
    names = [
        name
        for suite in suites
        for table in suite.tables
        if table.key is Key.STUDENT
        for name in (table.name, table.archive_name)
        if name
    ]
    if not names:
        return {}
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, count(*) FROM {} WHERE student_id = %(student)s").format(
            sql.Literal(name), district_table(name)
        )
        for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, {"student": student_id})
        return {str(name): int(rows) for name, rows in cursor.fetchall()}


def whens_of(district: District) -> dict[str, When]:
    """When each suite's reset of the district's school year is, or was, by the suite's code. One query."""
    of_year = {"district": district, "school_year": district.school_year}
    dated = ResetSchedule.objects.filter(**of_year).annotate(done=Value(value=False)).order_by()
    done = ResetRun.objects.filter(**of_year, state=RunState.COMPLETED).annotate(done=Value(value=True)).order_by()
    both = [found.values_list("done", "on", "suite") for found in (dated, done)]
    return {suite: When(on, done=made) for made, on, suite in sorted(both[0].union(both[1], all=True))}


def when_of(district: District, suite: str) -> When:
    """When a suite's reset of the district's school year is, or was."""
    return whens_of(district).get(suite, NEVER)


def _explanation(scene: Scene, category: Category) -> Explanation:
    own = [table for table in category.tables if table.key is Key.STUDENT]
    live = sum(scene.counted.get(table.name, 0) for table in own)
    archived = sum(scene.counted.get(table.archive_name, 0) for table in own if table.archive_name)
    sentence = sentence_of(scene, category, live, archived)
    return Explanation(category.code, category.label, sentence, live, archived, bool(own))
