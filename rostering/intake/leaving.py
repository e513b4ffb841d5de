"""Who leaves, and the brake: when too many would go at once, they stay until somebody has looked.

The brake, school by school: more than the district's percentage of a school's active students (never for one alone),
or more than its number of people in the whole bundle. Educators are counted like one school of their own. In the first
roster of a new school year, students of each school's highest grade are expected to leave: they go, and do not count.
"""

from psycopg import sql

from rostering.intake.context import Intake, run, scalar
from rostering.intake.upsert import make
from rostering.oneroster.words import compose, roster, staged

LEAVING = """
SELECT 'student' AS kind, s.id AS person_id, s.school_id, s.grade, false AS is_expected, false AS is_held
FROM {student} AS s JOIN {studentidentity} AS i ON i.student_id = s.id WHERE s.status = 'active' AND {students}
UNION ALL
SELECT 'educator', e.id, NULL, '', false, false
FROM {educator} AS e JOIN {educatoridentity} AS i ON i.educator_id = e.id WHERE e.status = 'active' AND {educators}
"""
ABSENT = """
NOT EXISTS (SELECT FROM {users} AS u WHERE u."sourcedId" = i.sourced_id) OR {said}
"""
SAID = """
EXISTS (SELECT FROM {people} AS p WHERE p.sourced_id = i.sourced_id AND (p.leaving OR NOT p.{is_kind}))
"""
EXPECTED = """
UPDATE {leaving} AS l SET is_expected = true FROM (
    SELECT DISTINCT ON (school_id) school_id, grade FROM (
        SELECT school_id, grade, count(*) AS n FROM {before} WHERE grade ~ '^(KG|[01][0-9])$' GROUP BY 1, 2
    ) AS g ORDER BY school_id, CASE grade WHEN 'KG' THEN '00' ELSE grade END DESC
) AS top WHERE l.kind = 'student' AND l.school_id = top.school_id AND l.grade = top.grade
"""
BEFORE = "SELECT id, school_id, grade FROM {student} WHERE status = 'active'"
KEEP = """
INSERT INTO {year} (student_id, school_year, school_id, grade)
SELECT id, school_year, school_id, grade FROM {student} WHERE status = 'active' ON CONFLICT DO NOTHING
"""
HOLD = """
UPDATE {leaving} AS l SET is_held = true FROM (
    SELECT l.kind, l.school_id, count(*) AS n FROM {leaving} AS l WHERE NOT l.is_expected GROUP BY 1, 2
) AS g LEFT JOIN (SELECT school_id, count(*) AS n FROM {before} GROUP BY 1) AS b
    ON b.school_id IS NOT DISTINCT FROM g.school_id
WHERE l.kind = g.kind AND l.school_id IS NOT DISTINCT FROM g.school_id AND NOT l.is_expected
  AND ({all} > {people} OR (g.n > 1 AND g.n * 100 > {percent} *
       CASE g.kind WHEN 'student' THEN b.n ELSE (SELECT count(*) FROM {educator} WHERE status = 'active') END))
"""
GO = """
UPDATE {person} AS t SET status = 'inactive', left_on = {as_of} FROM {leaving} AS l
WHERE l.kind = {kind} AND l.person_id = t.id AND NOT l.is_held
"""
GUARDIANS_GO = """
UPDATE {guardian} AS t SET status = 'inactive' FROM {guardianidentity} AS i
WHERE i.guardian_id = t.id AND t.status = 'active' AND ({condition})
  AND NOT EXISTS (SELECT FROM {studentguardian} AS k JOIN {leaving} AS l
                  ON l.kind = 'student' AND l.person_id = k.student_id AND l.is_held WHERE k.guardian_id = t.id)
"""


def remember_before(intake: Intake) -> None:
    """Make `roster_before`: the active students with school and grade as they are before anything is written."""
    make("before", compose(BEFORE, student=roster("student")))


def keep_last_year() -> None:
    """Keep where and in which grade each active student ended their school year, before the first roster of a newer."""
    run(compose(KEEP, student=roster("student"), year=roster("studentyear")))


def is_first_of_year(intake: Intake) -> bool:
    """Whether nobody on the roster has been rostered in the bundle's school year yet."""
    last = scalar(compose("SELECT max(school_year) FROM {s} WHERE status = 'active'", s=roster("student")))
    return last is not None and last < intake.school_year


def let_leave(intake: Intake, *, first_of_year: bool) -> None:
    """Make `roster_leaving`, hold back what the brake says, and make the others inactive."""
    tables = ("student", "studentidentity", "educator", "educatoridentity", "guardian", "guardianidentity")
    parts: dict[str, sql.Composable] = {table: roster(table) for table in tables}
    parts |= {"students": _gone(intake, "student"), "educators": _gone(intake, "educator")}
    leaving = make("leaving", compose(LEAVING, **parts))
    if not scalar(compose("SELECT EXISTS (SELECT FROM {l})", l=leaving)):
        return
    parts |= {"leaving": leaving, "before": staged("before"), "studentguardian": roster("studentguardian")}
    if first_of_year:
        run(compose(EXPECTED, **parts))
    everybody = scalar(compose("SELECT count(*) FROM {l} WHERE NOT is_expected", l=leaving))
    district = intake.district
    run(
        compose(
            HOLD,
            all=sql.Literal(everybody),
            people=sql.Literal(district.removal_threshold_people),
            percent=sql.Literal(district.removal_threshold_percent),
            **parts,
        )
    )
    for kind in ("student", "educator"):
        counts, literal = intake.counts[kind], sql.Literal(kind)
        as_of = sql.Literal(intake.as_of)
        counts["left"] += run(compose(GO, person=roster(kind), leaving=leaving, kind=literal, as_of=as_of))
        held = "SELECT count(*) FROM {l} WHERE is_held AND kind = {k}"
        counts["held"] += scalar(compose(held, l=leaving, k=literal))
    condition = _gone(intake, "guardian")
    intake.counts["guardian"]["left"] += run(compose(GUARDIANS_GO, condition=condition, **parts))


def _gone(intake: Intake, kind: str) -> sql.Composed:
    """SQL for: the bundle removes the person of identity `i`, by saying so or, in a whole file, by not having them."""
    if not intake.has("users") or intake.is_first:
        return compose("false")
    said = compose(SAID, people=staged("people"), is_kind=sql.Identifier(f"is_{kind}"))
    if not intake.is_whole("users"):
        return compose("({s})", s=said)
    return compose("({a})", a=compose(ABSENT, users=intake.files["users"].table, said=said))
