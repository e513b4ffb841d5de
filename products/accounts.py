"""Students' accounts in products: whoever is rostered at a school that uses a product has one."""

import datetime as dt

from django.db import connection
from psycopg import sql

from tenants.schema import district_table

EVERYBODY = sql.SQL("true")
MISSING_ACCOUNTS = """
INSERT INTO {accounts} (student_id, product, created_on)
SELECT student.id, organization.product, {as_of}
FROM {students} AS student
JOIN {organizations} AS organization ON organization.school_id = student.school_id
WHERE student.status = 'active' AND {taught}
  AND NOT EXISTS (
    SELECT FROM {accounts} AS account
    WHERE account.student_id = student.id AND account.product = organization.product
  )
"""


def open_missing_accounts(suite: str, *, as_of: dt.date, taught: sql.Composable = EVERYBODY) -> int:
    """Give every active student of the entered district the accounts that they lack; returns how many were opened.

    One statement, in the caller's transaction; when nobody lacks one, nothing is written.

    Args:
        suite: literacy or math: a suite with the tables studentaccount and organization.
        as_of: the day that the new accounts carry.
        taught: a condition on `organization.product` and `student.grade`: whom a product is for.
    """
    query = sql.SQL(MISSING_ACCOUNTS).format(
        accounts=district_table(f"{suite}_studentaccount"),
        organizations=district_table(f"{suite}_organization"),
        students=district_table("rostering_student"),
        as_of=sql.Literal(as_of),
        taught=taught,
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.rowcount)
