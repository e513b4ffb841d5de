"""Schedules: every student is enrolled in a class of the new year, and every class has students."""

from rostering.readiness import Item, Subject

SOURCE = "Verify that schedules are correct in Hero and match what is in your SIS."

STUDENTS = Item(
    code="schedules",
    title="Students' schedules",
    source=SOURCE,
    todo="Schedule them in your SIS and upload the roster again: enrollments.csv has a row for every class of theirs.",
    subject=Subject.STUDENT,
    rows="""
    SELECT s.id AS key, s.school_id, 'none' AS why, '' AS was, s.grade AS now FROM {student} AS s
    WHERE s.status = 'active' AND s.school_year = {school_year} AND NOT EXISTS (
        SELECT FROM {enrollment} AS e JOIN {section} AS c ON c.id = e.section_id
        WHERE e.student_id = s.id AND e.is_active AND c.is_active AND c.school_year = {school_year})
    """,
    words={"none": "Is enrolled in no class of the new year."},
    good="Every student is enrolled in a class of the new year.",
)
SECTIONS = Item(
    code="empty-classes",
    title="Classes without students",
    source=SOURCE,
    todo="Enroll students in your SIS, or take the class out of its export, and upload the roster again.",
    subject=Subject.SECTION,
    rows="""
    SELECT c.id AS key, c.school_id, 'empty' AS why, '' AS was, '' AS now FROM {section} AS c
    WHERE c.is_active AND c.school_year = {school_year} AND NOT EXISTS (
        SELECT FROM {enrollment} AS e JOIN {student} AS s ON s.id = e.student_id AND s.status = 'active'
        WHERE e.section_id = c.id AND e.is_active)
    """,
    words={"empty": "Nobody is enrolled."},
    good="Every class of the new year has students.",
    noun=("class", "classes"),
)
