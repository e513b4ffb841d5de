"""Who takes which assessment at the beginning of the year, decided when a roster is applied.

"When students are rostered for the new academic year within 90 days of the data reset, the system will match any
previously enrolled students by their Student IDs. These students are considered returning students and will take the
BOY Benchmark assessment in Imagine Language & Literacy rather than the Placement test." Whoever comes later, or was
not there before, "will be considered a new student and will take the Placement test".

A year that was reset twice, because a school's reset was undone, has two windows: a student's days count from the first
reset that was not undone for the school at which their year ended, as the roster's matching and the ninety days do.
"""

import datetime as dt
from typing import Any

from django.db import connection
from psycopg import sql

from products.accounts import open_missing_accounts
from products.literacy.products import LANGUAGE_LITERACY
from rostering.signals import roster_applied
from tenants.schema import district_table

DECIDE = """
INSERT INTO {decisions} (student_id, school_year, assessment, decided_on)
SELECT student.id, {school_year},
       CASE WHEN account.created_on <= back.reset_on AND student.rostered_on <= back.until
            THEN 'benchmark' ELSE 'placement' END,
       {as_of}
FROM {students} AS student
JOIN {accounts} AS account ON account.student_id = student.id AND account.product = {product}
JOIN {organizations} AS organization
  ON organization.school_id = student.school_id AND organization.product = account.product
LEFT JOIN {years} AS last ON last.student_id = student.id AND last.school_year = {school_year} - 1
LEFT JOIN LATERAL (
    SELECT min(each.reset_on) AS reset_on, min(each.until) AS until FROM {windows} AS each
    WHERE each.suite = 'literacy' AND each.school_year = {school_year} - 1
      AND coalesce(coalesce(last.school_id, student.school_id) <> ALL(each.except_schools), true)
) AS back ON true
WHERE student.status = 'active' AND student.school_year = {school_year}
  AND (back.until IS NOT NULL OR account.created_on = {as_of})
  AND NOT EXISTS (
    SELECT FROM {decisions} AS decided
    WHERE decided.student_id = student.id AND decided.school_year = {school_year}
  )
"""


def decide_boy_assessments(school_year: int, *, as_of: dt.date) -> int:
    """Decide for every student of a school year who has no decision yet; returns how many were decided.

    A decision is made once and stays. A student who was there before is not decided while the reset of the year
    before has not run: only the reset says by when they must be back.
    """
    query = sql.SQL(DECIDE).format(
        decisions=district_table("literacy_boyassessment"),
        students=district_table("rostering_student"),
        accounts=district_table("literacy_studentaccount"),
        organizations=district_table("literacy_organization"),
        windows=district_table("rostering_returnwindow"),
        years=district_table("rostering_studentyear"),
        product=sql.Literal(LANGUAGE_LITERACY.code),
        school_year=sql.Literal(school_year),
        as_of=sql.Literal(as_of),
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.rowcount)


def follow_roster(school_year: int | None, as_of: dt.date, **_: Any) -> None:
    """After a roster: open the missing accounts, then decide the assessments, in the import's transaction."""
    open_missing_accounts("literacy", as_of=as_of)
    if school_year is not None:
        decide_boy_assessments(school_year, as_of=as_of)


def register() -> None:
    """Hear of every roster that is applied; called when the app is ready."""
    roster_applied.connect(follow_roster, dispatch_uid="products.literacy.boy")
