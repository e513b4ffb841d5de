"""Nobody of last year's graduating class is left: neither grade 12, nor a school's highest grade at that school."""

from rostering.readiness import Item, Subject

ROWS = """
SELECT s.id AS key, s.school_id, CASE WHEN y.grade = '12' THEN 'twelve' ELSE 'top' END AS why, y.grade AS was,
       s.grade AS now
FROM {student} AS s
JOIN {studentyear} AS y ON y.student_id = s.id AND y.school_year = {school_year} - 1
LEFT JOIN (
    SELECT DISTINCT ON (school_id) school_id, grade FROM {studentyear}
    WHERE school_year = {school_year} - 1 AND grade ~ '^(KG|[01][0-9])$'
    ORDER BY school_id, CASE grade WHEN 'KG' THEN '00' ELSE grade END DESC
) AS top ON top.school_id = y.school_id
WHERE s.status = 'active' AND (y.grade = '12' OR (y.grade = top.grade AND s.school_id = y.school_id))
"""

ITEM = Item(
    code="graduates",
    title="Last year's graduating class",
    source="Make sure that you do not find any of last year’s graduating class in your Hero account.",
    todo="Take them out of your SIS's export and upload the roster again, or release the removals that were held back "
    "on the Rosters page. A student who really repeats the grade needs nothing.",
    subject=Subject.STUDENT,
    rows=ROWS,
    words={
        "twelve": "Was in Grade 12 last year, and is on the roster still ({now}).",
        "top": "Was in the school's highest grade last year ({was}), and is at the same school still ({now}).",
    },
    good="Nobody of last year's highest grades is left at their school.",
)
