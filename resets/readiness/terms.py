"""Terms aligned to the first grading period: they cover the first day, do not overlap, and every class has one."""

from rostering.readiness import Item, Subject

SOURCE = (
    "To ensure the correct teacher roster view, be sure to update your bell schedules and term settings to align with "
    "your first grading period."
)

YEAR = """
SELECT min(starts_on) FILTER (WHERE kind = 'schoolYear') AS whole, min(starts_on) AS first FROM {academicsession}
WHERE is_active AND school_year = {school_year}
"""

TERMS = Item(
    code="terms",
    title="Terms and grading periods",
    source=SOURCE,
    todo="Correct the terms' first and last days in your SIS and upload the roster again: academicSessions.csv.",
    subject=Subject.SESSION,
    rows="""
    SELECT 0::bigint AS key, NULL::bigint AS school_id, 'none' AS why, '' AS was, '' AS now
    WHERE NOT EXISTS (SELECT FROM {academicsession} WHERE is_active AND school_year = {school_year}
                      AND kind <> 'schoolYear')
    UNION ALL
    SELECT DISTINCT ON (a.kind) a.id, NULL, 'late', coalesce(y.whole, y.first)::text, a.starts_on::text
    FROM {academicsession} AS a CROSS JOIN (OF_YEAR) AS y
    WHERE a.is_active AND a.school_year = {school_year} AND a.kind <> 'schoolYear' AND NOT EXISTS (
        SELECT FROM {academicsession} AS o WHERE o.is_active AND o.school_year = a.school_year AND o.kind = a.kind
        AND o.starts_on <= coalesce(y.whole, y.first) AND o.ends_on > coalesce(y.whole, y.first))
    UNION ALL
    SELECT a.id, NULL, 'overlap', a.starts_on::text, min(o.title) FROM {academicsession} AS a
    JOIN {academicsession} AS o ON o.id <> a.id AND o.is_active AND o.kind = a.kind
        AND o.school_year = a.school_year AND o.parent_sourced_id = a.parent_sourced_id
        AND (o.starts_on, o.id) < (a.starts_on, a.id) AND o.ends_on > a.starts_on
    WHERE a.is_active AND a.school_year = {school_year} AND a.kind <> 'schoolYear' GROUP BY a.id
    """.replace("OF_YEAR", YEAR),
    words={
        "none": "The roster has no term and no grading period of the new school year.",
        "late": "No session of its kind covers the first day of the school year, {was}; the first begins on {now}.",
        "overlap": "Begins on {was}, before “{now}” has ended.",
    },
    good="The first day of the school year lies in a term, and no two overlap.",
    noun=("term", "terms"),
)
SECTIONS = Item(
    code="class-terms",
    title="Classes' terms",
    source=SOURCE,
    todo="Give each class a term of the new year in your SIS and upload the roster again: termSourcedIds in "
    "classes.csv.",
    subject=Subject.SECTION,
    rows="""
    SELECT c.id AS key, c.school_id, 'none' AS why, '' AS was, '' AS now FROM {section} AS c
    WHERE c.is_active AND c.school_year = {school_year} AND NOT EXISTS (
        SELECT FROM {academicsession} AS a WHERE a.is_active AND a.school_year = {school_year}
        AND a.sourced_id = ANY (string_to_array(c.term_sourced_ids, ',')))
    """,
    words={"none": "Is in no term of the new year."},
    good="Every class is in a term of the new year.",
    noun=("class", "classes"),
)
