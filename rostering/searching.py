"""Finding students by their names: SQL that goes by the trigrams of the names' index."""

from typing import Any, Final

from psycopg import sql

from accounts.searching import patterns
from tenants.schema import district_table

NAMES: Final = ("family_name", "given_name", "preferred_name")
FOUND: Final = """
(SELECT x.student_id, x.family_name, x.given_name FROM {identity} AS x
 WHERE x.student_number = %(term)s OR ({named}) OFFSET 0)
"""
"""OFFSET keeps the planner from walking all names in order until a page fits: it uses the trigrams instead."""


def named_students(term: str, values: dict[str, Any]) -> sql.Composable:
    """SQL for who is found by a term (student_id, family_name, given_name); everybody with a name without a term.

    Each part of the term is in one of the names, or the term is the Student ID.

    Args:
        values: the statement's values, to which the term's are added.
    """
    identity = district_table("rostering_studentidentity")
    if not term:
        return identity
    values["term"] = term
    asked = []
    for number, pattern in enumerate(patterns(term)):
        values[f"part{number}"] = pattern
        likes = [
            sql.SQL("x.{} ILIKE {}").format(sql.Identifier(name), sql.Placeholder(f"part{number}")) for name in NAMES
        ]
        asked.append(sql.SQL("({})").format(sql.SQL(" OR ").join(likes)))
    named = sql.SQL(" AND ").join(asked) if asked else sql.SQL("false")
    return sql.SQL(FOUND).format(identity=identity, named=named)
