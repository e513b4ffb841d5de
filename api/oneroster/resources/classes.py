"""Classes: sections of a course at a school, in its terms."""

from api.oneroster.fields import Field, Kind
from api.oneroster.resource import Resource, base, listed, word
from api.oneroster.resources.courses import OWN
from api.oneroster.resources.sessions import school_year
from rostering.oneroster.specs_roster import CLASS_TYPES

TERMS = f"""coalesce(
nullif(ARRAY(SELECT a.sourced_id FROM {{academicsession}} AS a
             WHERE a.sourced_id = ANY({listed("s.term_sourced_ids")}) ORDER BY a.starts_on, a.sourced_id),
       ARRAY[]::varchar[]), ARRAY[{school_year("s.school_year")}]::varchar[])"""
"""Those terms that there are; a class without any is in its school year, because it must be in one."""
STUDENTS = "SELECT e.section_id FROM {enrollment} AS e JOIN {studentidentity} AS i ON i.student_id = e.student_id"
TEACHERS = "SELECT t.section_id FROM {teachingassignment} AS t JOIN {educatoridentity} AS i USING (educator_id)"

CLASSES = Resource(
    plural="classes",
    single="class",
    relation="""{section} AS s LEFT JOIN {school} AS o ON o.id = s.school_id
LEFT JOIN {course} AS c ON c.id = s.course_id""",
    key="s.sourced_id",
    fields=(
        *base("s.modified_at", "s.is_active", "s.sourced_id"),
        Field("title", "s.title", needed=True),
        Field("classCode", "s.code"),
        Field("classType", word("s.kind", CLASS_TYPES), Kind.WORD, words=CLASS_TYPES),
        Field("grades", listed("s.grades"), Kind.LIST),
        Field("subjects", listed("coalesce(c.subjects, '')"), Kind.LIST),
        Field("course", f"coalesce(c.sourced_id, {OWN.format('s')})", Kind.REF, to="course"),
        Field("school", "o.sourced_id", Kind.REF, to="org"),
        Field("terms", TERMS, Kind.REFS, to="academicSession"),
        Field("periods", listed("s.periods"), Kind.LIST),
    ),
    school="s.school_id = %s",
    by={
        "school": "s.school_id = (SELECT w.id FROM {school} AS w WHERE w.sourced_id = %s)",
        "course": f"""s.course_id = (SELECT w.id FROM {{course}} AS w WHERE w.sourced_id = %s)
OR (s.course_id IS NULL AND {OWN.format("s")} = %s)""",
        "term": f"{TERMS} @> ARRAY[%s]::varchar[]",
        "student": f"s.id IN ({STUDENTS} WHERE i.sourced_id = %s)",
        "teacher": f"s.id IN ({TEACHERS} WHERE i.sourced_id = %s)",
        "user": f"s.id IN ({STUDENTS} WHERE i.sourced_id = %s UNION ALL {TEACHERS} WHERE i.sourced_id = %s)",
    },
)
