"""Courses. A class whose course no roster has named has one of its own, because every class must lead to one."""

from api.oneroster.fields import Field, Kind
from api.oneroster.resource import Resource, base, listed
from api.oneroster.resources.orgs import TOP

OWN = "'course-of-' || {0}.sourced_id"
"""SQL of the sourcedId of the course that a class without one has."""
RELATION = f"""(
SELECT id, sourced_id, title, code, grades, subjects, is_active, modified_at, NULL::bigint AS section_id FROM {{course}}
UNION ALL
SELECT NULL, {OWN.format("s")}, s.title, s.code, s.grades, '', s.is_active, s.modified_at, s.id FROM {{section}} AS s
WHERE s.course_id IS NULL
) AS c"""
TAUGHT = """(EXISTS (SELECT FROM {section} AS s JOIN {school} AS o ON o.id = s.school_id
WHERE s.course_id = c.id AND WHICH = %s) OR
c.section_id IN (SELECT s.id FROM {section} AS s JOIN {school} AS o ON o.id = s.school_id WHERE WHICH = %s))"""

COURSES = Resource(
    plural="courses",
    single="course",
    relation=RELATION,
    key="c.sourced_id",
    fields=(
        *base("c.modified_at", "c.is_active", "c.sourced_id"),
        Field("title", "c.title", needed=True),
        Field("courseCode", "c.code", needed=True),
        Field("grades", listed("c.grades"), Kind.LIST),
        Field("subjects", listed("c.subjects"), Kind.LIST),
        Field("org", TOP, Kind.REF, to="org"),
    ),
    school=TAUGHT.replace("WHICH", "o.id"),
    by={"school": TAUGHT.replace("WHICH", "o.sourced_id")},
)
