"""Finding a record of this site: by a part of the name, by grade, by school."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from rostering.models import Student
from rostering.searching import named_students
from tenants.schema import district_table

MOST: Final = 25
"""Records that a search shows; whoever finds more types more of the name."""
KNOWN: Final = ("active", "inactive")
FOUND: Final = """
SELECT s.id FROM {student} AS s JOIN {named} AS i ON i.student_id = s.id
WHERE s.status IN ('active', 'inactive'){where} ORDER BY i.family_name, i.given_name, s.id LIMIT {limit}
"""
WHERE: Final = {
    "own": " AND s.school_id = %(own)s",
    "school": " AND s.school_id = %(school)s",
    "grade": " AND s.grade = %(grade)s",
}


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
    values: dict[str, Any] = {"grade": search.grade, "school": search.school, "own": school_id}
    statement = sql.SQL(FOUND).format(
        student=district_table("rostering_student"),
        named=named_students(search.term, values),
        where=sql.SQL("".join(part for name, part in WHERE.items() if values[name])),
        limit=sql.Literal(MOST + 1),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        keys = [int(row[0]) for row in cursor.fetchall()]
    records = students_within(school_id).in_bulk(keys[:MOST])
    return [records[key] for key in keys[:MOST] if key in records], len(keys) > MOST
