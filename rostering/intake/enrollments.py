"""Enrollments of students, and of everybody else as teaching assignments."""

from psycopg import sql

from rostering.intake.context import Intake, run, scalar
from rostering.intake.structure import tally
from rostering.intake.upsert import Written, is_empty, leave, make, write, write_first
from rostering.oneroster.words import compose, name, roster, staged

KINDS = (("enrollment", "student"), ("teachingassignment", "educator"))
WORK = """
SELECT s.* FROM {t} AS s LEFT JOIN (
    SELECT source_hash FROM {enrollment} WHERE is_active UNION ALL SELECT source_hash FROM {assignment} WHERE is_active
) AS k ON k.source_hash = s.row_hash AND NOT {leaving} WHERE k.source_hash IS NULL
"""
LEAVE_UNSEEN = "n.row_hash = t.source_hash AND NOT {leaving}"
NEXT = """
SELECT s."sourcedId" AS sourced_id, i.{key}, c.id AS section_id, coalesce(school.id, c.school_id) AS school_id,
       c.school_year, {primary} AS is_primary, {starts} AS starts_on, {ends} AS ends_on, {role},
       NOT {leaving} AS is_active, s.row_hash AS source_hash
FROM {work} AS s JOIN {sections} AS c ON c.sourced_id = s."classSourcedId"
JOIN {identity} AS i ON i.sourced_id = s."userSourcedId"
LEFT JOIN {schools} AS school ON school.sourced_id = s."schoolSourcedId"
WHERE {is_kind}
"""
MOVED = """
UPDATE {table} AS t SET school_year = c.school_year FROM {sections} AS c
WHERE c.id = t.section_id AND t.school_year <> c.school_year
"""
REMAPPED = """
UPDATE {table} AS t SET student_id = i.student_id
FROM {staged} AS s JOIN {keys} AS k ON k.sourced_id = s."userSourcedId"
JOIN {identity} AS i ON i.sourced_id = s."userSourcedId"
WHERE (k.surrendered IS NOT NULL OR k.by_number) AND t.sourced_id = s."sourcedId" AND t.student_id <> i.student_id
"""
NOT_HELD = "NOT EXISTS (SELECT FROM {held} AS h WHERE h.kind = {kind} AND h.person_id = t.{key} AND h.is_held)"


def changed_enrollments(intake: Intake) -> sql.Composable:
    """The staged rows that the roster does not have exactly so; on a first load the staged file itself."""
    table = intake.files["enrollments"].table
    if not scalar(
        compose(
            "SELECT EXISTS (SELECT FROM {e}) OR EXISTS (SELECT FROM {a})",
            e=roster("enrollment"),
            a=roster("teachingassignment"),
        )
    ):
        return table
    query = compose(
        WORK,
        t=table,
        enrollment=roster("enrollment"),
        assignment=roster("teachingassignment"),
        leaving=intake.leaving("enrollments"),
    )
    return make("work_enrollments", query)


def write_enrollments(intake: Intake, work: sql.Composable) -> None:
    """Create and update enrollments from the changed rows, and make those inactive that a whole file does not have.

    Those of people whose removal is held back stay as they are.
    """
    file = intake.files["enrollments"]
    written_rows, is_first = 0, work == file.table
    for table, kind in KINDS:
        source = _next(intake, work, kind)
        role = ("role",) if kind == "educator" else ()
        columns = (f"{kind}_id", "section_id", "school_id", "school_year", "is_primary", "starts_on", "ends_on", *role)
        written, rows = _write(table, source, (*columns, "is_active", "source_hash"))
        tally(intake.counts[table], written.created + written.updated, written)
        written_rows += rows
    changed = scalar(compose("SELECT count(*) FROM {w}", w=work))
    intake.counts["enrollment"]["read"] = file.rows
    intake.counts["enrollment"]["unchanged"] = file.rows - changed
    staying = scalar(compose("SELECT count(*) FROM {w} AS s WHERE NOT {l}", w=work, l=intake.leaving("enrollments")))
    intake.found.warn("reference.role_mismatch", "enrollments.csv", "role", staying - written_rows)
    if intake.is_whole("enrollments") and not is_first:
        _let_leave(intake)
    if intake.has("users"):
        run(
            compose(
                REMAPPED,
                table=roster("enrollment"),
                staged=file.table,
                keys=staged("keys"),
                identity=roster("studentidentity"),
            )
        )


def _write(table: str, query: sql.Composed, columns: tuple[str, ...]) -> tuple[Written, int]:
    """Write the rows of a query; returns what was written, and how many rows are not to be deleted."""
    if is_empty(table):
        created = write_first(table, query, columns)
        return Written(created), created
    source = make(f"next_{table}", query)
    return write(table, source, columns), scalar(compose("SELECT count(*) FROM {t} WHERE is_active", t=source))


def follow_sections(intake: Intake) -> None:
    """Enrollments are in their section's school year, also when only its terms have changed."""
    if intake.counts["section"]["updated"]:
        for table, _ in KINDS:
            run(compose(MOVED, table=roster(table), sections=roster("section")))


def _next(intake: Intake, work: sql.Composable, kind: str) -> sql.Composed:
    sign = sql.SQL("=" if kind == "student" else "<>")
    role = intake.value("enrollments", "role")
    dated = intake.version != "1.0"
    return compose(
        NEXT,
        key=sql.Identifier(f"{kind}_id"),
        primary=intake.value("enrollments", "primary"),
        starts=intake.value("enrollments", "beginDate") if dated else compose("NULL::date"),
        ends=intake.value("enrollments", "endDate") if dated else compose("NULL::date"),
        role=compose("{r} AS role", r=role),
        leaving=intake.leaving("enrollments"),
        work=work,
        sections=roster("section"),
        identity=roster(f"{kind}identity"),
        schools=roster("school"),
        is_kind=compose("{r} {sign} 'student'", r=role, sign=sign),
    )


def _let_leave(intake: Intake) -> None:
    """Make those inactive that the file does not have. Each of its rows is one active record, so if there are as many
    of these as of those, nothing has left, and nothing needs to be compared."""
    active = sum(scalar(compose("SELECT count(*) FROM {t} WHERE is_active", t=roster(table))) for table, _ in KINDS)
    staying = compose(
        "SELECT count(*) FROM {t} AS s WHERE NOT {l}",
        t=intake.files["enrollments"].table,
        l=intake.leaving("enrollments"),
    )
    if active != scalar(staying):
        for table, kind in KINDS:
            intake.counts[table]["left"] += _leave(intake, table, kind)


def _leave(intake: Intake, table: str, kind: str) -> int:
    """What the file has was written with its row's hash: whoever's hash the file does not have has left."""
    same = compose(LEAVE_UNSEEN, leaving=intake.leaving("enrollments", "n"))
    may_leave = compose(NOT_HELD, held=staged("leaving"), kind=sql.Literal(kind), key=name(f"{kind}_id"))
    return leave(table, intake.files["enrollments"].table, same=same, may_leave=may_leave)
