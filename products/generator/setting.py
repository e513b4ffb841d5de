"""The scene in temporary tables: who was in which school and grade in which year, and the dice.

Dice are thrown for the sourcedId, not for the surrogate key: a student's data does not depend on the import's order.
"""

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
DROP TABLE IF EXISTS pg_temp.taught, pg_temp.learner, pg_temp.staff, pg_temp.place;

CREATE TEMPORARY TABLE staff AS
SELECT school_id, array_agg(DISTINCT educator_id) AS people
FROM {roles} WHERE is_active AND school_id IS NOT NULL GROUP BY school_id;

CREATE TEMPORARY TABLE place AS
SELECT id AS school_id, hashtextextended(sourced_id, 0) AS school_uid FROM {schools};

CREATE TEMPORARY TABLE taught AS
SELECT school_id, school_uid, grade, row_number() OVER (PARTITION BY grade ORDER BY school_uid) - 1 AS nth,
       count(*) OVER (PARTITION BY grade) AS schools
FROM (
    SELECT DISTINCT school_id, coalesce(array_position({grades}, grade::text) - 1, {unknown}) AS grade
    FROM {students} WHERE status = 'active' AND school_id IS NOT NULL
) AS found JOIN pg_temp.place USING (school_id);

CREATE TEMPORARY TABLE learner AS
WITH now AS (
    SELECT s.id AS student_id, s.school_id, coalesce(array_position({grades}, s.grade::text) - 1, {unknown}) AS grade,
           hashtextextended(i.sourced_id, 0) AS uid, hashtextextended(i.sourced_id, 0) >> 24 AS who
    FROM {students} AS s JOIN {identities} AS i ON i.student_id = s.id
    WHERE s.status = 'active' AND s.school_id IS NOT NULL
),
past AS (
    SELECT now.*, year AS school_year, now.grade - ({year} - year) AS grade_then
    FROM unnest({years}::int[]) AS year CROSS JOIN now
    WHERE now.grade - ({year} - year) >= 0 AND pg_temp.dice({seed}, now.who, year) < 0.94 OR year = {year}
),
placed AS (
    SELECT past.*, coalesce(same.school_id, other.school_id, past.school_id) AS school_then
    FROM past
    LEFT JOIN pg_temp.taught AS same ON same.school_id = past.school_id AND same.grade = past.grade_then
    LEFT JOIN pg_temp.taught AS other
      ON same.school_id IS NULL AND other.grade = past.grade_then AND other.nth = abs(past.who) % other.schools
)
SELECT student_id, school_then AS school_id, school_uid, school_year, grade_then AS grade, uid, who
FROM placed JOIN pg_temp.place ON place.school_id = placed.school_then
ORDER BY school_year, student_id;

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
        "schools": sql.Identifier(current_schema(), "rostering_school"),
        "identities": sql.Identifier(current_schema(), "rostering_studentidentity"),
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
        cursor.execute("DROP TABLE IF EXISTS pg_temp.taught, pg_temp.learner, pg_temp.staff, pg_temp.place")
