"""Made-up math data: of the current year only, because "no student data is saved or stored year over year"."""

from products.generator.fill import FactFill, long_tail, one_of

PRODUCT = """
CASE WHEN d(301) < 0.3 THEN 'math_facts' WHEN l.grade <= 3 THEN 'math_prek2' ELSE 'math_3plus' END
"""
MAIN_PRODUCT = "CASE WHEN l.grade <= 3 THEN 'math_prek2' ELSE 'math_3plus' END"

FACTS = (
    FactFill(
        "math_assessment",
        MAIN_PRODUCT,
        "3",
        {
            "kind": one_of(311, "benchmark", "quiz"),
            "score": "(30 + 50 * t(312) + 20 * d(313))::int",
            "quantile": "CASE WHEN d(314) < 0.8 THEN (-200 + 90 * l.grade + 300 * t(312))::int END",
        },
        day="{starts_on} + (ARRAY[20, 150, 270])[n] + (15 * d(1))::int",
        whom="t(310) < 0.95",
    ),
    FactFill(
        "math_progress",
        PRODUCT,
        long_tail(320, 8, 60),
        {
            "lesson": "'M' || l.grade || '-' || lpad((1 + d(322) * 150)::int::text, 3, '0')",
            "passed": "d(323) < 0.5 + 0.45 * t(324)",
            "attempts": "1 + floor(3 * d(325) * d(325))",
        },
        whom="t(310) < 0.9",
    ),
    FactFill(
        "math_pathway",
        MAIN_PRODUCT,
        "1 + floor(5 * t(330))",
        {
            "pathway": one_of(331, "Counting", "Fractions", "Geometry", "Ratios", "Data", "Algebra readiness"),
            "position": "1 + floor(20 * d(332))",
            "completed": "d(333) < 0.4",
        },
        whom="t(310) < 0.9",
    ),
    FactFill(
        "math_usage",
        PRODUCT,
        "36",
        {"minutes": "5 + (70 * d(341) * d(342))::int", "sessions": "1 + floor(4 * d(343))"},
        day="{starts_on} - extract(isodow FROM {starts_on})::int + 1 + 8 * n",
        whom="t(310) < 0.9 AND d(340) < t(344) * (CASE WHEN n IN (13, 17) THEN 0.3 ELSE 0.7 END)",
    ),
)

ONCE = (
    """
    INSERT INTO {schema}.math_organization (school_id, product, since)
    SELECT school_id, product, {starts_on} - 365 * (1 + school_id % 4)::int
    FROM (SELECT school_id, min(grade) AS low, max(grade) AS high FROM pg_temp.taught GROUP BY school_id) AS s
    JOIN (VALUES ('math_prek2', 0, 3), ('math_3plus', 4, 13), ('math_facts', 0, 6)) AS p (product, lowest, highest)
      ON s.low <= p.highest AND s.high >= p.lowest
    """,
    """
    INSERT INTO {schema}.math_studentaccount (student_id, product, created_on)
    SELECT l.student_id, o.product, {starts_on} + (10 * t(351))::int
    FROM pg_temp.learner AS l JOIN {schema}.math_organization AS o ON o.school_id = l.school_id
    WHERE l.school_year = {year} AND (o.product = 'math_facts' OR (l.grade <= 3) = (o.product = 'math_prek2'))
    """,
    """
    INSERT INTO {schema}.math_classroom (product, school_id, educator_id, school_year, name)
    SELECT CASE WHEN t.grade <= 3 THEN 'math_prek2' ELSE 'math_3plus' END, t.school_id,
           s.people[1 + (t.grade * 4 + n) % cardinality(s.people)], {year},
           coalesce((SELECT i.family_name FROM {schema}.rostering_educatoridentity AS i
                     WHERE i.educator_id = s.people[1 + (t.grade * 4 + n) % cardinality(s.people)]) || ', ', '')
           || 'Math ' || t.grade || chr(64 + n)
    FROM pg_temp.taught AS t LEFT JOIN pg_temp.staff AS s ON s.school_id = t.school_id
    CROSS JOIN generate_series(1, 4) AS n
    """,
    """
    INSERT INTO {schema}.math_classroomstudent (classroom_id, student_id)
    SELECT c.id, l.student_id
    FROM pg_temp.learner AS l
    JOIN (SELECT id, school_id, substring(name FROM 'Math (\\d+)[A-D]$')::int AS grade,
                 ascii(right(name, 1)) - 65 AS nth FROM {schema}.math_classroom) AS c
      ON c.school_id = l.school_id AND c.grade = l.grade AND c.nth = l.student_id % 4
    WHERE l.school_year = {year}
    """,
    """
    INSERT INTO {schema}.math_educatoraccount (educator_id, product, created_on, last_sign_in_on)
    SELECT DISTINCT ON (r.educator_id, o.product) r.educator_id, o.product, o.since,
           CASE WHEN r.educator_id % 13 = 0 THEN NULL ELSE {ends_on} - (r.educator_id % 60)::int END
    FROM {schema}.rostering_educatorrole AS r JOIN {schema}.math_organization AS o ON o.school_id = r.school_id
    WHERE r.is_active ORDER BY r.educator_id, o.product, o.since
    """,
)
