"""Rare values of those who were anonymized: whoever is the only one like themselves is known without a name.

School and results stay as they are. Of the grade, the birth year and the demographics only what several share stays:
within a school and school year first the grade, then race, ethnicity and sex, the birth year last. A rare value is
blanked; and where too few would be blank, the next rarest with it, so that being blank tells nothing either.
"""

from collections.abc import Iterator

from psycopg import sql

from archiving import thresholds
from archiving.database import run
from resets.engine.proof import Done

STUDENT = "rostering_student"
DEMOGRAPHICS = "rostering_studentdemographics"
YEARS = "rostering_studentyear"

POOL = """
CREATE TEMPORARY TABLE pool ON COMMIT DROP AS
SELECT s.id, l.new_id IS NOT NULL AS is_new, s.school_id, s.school_year, nullif(s.grade, '') AS grade,
       CASE WHEN s.grade = ANY({grades}) THEN least(greatest(s.birth_year, s.school_year - {age} - {level} - {older}),
                                                    s.school_year - {age} - {level} + {younger})
            ELSE s.birth_year END AS birth_year,
       nullif(d.sex, '') AS sex, nullif(d.race, '') AS race, d.hispanic_or_latino::text AS ethnicity
FROM {student} AS s LEFT JOIN pg_temp.leavers AS l ON l.new_id = s.id
LEFT JOIN {demographics} AS d ON d.student_id = s.id
WHERE s.status = 'anonymized'
"""
GRADES = ("PK", "TK", "KG", *(f"{grade:02}" for grade in range(1, 13)))
LEVEL = "(CASE WHEN s.grade ~ '^[0-9]+$' THEN s.grade::int WHEN s.grade = 'KG' THEN 0 ELSE -1 END)"
BROADER = """
UPDATE pg_temp.pool AS p SET race = {broader} FROM (
    SELECT school_id, school_year, grade, race FROM pg_temp.pool GROUP BY 1, 2, 3, 4 HAVING count(*) < {alike}
) AS r
WHERE p.is_new AND p.race LIKE '%,%' AND p.race = r.race AND p.school_year = r.school_year
  AND p.school_id IS NOT DISTINCT FROM r.school_id AND p.grade IS NOT DISTINCT FROM r.grade
"""
RARE = """
UPDATE pg_temp.pool AS p SET {value} = NULL FROM (
    SELECT {group}, {value}, rows, coalesce(sum(rows) OVER (
        PARTITION BY {group} ORDER BY {value} IS NULL DESC, rows, {value}
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS rarer
    FROM (SELECT {group}, {value}, count(*) AS rows FROM pg_temp.pool GROUP BY {group}, {value}) AS sizes
) AS r
WHERE p.is_new AND p.{value} = r.{value} AND (r.rows < {alike} OR r.rarer BETWEEN 1 AND {alike} - 1) AND {same}
"""
STUDENTS = """
UPDATE {student} AS s SET grade = coalesce(p.grade, ''), birth_year = p.birth_year FROM pg_temp.pool AS p
WHERE p.is_new AND p.id = s.id AND (s.grade, s.birth_year) IS DISTINCT FROM (coalesce(p.grade, ''), p.birth_year)
"""
PEOPLE = """
UPDATE {demographics} AS d SET sex = coalesce(p.sex, ''), race = coalesce(p.race, ''),
    hispanic_or_latino = p.ethnicity::boolean
FROM pg_temp.pool AS p
WHERE p.is_new AND p.id = d.student_id AND (d.sex, d.race, d.hispanic_or_latino)
    IS DISTINCT FROM (coalesce(p.sex, ''), coalesce(p.race, ''), p.ethnicity::boolean)
"""
EARLIER_GRADES = """
UPDATE {years} AS y SET grade = '' FROM pg_temp.pool AS p
WHERE p.is_new AND p.grade IS NULL AND p.id = y.student_id AND y.grade <> ''
"""
"""A grade of an earlier year would say the one that was blanked."""

STEPS = (
    ("grade", thresholds.ALIKE_IN_GRADE),
    ("race", thresholds.ALIKE),
    ("ethnicity", thresholds.ALIKE),
    ("sex", thresholds.ALIKE),
    ("birth_year", thresholds.ALIKE),
)
"""In the order in which statistics would miss them."""


def coarsen_rare_values(done: Done) -> None:
    """Coarsen what is rare among those who are being anonymized, under their new keys; adds what was written."""
    tables = {"student": STUDENT, "demographics": DEMOGRAPHICS, "years": YEARS}
    run(
        POOL,
        tables=tables,
        grades=sql.Literal(list(GRADES)),
        level=sql.SQL(LEVEL),
        age=sql.Literal(thresholds.AGE_IN_KINDERGARTEN),
        older=sql.Literal(thresholds.YEARS_OLDER),
        younger=sql.Literal(thresholds.YEARS_YOUNGER),
    )
    for statement in _steps():
        run(statement)
    done.add(STUDENT, updated=run(STUDENTS, tables=tables))
    done.add(DEMOGRAPHICS, updated=run(PEOPLE, tables=tables))
    done.add(YEARS, updated=run(EARLIER_GRADES, tables=tables))


def _steps() -> Iterator[str]:
    group = ["school_id", "school_year"]
    for value, alike in STEPS:
        if value == "race":
            yield BROADER.format(broader=f"'{thresholds.BROADER_RACE}'", alike=alike)
        same = " AND ".join(f"p.{name} IS NOT DISTINCT FROM r.{name}" for name in group)
        yield RARE.format(value=value, group=", ".join(group), alike=alike, same=same)
        group.append(value)
