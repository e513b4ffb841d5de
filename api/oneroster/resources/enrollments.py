"""Enrollments: students in classes, and educators in them with another role."""

from api.oneroster.fields import Field, Kind
from api.oneroster.resource import Resource, base, word
from rostering.oneroster.specs_roster import ENROLLMENT_ROLES

COLUMNS = "sourced_id, section_id, school_id, is_primary, starts_on, ends_on, is_active, modified_at"
NAMED = ", ".join(f"e.{column}" for column in COLUMNS.split(", "))
RELATION = f"""(
SELECT {NAMED}, 'student' AS role, i.sourced_id AS person FROM {{enrollment}} AS e
JOIN {{studentidentity}} AS i ON i.student_id = e.student_id WHERE NOT starts_with(i.sourced_id, 'left:')
UNION ALL
SELECT {NAMED}, e.role, i.sourced_id FROM {{teachingassignment}} AS e
JOIN {{educatoridentity}} AS i ON i.educator_id = e.educator_id
) AS e LEFT JOIN {{section}} AS s ON s.id = e.section_id LEFT JOIN {{school}} AS o ON o.id = e.school_id"""
IN_SCHOOL = "e.section_id IN (SELECT w.id FROM {section} AS w WHERE w.school_id = %s)"

ENROLLMENTS = Resource(
    plural="enrollments",
    single="enrollment",
    relation=RELATION,
    key="e.sourced_id",
    fields=(
        *base("e.modified_at", "e.is_active", "e.sourced_id"),
        Field("user", "e.person", Kind.REF, to="user"),
        Field("class", "s.sourced_id", Kind.REF, to="class"),
        Field("school", "o.sourced_id", Kind.REF, to="org"),
        Field("role", word("e.role", ENROLLMENT_ROLES), Kind.WORD, words=ENROLLMENT_ROLES),
        Field("primary", "e.is_primary", Kind.FLAG),
        Field("beginDate", "e.starts_on", Kind.DATE),
        Field("endDate", "e.ends_on", Kind.DATE),
    ),
    school=IN_SCHOOL,
    by={
        "school": "e.section_id IN (SELECT w.id FROM {section} AS w JOIN {school} AS x ON x.id = w.school_id"
        " WHERE x.sourced_id = %s)",
        "class": "e.section_id = (SELECT w.id FROM {section} AS w WHERE w.sourced_id = %s)",
    },
)
