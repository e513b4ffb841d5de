"""Math accounts are opened anew: "Returning and new students have completely new accounts"."""

import datetime as dt
from typing import Any

from psycopg import sql

from products.accounts import open_missing_accounts
from products.math.products import MATH_3_PLUS, MATH_PREK_2
from rostering.signals import roster_applied

EARLY_GRADES = ("PK", "TK", "KG", "01", "02")
UNKNOWN_GRADES = ("", "UG")
"""Students without a grade have both, so that nobody is left without a course."""

TAUGHT = sql.SQL("""
CASE organization.product
     WHEN {early} THEN student.grade = ANY({early_grades}) OR student.grade = ANY({unknown})
     WHEN {later} THEN student.grade <> ALL({early_grades})
     ELSE true END
""").format(
    early=sql.Literal(MATH_PREK_2.code),
    later=sql.Literal(MATH_3_PLUS.code),
    early_grades=sql.Literal(list(EARLY_GRADES)),
    unknown=sql.Literal(list(UNKNOWN_GRADES)),
)


def follow_roster(as_of: dt.date, **_: Any) -> None:
    """After a roster, in the import's transaction: every active student of a school on math has an account."""
    open_missing_accounts("math", as_of=as_of, taught=TAUGHT)


def register() -> None:
    """Hear of every roster that is applied; called when the app is ready."""
    roster_applied.connect(follow_roster, dispatch_uid="products.math.accounts")
