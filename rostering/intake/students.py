"""Writing students and their identities, guarded: what is there already is not rewritten."""

from psycopg import sql

from rostering.intake.bulkload import bulk_loading
from rostering.intake.context import Intake, run, scalar
from rostering.intake.matching import births
from rostering.intake.upsert import make
from rostering.oneroster.words import compose, name, roster, staged

IDENTITY = (
    "sourced_id",
    "student_number",
    "state_id",
    "given_name",
    "middle_name",
    "family_name",
    "preferred_name",
    "username",
    "email",
    "birth_date",
    "source_hash",
)
SURRENDER = """
UPDATE {identity} AS i SET sourced_id = left('left:' || i.student_id || ':' || i.sourced_id, 255)
FROM {keys} AS k WHERE k.surrendered = i.student_id
"""
NEXT = """
SELECT k.student_id, k.is_new, k.by_number, school.id AS school_id, p.grade, p.sourced_id,
       p.number AS student_number, p.state_id, p.given_name, p.middle_name, p.family_name, p.preferred_name,
       p.username, p.email, d.birth_date, p.hash AS source_hash
FROM {keys} AS k JOIN {people} AS p ON p.row_no = k.row_no
LEFT JOIN {schools} AS school ON school.sourced_id = p.org LEFT JOIN {births} AS d ON d.sourced_id = p.sourced_id
"""
UPDATE = """
UPDATE {student} AS s SET school_id = {school}, grade = n.grade, status = 'active', left_on = NULL,
    rostered_on = CASE WHEN s.school_year < {year} THEN {as_of} ELSE s.rostered_on END,
    school_year = greatest(s.school_year, {year})
FROM {next} AS n WHERE s.id = n.student_id AND NOT n.is_new AND (s.school_id IS DISTINCT FROM {school}
    OR s.grade <> n.grade OR s.status <> 'active' OR s.left_on IS NOT NULL OR s.school_year < {year})
"""
UPDATE_IDENTITY = """
UPDATE {identity} AS i SET ({columns}) = ROW({new}) FROM {next} AS n
WHERE i.student_id = n.student_id AND NOT n.is_new AND ({old}) IS DISTINCT FROM ({new})
"""
INSERT = """
INSERT INTO {student} (id, school_id, grade, status, school_year, rostered_on)
SELECT student_id, school_id, grade, 'active', {year}, {as_of} FROM {next} WHERE is_new
"""
INSERT_IDENTITY = """
INSERT INTO {identity} (student_id, {columns}) SELECT n.student_id, {columns} FROM {next} AS n WHERE n.is_new
"""


def write_students(intake: Intake) -> None:
    """Create and update the students of `roster_keys`."""
    parts: dict[str, sql.Composable] = {
        "student": roster("student"),
        "identity": roster("studentidentity"),
        "keys": staged("keys"),
        "year": sql.Literal(intake.school_year),
        "as_of": sql.Literal(intake.as_of),
        "school": _school(intake),
        "columns": _listed(IDENTITY),
        "old": _listed(IDENTITY, "i"),
        "new": _new_values(),
    }
    run(compose(SURRENDER, **parts))
    parts["next"] = make(
        "next_student",
        compose(NEXT, keys=staged("keys"), people=staged("people"), schools=roster("school"), births=births(intake)),
    )
    counts = intake.counts["student"]
    updated = run(compose(UPDATE, **parts))
    renamed = run(compose(UPDATE_IDENTITY, **parts))
    with bulk_loading(roster("student")):
        counts["created"] += run(compose(INSERT, **parts))
    with bulk_loading(roster("studentidentity")):
        run(compose(INSERT_IDENTITY, **parts))
    counts["updated"] += max(updated, renamed)
    without = scalar(compose("SELECT count(*) FROM {n} WHERE school_id IS NULL", n=parts["next"]))
    intake.found.warn("reference.no_school", "users.csv", "", without)


def _school(intake: Intake) -> sql.Composed:
    """In delta, a row that says nothing of a school (roles.csv is not in the bundle) leaves the school as it is."""
    return compose("n.school_id") if intake.is_whole("users") else compose("coalesce(n.school_id, s.school_id)")


def _new_values() -> sql.Composable:
    """A birth date that is not in this bundle stays."""
    values = [name(column, "n") if column != "birth_date" else _KEPT for column in IDENTITY]
    return sql.SQL(", ").join(values)


_KEPT = compose("coalesce(n.birth_date, i.birth_date)")


def _listed(columns: tuple[str, ...], alias: str = "") -> sql.Composable:
    return sql.SQL(", ").join(name(column, alias) for column in columns)
