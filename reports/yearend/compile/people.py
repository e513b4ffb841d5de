"""Who was where in which school year: grades, classes, and whom an educator may see.

A class of the roster's newest year counts as it is now. Of an earlier year it counts as it was when the next year's
roster ended it, which made its enrollments inactive: all that it had count.
"""

from psycopg import sql

from reports.yearend.compile.text import Text, compose, roster

GRADE = "CASE WHEN s.school_year = {year} THEN s.grade ELSE coalesce(y.grade, '') END"
"""A student's grade in a school year: the roster's for the newest, for earlier ones what was kept of them."""
GRADE_TABLES = """
JOIN {student} AS s ON s.id = {who} LEFT JOIN {years} AS y ON y.student_id = s.id AND y.school_year = {year}
"""
IN_GRADE = """
({who}, {year}) IN (
    SELECT s.id, s.school_year FROM {student} AS s WHERE s.grade = {grade} UNION ALL
    SELECT y.student_id, y.school_year FROM {years} AS y JOIN {student} AS s ON s.id = y.student_id
    WHERE y.grade = {grade} AND y.school_year <> s.school_year)
"""
NEWEST = "(SELECT max(newest.school_year) FROM {section} AS newest WHERE newest.is_active)"
ENDED = "c.school_year < {newest}"
ENROLLED = "((c.is_active AND e.is_active AND st.status IN ('active', 'anonymized')) OR {ended})"
TAUGHT = "((c.is_active AND t.is_active) OR {ended})"
MEMBERS = """
SELECT DISTINCT e.student_id, c.school_year, c.id AS section_id
FROM {section} AS c JOIN {enrollment} AS e ON e.section_id = c.id JOIN {student} AS st ON st.id = e.student_id
WHERE {enrolled} AND {which}
"""
OWN = """
c.id IN (SELECT t.section_id FROM {assignment} AS t JOIN {section} AS c ON c.id = t.section_id
         WHERE t.educator_id = {educator} AND {taught})
"""
CURRENT = """
SELECT e.student_id FROM {section} AS c JOIN {enrollment} AS e ON e.section_id = c.id
JOIN {student} AS st ON st.id = e.student_id
WHERE c.is_active AND e.is_active AND st.status = 'active' AND NOT {ended} AND {own}
"""
SEEN = """
({who} = ANY(ARRAY(SELECT m.student_id FROM ({own}) AS m))
 AND ({who} = ANY(ARRAY({current})) OR ({who}, {year}) IN (SELECT m.student_id, m.school_year FROM ({own}) AS m)))
"""
"""An array first: it is what an index can look for. Of somebody who is in an own class now every year is seen, of
others the years in which they were in one."""


def grade_tables(who: Text, year: Text) -> sql.Composed:
    """A join with what says the grade of a student in a school year."""
    return compose(GRADE_TABLES, who=who, year=year, student=roster("student"), years=roster("studentyear"))


def grade(year: Text) -> sql.Composed:
    """The grade, from `grade_tables`."""
    return compose(GRADE, year=year)


def in_grade(who: Text, year: Text, code: str) -> sql.Composed:
    """A condition: the student was in this grade in that school year."""
    return compose(
        IN_GRADE, who=who, year=year, grade=sql.Literal(code), student=roster("student"), years=roster("studentyear")
    )


def ended() -> sql.Composed:
    """A condition on a section `c`: its school year is over, and the next one's roster is here."""
    return compose(ENDED, newest=compose(NEWEST, section=roster("section")))


def enrolled() -> sql.Composed:
    """A condition on an enrollment `e` in a section `c`: it counts."""
    return compose(ENROLLED, ended=ended())


def own_sections(educator: int) -> sql.Composed:
    """A condition on a section `c`: the educator teaches it, or taught it when its year ended."""
    return compose(
        OWN,
        assignment=roster("teachingassignment"),
        section=roster("section"),
        educator=sql.Literal(educator),
        taught=compose(TAUGHT, ended=ended()),
    )


def members(which: Text) -> sql.Composed:
    """SQL for who counts to which section `c` in which school year: once, however often they are enrolled."""
    return compose(
        MEMBERS,
        section=roster("section"),
        enrollment=roster("enrollment"),
        student=roster("student"),
        enrolled=enrolled(),
        which=which,
    )


def students_of_section(section: int) -> sql.Composed:
    """SQL for the students of a section."""
    which = compose("c.id = {s}", s=sql.Literal(section))
    return compose("SELECT m.student_id FROM ({m}) AS m", m=members(which))


def students_of_educator(educator: int) -> sql.Composed:
    """SQL for everybody of whom an educator sees something."""
    return compose("SELECT m.student_id FROM ({m}) AS m", m=members(own_sections(educator)))


def seen_by_educator(who: Text, year: Text, educator: int) -> sql.Composed:
    """A condition: what was recorded of a student in a school year is for this educator's eyes."""
    own = own_sections(educator)
    current = compose(
        CURRENT,
        section=roster("section"),
        enrollment=roster("enrollment"),
        student=roster("student"),
        ended=ended(),
        own=own,
    )
    return compose(SEEN, who=who, year=year, own=members(own), current=current)
