"""Individual Student: currently enrolled students by name, and by school, grade, teacher or class. A page by key."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from psycopg import sql

from rostering.models import Student, StudentIdentity
from rostering.searching import named_students
from tenants.schema import district_table

PAGE: Final = 25
BY: Final = {"all": "All students", "school": "School", "grade": "Grade", "teacher": "Teacher", "class": "Class"}
FIRST: Final = """
SELECT s.id FROM {student} AS s JOIN {named} AS i ON i.student_id = s.id
JOIN {school} AS c ON c.id = s.school_id AND c.is_active
WHERE s.status = 'active' AND {where} ORDER BY i.family_name, i.given_name, i.student_id LIMIT {limit}
"""
WHERE: Final = {
    "all": "true",
    "school": "s.school_id = %(of)s",
    "grade": "s.grade = %(of)s",
    "class": "s.id IN (SELECT e.student_id FROM {enrollment} AS e WHERE e.section_id = %(of)s AND e.is_active)",
    "teacher": """s.id IN (
        SELECT e.student_id FROM {enrollment} AS e
        JOIN {section} AS n ON n.id = e.section_id AND n.is_active
        JOIN {assignment} AS t ON t.section_id = e.section_id AND t.is_active AND t.educator_id = %(of)s
        WHERE e.is_active)""",
}
AFTER: Final = "(i.family_name, i.given_name, i.student_id) > (%(family)s, %(given)s, %(after)s)"


@dataclass(frozen=True)
class Search:
    """What is searched: by what (a key of BY), of which, and all or part of the student's name."""

    by: str = "all"
    of: int | str | None = None
    term: str = ""


@dataclass(frozen=True)
class FoundPage:
    """One page of the results; `after` is the key from which the next one goes on, None on the last."""

    students: list[Student]
    after: int | None


def enrolled_students(search: Search, school_id: int | None, after: int | None = None, limit: int = PAGE) -> FoundPage:
    """Students of the entered district who can be transferred and fit, by name. Three queries at most.

    "Only students who are currently enrolled in a school can be transferred."

    Args:
        school_id: the one school that somebody may give from; None for all.
        after: the key of the last student of the page before; one that is unknown begins at the first.
    """
    values: dict[str, Any] = {"of": search.of, "own": school_id}
    where: list[sql.Composable] = [sql.SQL(WHERE[search.by]).format(**_tables())]
    if school_id is not None:
        where.append(sql.SQL("s.school_id = %(own)s"))
    last = StudentIdentity.objects.filter(pk=after).values_list("family_name", "given_name").first() if after else None
    if last is not None:
        values["family"], values["given"] = last
        values["after"] = after
        where.append(sql.SQL(AFTER))
    statement = sql.SQL(FIRST).format(
        **_tables(), named=named_students(search.term, values), where=sql.SQL(" AND ").join(where),
        limit=sql.Literal(limit + 1),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        keys = [int(row[0]) for row in cursor.fetchall()]
    found = Student.objects.select_related("school", "identity").in_bulk(keys[:limit])
    students = [found[key] for key in keys[:limit] if key in found]
    return FoundPage(students, keys[limit - 1] if len(keys) > limit else None)


def _tables() -> dict[str, sql.Composable]:
    return {
        name: district_table(f"rostering_{table}")
        for name, table in (
            ("student", "student"), ("school", "school"), ("enrollment", "enrollment"), ("section", "section"),
            ("assignment", "teachingassignment"),
        )
    }  # fmt: skip
