"""Finding a record of this site: by a part of the name, by grade, by school."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from accounts.searching import patterns
from rostering.models import Student
from tenants.schema import district_table

MOST: Final = 25
"""Records that a search shows; whoever finds more types more of the name."""
KNOWN: Final = ("active", "inactive")
FOUND: Final = """
SELECT s.id FROM {student} AS s JOIN {identity} AS x ON x.student_id = s.id
WHERE s.status IN ('active', 'inactive') AND {where}
ORDER BY x.family_name, x.given_name, s.id LIMIT {limit}
"""
NAMED: Final = """
s.id IN (SELECT i.student_id FROM {identity} AS i WHERE i.student_number = %(term)s OR ({named}) OFFSET 0)
"""
"""OFFSET keeps the planner from walking all names in order: it uses the trigrams instead."""
NAMES: Final = ("family_name", "given_name", "preferred_name")


@dataclass(frozen=True)
class Search:
    """What a reviewer looks for among the records of this site; the term is all or part of a name, or a Student ID."""

    term: str = ""
    grade: str = ""
    school: int | None = None

    def __bool__(self) -> bool:
        return bool(self.term or self.grade or self.school)


def students_within(school_id: int | None) -> QuerySet[Student]:
    """Students of the entered district who have a name, now or formerly on the roster; or of one school only."""
    records = Student.objects.filter(status__in=KNOWN, identity__isnull=False)
    if school_id is not None:
        records = records.filter(school_id=school_id)
    return records.select_related("identity", "school", "demographics")


def found_students(search: Search, school_id: int | None) -> tuple[list[Student], bool]:
    """Students by a part of the name, grade and school; whether there are more of them. Two queries.

    Args:
        school_id: the one school that the asker may see; None for all.
    """
    if not search:
        return [], False
    values: dict[str, Any] = {"term": search.term, "grade": search.grade, "school": search.school, "own": school_id}
    parts = {
        "student": district_table("rostering_student"),
        "identity": district_table("rostering_studentidentity"),
        "where": sql.SQL(" AND ").join(_conditions(search, school_id, values)),
        "limit": sql.Literal(MOST + 1),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(FOUND).format(**parts), values)
        keys = [int(row[0]) for row in cursor.fetchall()]
    records = students_within(school_id).in_bulk(keys[:MOST])
    return [records[key] for key in keys[:MOST] if key in records], len(keys) > MOST


def _conditions(search: Search, school_id: int | None, values: dict[str, Any]) -> Iterator[sql.Composable]:
    if school_id is not None:
        yield sql.SQL("s.school_id = %(own)s")
    if search.school is not None:
        yield sql.SQL("s.school_id = %(school)s")
    if search.grade:
        yield sql.SQL("s.grade = %(grade)s")
    if search.term:
        yield sql.SQL(NAMED).format(
            identity=district_table("rostering_studentidentity"), named=_named(patterns(search.term), values)
        )


def _named(asked: Sequence[str], values: dict[str, Any]) -> sql.Composable:
    """SQL for: each part of the term is in one of the names."""
    parts = []
    for number, pattern in enumerate(asked):
        values[f"part{number}"] = pattern
        likes = [
            sql.SQL("i.{} ILIKE {}").format(sql.Identifier(name), sql.Placeholder(f"part{number}")) for name in NAMES
        ]
        parts.append(sql.SQL("({})").format(sql.SQL(" OR ").join(likes)))
    return sql.SQL(" AND ").join(parts) if parts else sql.SQL("false")
