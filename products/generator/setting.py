"""The scene in temporary tables: who was in which school and grade in which year, and the dice."""

from django.db import connection
from psycopg import sql

from tenants.schema import current_schema

LONG_AGO = (2017, 2018)
GRADES = "ARRAY['PK', 'KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12']"
UNKNOWN_GRADE = 5
"""Where a roster says no grade, or one without a place in the ladder: fourth grade."""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION pg_temp.dice(salt bigint, who bigint, what bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN (hashint8extended(who * 1000003 + what, salt) & 2147483647) / 2147483648.0::float8;

CREATE OR REPLACE FUNCTION pg_temp.event_id(name text, day date) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN overlay(overlay(
    md5(name) PLACING lpad(to_hex((day - date '1970-01-01') * 86400000::bigint), 12, '0') || '7' FROM 1
) PLACING 'a' FROM 17)::uuid;
"""

TABLES = """
DROP TABLE IF EXISTS pg_temp.taught, pg_temp.learner, pg_temp.staff;

CREATE TEMPORARY TABLE staff AS
SELECT school_id, array_agg(DISTINCT educator_id) AS people
FROM {roles} WHERE is_active AND school_id IS NOT NULL GROUP BY school_id;

CREATE TEMPORARY TABLE taught AS
SELECT school_id, grade, row_number() OVER (PARTITION BY grade ORDER BY school_id) - 1 AS nth,
       count(*) OVER (PARTITION BY grade) AS schools
FROM (
    SELECT DISTINCT school_id, coalesce(array_position({grades}, grade::text) - 1, {unknown}) AS grade
    FROM {students} WHERE status = 'active' AND school_id IS NOT NULL
) AS found;

CREATE TEMPORARY TABLE learner AS
WITH now AS (
    SELECT id AS student_id, school_id, coalesce(array_position({grades}, grade::text) - 1, {unknown}) AS grade
    FROM {students} WHERE status = 'active' AND school_id IS NOT NULL
),
past AS (
    SELECT now.student_id, now.school_id, year AS school_year, now.grade - ({year} - year) AS grade
    FROM unnest({years}::int[]) AS year CROSS JOIN now
    WHERE now.grade - ({year} - year) >= 0 AND pg_temp.dice({seed}, now.student_id, year) < 0.94 OR year = {year}
)
SELECT past.student_id, coalesce(same.school_id, other.school_id, past.school_id) AS school_id, past.school_year,
       past.grade
FROM past
LEFT JOIN pg_temp.taught AS same ON same.school_id = past.school_id AND same.grade = past.grade
LEFT JOIN pg_temp.taught AS other
  ON same.school_id IS NULL AND other.grade = past.grade AND other.nth = past.student_id % other.schools
ORDER BY past.school_year, past.student_id;

CREATE INDEX ON pg_temp.learner (school_year);
ANALYZE pg_temp.learner;
"""


def set_scene(school_year: int, years: list[int], seed: int) -> int:
    """Make the temporary tables and functions for the entered district; returns the number of students.

    Args:
        school_year: the current one.
        years: all years of which something is made, the current one too.
        seed: of the dice.
    """
    parts: dict[str, sql.Composable] = {
        "students": sql.Identifier(current_schema(), "rostering_student"),
        "roles": sql.Identifier(current_schema(), "rostering_educatorrole"),
        "grades": sql.SQL(GRADES),
        "unknown": sql.Literal(UNKNOWN_GRADE),
        "year": sql.Literal(school_year),
        "years": sql.Literal(years),
        "seed": sql.Literal(seed),
    }
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        cursor.execute(sql.SQL(TABLES).format(**parts))
        cursor.execute("SELECT count(*) FROM pg_temp.learner WHERE school_year = %s", [school_year])
        return int(cursor.fetchone()[0])


def clear_scene() -> None:
    """Drop the temporary tables."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.taught, pg_temp.learner, pg_temp.staff")
