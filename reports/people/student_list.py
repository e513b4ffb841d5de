"""The list of students: filtered, searched, one page by key. It costs the same with ten students and with 50,000."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from reports.people.products_kept import has_product
from reports.people.sight import Sight
from rostering.models import Student, StudentIdentity
from rostering.searching import named_students
from tenants.schema import district_table

PAGE = 25
MOST_COUNTED = 1000
"""Beyond this the page says "more than": counting everybody would cost more than the page."""
FIRST = """
SELECT s.id FROM {student} AS s {join} WHERE {where} {after} ORDER BY {order} LIMIT {limit}
"""
COUNT = "SELECT count(*) FROM (SELECT FROM {student} AS s {join} WHERE {where} LIMIT {limit}) AS t"
ENROLLED = "s.id IN (SELECT e.student_id FROM {enrollment} AS e WHERE e.section_id = %(section)s AND e.is_active)"
TAUGHT = """
s.status = 'active' AND s.id IN (
    SELECT e.student_id FROM {enrollment} AS e JOIN {section} AS c ON c.id = e.section_id AND c.is_active
    JOIN {assignment} AS t ON t.section_id = e.section_id AND t.is_active AND t.educator_id = %(educator)s
    WHERE e.is_active)
"""


@dataclass(frozen=True)
class Filters:
    """What of the students is asked for.

    Attributes:
        status: active, inactive or anonymized.
        since: from which school year on data of a product count.
        term: a part of the name, or a Student ID.
    """

    status: str = "active"
    school: int | None = None
    grade: str = ""
    section: int | None = None
    product: str = ""
    since: int = 0
    term: str = ""


@dataclass(frozen=True)
class StudentPage:
    """One page of the list.

    Attributes:
        after: the key from which the next page goes on; None on the last.
        total: how many fit in all, at most MOST_COUNTED + 1.
    """

    students: list[Student]
    after: int | None
    total: int

    @property
    def total_words(self) -> str:
        """How many fit, in words."""
        if self.total > MOST_COUNTED:
            return f"More than {MOST_COUNTED:,} students"
        return "1 student" if self.total == 1 else f"{self.total:,} students"


def student_page(sight: Sight, filters: Filters, after: int | None = None, limit: int = PAGE) -> StudentPage:
    """The students who may be seen and fit, by name; anonymized ones, who have none, by key. Four queries at most.

    Args:
        after: the key of the last student of the page before; one that is unknown begins at the first.
    """
    named = filters.status != "anonymized"
    where, values = _conditions(sight, filters)
    join = _join(filters.term, values) if named else sql.SQL("")
    parts: dict[str, sql.Composable] = {
        "student": district_table("rostering_student"),
        "join": join,
        "where": sql.SQL(" AND ").join(where),
        "after": _after(after, named, values),
        "order": sql.SQL("i.family_name, i.given_name, i.student_id" if named else "s.id"),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(FIRST).format(**parts, limit=sql.Literal(limit + 1)), values)
        keys = [int(row[0]) for row in cursor.fetchall()]
        total = 0
        if keys or after is not None:  # whoever finds nobody need not look again
            cursor.execute(sql.SQL(COUNT).format(**parts, limit=sql.Literal(MOST_COUNTED + 1)), values)
            total = int(cursor.fetchone()[0])
    found = Student.objects.select_related("school", "identity").in_bulk(keys[:limit])
    students = [found[key] for key in keys[:limit] if key in found]
    return StudentPage(students, keys[limit - 1] if len(keys) > limit else None, total)


def _join(term: str, values: dict[str, Any]) -> sql.Composable:
    return sql.SQL("JOIN {} AS i ON i.student_id = s.id").format(named_students(term, values))


def _conditions(sight: Sight, filters: Filters) -> tuple[list[sql.Composable], dict[str, Any]]:
    tables = {
        "enrollment": district_table("rostering_enrollment"),
        "section": district_table("rostering_section"),
        "assignment": district_table("rostering_teachingassignment"),
    }
    where: list[sql.Composable] = [sql.SQL("s.status = %(status)s")]
    for condition, asked in (
        ("s.school_id = %(own_school)s", sight.school_id is not None),
        (TAUGHT, sight.educator_id is not None),
        ("s.school_id = %(school)s", filters.school is not None),
        ("s.grade = %(grade)s", bool(filters.grade)),
        (ENROLLED, filters.section is not None),
    ):
        if asked:
            where.append(sql.SQL(condition).format(**tables))
    if filters.product:
        where.append(has_product(filters.product, filters.since))
    values: dict[str, Any] = {
        "status": filters.status, "own_school": sight.school_id, "educator": sight.educator_id,
        "school": filters.school, "grade": filters.grade, "section": filters.section, "term": filters.term,
    }  # fmt: skip
    return where, values


def _after(after: int | None, named: bool, values: dict[str, Any]) -> sql.Composable:
    if after is None:
        return sql.SQL("")
    values["after"] = after
    if not named:
        return sql.SQL("AND s.id > %(after)s")
    last = StudentIdentity.objects.filter(pk=after).values_list("family_name", "given_name").first()
    if last is None:
        return sql.SQL("")
    values["family"], values["given"] = last
    return sql.SQL("AND (i.family_name, i.given_name, i.student_id) > (%(family)s, %(given)s, %(after)s)")
