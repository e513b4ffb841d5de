"""The cells, counted by the database: anonymized students of a school by grade and each demographic."""

from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from archiving.cells.suppression import Cell, Line
from tenants.schema import district_table

DEMOGRAPHICS = {"sex": "Sex", "race": "Race", "ethnicity": "Hispanic or Latino"}
CELLS = """
WITH people AS (
    SELECT s.grade, coalesce(d.sex, '') AS sex, coalesce(d.race, '') AS race,
           CASE WHEN d.hispanic_or_latino THEN 'yes' WHEN NOT d.hispanic_or_latino THEN 'no' ELSE '' END AS ethnicity
    FROM {student} AS s LEFT JOIN {demographics} AS d ON d.student_id = s.id
    WHERE s.status = 'anonymized' AND s.school_id = %(school)s
)
SELECT grade, CASE WHEN grouping(sex) = 0 THEN 'sex' WHEN grouping(race) = 0 THEN 'race' ELSE 'ethnicity' END,
       CASE WHEN grouping(sex) = 0 THEN sex WHEN grouping(race) = 0 THEN race ELSE ethnicity END, count(*)
FROM people GROUP BY GROUPING SETS ((grade, sex), (grade, race), (grade, ethnicity))
"""
SCHOOLS = """
WITH alike AS (
    SELECT s.school_id, s.grade, count(*) AS rows FROM {student} AS s
    LEFT JOIN {demographics} AS d ON d.student_id = s.id
    WHERE s.status = 'anonymized' AND s.school_id IS NOT NULL
    GROUP BY s.school_id, s.grade, d.sex, d.race, d.hispanic_or_latino
), least AS (
    SELECT DISTINCT ON (school_id) school_id, grade, rows FROM alike ORDER BY school_id, rows, grade
)
SELECT o.id, o.name, sum(a.rows)::int, min(l.rows)::int, min(l.grade) FROM alike AS a
JOIN least AS l USING (school_id) JOIN {school} AS o ON o.id = a.school_id GROUP BY o.id, o.name ORDER BY o.name, o.id
"""
NOT_STATED = "not stated"
ALL = ""
"""The name of a total over grades or values."""


@dataclass(frozen=True)
class SchoolCells:
    """A school with anonymized students.

    Attributes:
        k: the smallest group of students who are alike in grade, sex, race and ethnicity.
        k_grade: a grade in which that group is.
    """

    key: int
    name: str
    students: int
    k: int
    k_grade: str


def schools_with_cells() -> list[SchoolCells]:
    """The schools of the entered district that have anonymized students, with their k. One query."""
    query = sql.SQL(SCHOOLS).format(
        student=district_table("rostering_student"),
        demographics=district_table("rostering_studentdemographics"),
        school=district_table("rostering_school"),
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [SchoolCells(*row) for row in cursor.fetchall()]


def cells_of(school: int) -> dict[Cell, int]:
    """A school's cells (table, grade, value) with all totals. One query."""
    query = sql.SQL(CELLS).format(
        student=district_table("rostering_student"), demographics=district_table("rostering_studentdemographics")
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {"school": school})
        counted: dict[Cell, int] = {
            (table, grade or "?", value or NOT_STATED): rows for grade, table, value, rows in cursor.fetchall()
        }
    return with_totals(counted)


def with_totals(counted: dict[Cell, int]) -> dict[Cell, int]:
    """The cells of each table without gaps, and the totals: of grades (the same in each table), of values, of all."""
    grades = sorted({grade for _, grade, _ in counted})
    numbers: dict[Cell, int] = {}
    for table in DEMOGRAPHICS:
        values = sorted({value for name, _, value in counted if name == table})
        for value in values:
            for grade in grades:
                numbers[table, grade, value] = counted.get((table, grade, value), 0)
            numbers[table, ALL, value] = sum(numbers[table, grade, value] for grade in grades)
        for grade in grades if values else ():
            numbers["all", grade, ALL] = sum(numbers[table, grade, value] for value in values)
    if grades:
        numbers["all", ALL, ALL] = sum(numbers["all", grade, ALL] for grade in grades)
    return numbers


def lines_of(numbers: dict[Cell, int]) -> list[tuple[Cell, Line]]:
    """Every total with the numbers that add up to it."""
    grades = sorted({grade for _, grade, _ in numbers} - {ALL})
    lines: list[tuple[Cell, Line]] = []
    for table in DEMOGRAPHICS:
        values = sorted({value for name, _, value in numbers if name == table} - {ALL})
        if not values:
            continue
        lines += [(("all", grade, ALL), frozenset((table, grade, value) for value in values)) for grade in grades]
        lines += [((table, ALL, value), frozenset((table, grade, value) for grade in grades)) for value in values]
        lines.append((("all", ALL, ALL), frozenset((table, ALL, value) for value in values)))
    if grades:
        lines.append((("all", ALL, ALL), frozenset(("all", grade, ALL) for grade in grades)))
    return lines
