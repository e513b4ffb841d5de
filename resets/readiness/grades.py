"""Grade levels as expected: last year's roster, moved up one grade."""

from rostering.readiness import Item, Subject

POSITION = """
CASE WHEN {0} = 'PK' THEN -2 WHEN {0} = 'TK' THEN -1 WHEN {0} = 'KG' THEN 0 WHEN {0} ~ '^[0-9]+$' THEN {0}::int END
"""
"""A grade's place on the ladder; none for an ungraded student."""

ROWS = """
SELECT key, school_id, why, was, now FROM (
    SELECT g.key, g.school_id, g.was, g.now, CASE
        WHEN g.now = '' THEN 'blank'
        WHEN g.was_at IS NULL OR g.now_at IS NULL THEN NULL
        WHEN g.now_at < g.was_at THEN 'down'
        WHEN g.now_at = g.was_at AND g.was <> 'PK' THEN 'same'
        WHEN g.now_at > g.was_at + 1 AND NOT (g.was IN ('PK', 'TK') AND g.now IN ('TK', 'KG')) THEN 'jump'
    END AS why FROM (
        SELECT s.id AS key, s.school_id, y.grade AS was, s.grade AS now,
               WAS_AT AS was_at, NOW_AT AS now_at
        FROM {student} AS s
        LEFT JOIN {studentyear} AS y ON y.student_id = s.id AND y.school_year = {school_year} - 1
        WHERE s.status = 'active' AND s.school_year = {school_year}
    ) AS g
) AS t WHERE why IS NOT NULL
""".replace("WAS_AT", POSITION.format("y.grade")).replace("NOW_AT", POSITION.format("s.grade"))

ITEM = Item(
    code="grade-levels",
    title="Grade levels",
    source="View the grade levels of the students that are currently in your Hero system and confirm those are the "
    "correct grade levels.",
    todo="Correct the grades in your SIS and upload the roster again. A student who really repeats or skips a grade "
    "needs nothing.",
    subject=Subject.STUDENT,
    rows=ROWS,
    words={
        "blank": "No grade is given.",
        "same": "{now}, the same as last year.",
        "jump": "{now}, after {was} last year: more than one grade up.",
        "down": "{now}, after {was} last year: a grade down.",
    },
    good="Everybody of last year's roster is one grade up, and no grade is blank.",
)
