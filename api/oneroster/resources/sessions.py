"""School years, terms, grading periods. A year in which there are classes and no session of it is one of its own."""

from dataclasses import replace

from api.oneroster.fields import Field, Kind
from api.oneroster.resource import Resource, base, word
from rostering.oneroster.specs_roster import SESSION_TYPES

RELATION = """(
SELECT sourced_id, title, kind, starts_on, ends_on, school_year, parent_sourced_id, is_active, modified_at
FROM {academicsession}
UNION ALL
SELECT 'schoolYear-' || y, (y - 1) || '-' || y, 'schoolYear', make_date(y - 1, 8, 1), make_date(y, 7, 31), y, '', true,
       make_timestamptz(y - 1, 7, 1, 0, 0, 0, 'UTC')
FROM (SELECT DISTINCT c.school_year::integer AS y FROM {section} AS c WHERE NOT EXISTS (
    SELECT FROM {academicsession} AS a WHERE a.kind = 'schoolYear' AND a.school_year = c.school_year)) AS years
) AS a"""


def school_year(year: str) -> str:
    """SQL of the sourcedId of a school year's session, by SQL of the year."""
    return f"""coalesce((SELECT y.sourced_id FROM {{academicsession}} AS y
WHERE y.kind = 'schoolYear' AND y.school_year = {year}
ORDER BY y.is_active DESC, y.id LIMIT 1), 'schoolYear-' || {year})"""


SESSIONS = Resource(
    plural="academicSessions",
    single="academicSession",
    relation=RELATION,
    key="a.sourced_id",
    fields=(
        *base("a.modified_at", "a.is_active", "a.sourced_id"),
        Field("title", "a.title", needed=True),
        Field("startDate", "a.starts_on", Kind.DATE),
        Field("endDate", "a.ends_on", Kind.DATE),
        Field("type", word("a.kind", SESSION_TYPES), Kind.WORD, words=SESSION_TYPES),
        Field(
            "parent",
            "(SELECT p.sourced_id FROM {academicsession} AS p WHERE p.sourced_id = nullif(a.parent_sourced_id, ''))",
            Kind.REF,
            to="academicSession",
        ),
        Field(
            "children",
            """ARRAY(SELECT c.sourced_id FROM {academicsession} AS c
WHERE c.parent_sourced_id = a.sourced_id ORDER BY 1)""",
            Kind.REFS,
            to="academicSession",
        ),
        Field("schoolYear", "a.school_year::text"),
    ),
    school="%s IS NOT NULL",  # sessions are the whole district's
    by={
        "term": "a.parent_sourced_id = %s",
        "school": """a.sourced_id IN (
SELECT btrim(t) FROM {section} AS c JOIN {school} AS o ON o.id = c.school_id
CROSS JOIN LATERAL string_to_table(c.term_sourced_ids, ',') AS t WHERE o.sourced_id = %s)""",
    },
)
TERMS = replace(SESSIONS, where="a.kind IN ('term', 'semester')")
GRADING_PERIODS = replace(SESSIONS, where="a.kind = 'gradingPeriod'")
