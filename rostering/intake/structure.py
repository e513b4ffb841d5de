"""Orgs, sessions, courses and sections: small tables, compared whole, so that what one row says of another (a term's
school year, a course that came later) is always up to date."""

from psycopg import sql

from rostering.intake.context import Counts, Intake, scalar
from rostering.intake.upsert import Written, leave, make, write
from rostering.oneroster.words import compose, roster

ORG = (
    'SELECT s."sourcedId" AS sourced_id, {values}, s.row_hash AS source_hash, NOT {leaving} AS is_active FROM {t} AS s'
)
SCHOOL_COLUMNS = {"name": "name", "number": "identifier", "parent_sourced_id": "parentSourcedId"}
PARENT_COLUMNS = {"name": "name", "kind": "type", "identifier": "identifier", "parent_sourced_id": "parentSourcedId"}
SESSION_COLUMNS = {
    "title": "title",
    "kind": "type",
    "starts_on": "startDate",
    "ends_on": "endDate",
    "school_year": "schoolYear",
    "parent_sourced_id": "parentSourcedId",
}
COURSE_COLUMNS = {"title": "title", "code": "courseCode", "grades": "grades", "subjects": "subjects"}
SECTION_COLUMNS = {
    "title": "title",
    "code": "classCode",
    "kind": "classType",
    "term_sourced_ids": "termSourcedIds",
    "grades": "grades",
}
SECTION = """
SELECT s."sourcedId" AS sourced_id, {values}, coalesce(s."periods", '') AS periods, c.id AS course_id,
       school.id AS school_id, s.row_hash AS source_hash, NOT {leaving} AS is_active,
       coalesce((SELECT max(a.school_year) FROM {sessions} AS a
                 WHERE a.sourced_id = ANY(string_to_array(replace(s."termSourcedIds", ' ', ''), ','))),
                known.school_year, {year}) AS school_year
FROM {t} AS s JOIN {schools} AS school ON school.sourced_id = s."schoolSourcedId"
LEFT JOIN {courses} AS c ON c.sourced_id = s."courseSourcedId"
LEFT JOIN {sections} AS known ON known.sourced_id = s."sourcedId"
"""
SECTION_OLD = SECTION.replace('s."periods"', "''")
ALL_SECTION = (*SECTION_COLUMNS, "periods", "course_id", "school_id", "source_hash", "is_active", "school_year")


def write_orgs(intake: Intake) -> None:
    """Schools from orgs of type school, all others as orgs above them."""
    if not intake.has("orgs"):
        return
    kind = intake.value("orgs", "type")
    for table, columns, condition in (
        ("school", SCHOOL_COLUMNS, compose("{k} = 'school'", k=kind)),
        ("parentorg", PARENT_COLUMNS, compose("{k} <> 'school'", k=kind)),
    ):
        _whole(intake, "orgs", table, columns, condition)


def write_sessions(intake: Intake) -> None:
    """School years, semesters, terms and grading periods."""
    if intake.has("academicSessions"):
        _whole(intake, "academicSessions", "academicsession", SESSION_COLUMNS)


def write_courses(intake: Intake) -> None:
    """Courses. Without courses.csv the known ones stay as they are."""
    if intake.has("courses"):
        _whole(intake, "courses", "course", COURSE_COLUMNS)


def write_sections(intake: Intake) -> None:
    """Sections, each in the school year of its terms."""
    if not intake.has("classes"):
        return
    query = compose(
        SECTION if intake.version != "1.0" else SECTION_OLD,
        values=intake.values("classes", SECTION_COLUMNS),
        leaving=intake.leaving("classes"),
        t=intake.files["classes"].table,
        year=sql.Literal(intake.school_year),
        sessions=roster("academicsession"),
        schools=roster("school"),
        courses=roster("course"),
        sections=roster("section"),
    )
    _write(intake, "classes", "section", query, ALL_SECTION)


def _whole(
    intake: Intake, file: str, table: str, columns: dict[str, str], condition: sql.Composable | None = None
) -> None:
    query = compose(ORG, values=intake.values(file, columns), leaving=intake.leaving(file), t=intake.files[file].table)
    if condition is not None:
        query = compose("{q} WHERE {c}", q=query, c=condition)
    _write(intake, file, table, query, (*columns, "source_hash", "is_active"))


def _write(intake: Intake, file: str, table: str, query: sql.Composed, columns: tuple[str, ...]) -> None:
    source = make(f"next_{table}", query)
    written = write(table, source, columns)
    left = leave(table, source) if intake.is_whole(file) else 0
    read = scalar(compose("SELECT count(*) FROM {s}", s=source))
    tally(intake.counts[table], read, Written(written.created, written.updated, left))


def tally(counts: Counts, read: int, written: Written) -> None:
    """Add what was written of a table to its counts."""
    counts["read"] += read
    counts["created"] += written.created
    counts["updated"] += written.updated
    counts["left"] += written.left
    counts["unchanged"] += max(read - written.created - written.updated, 0)
