"""What the pages of holds need of people: who placed one, and whom a search finds."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from accounts.actors import PROGRAM
from accounts.models import DISTRICT_ROLES, User
from rostering.searching import named_students
from tenants.schema import district_table

MOST_FOUND = 20
OTHERS = dict.fromkeys(("csm", "superuser"), "your customer success manager")
FOUND = """
SELECT s.id, i.given_name, i.family_name, i.student_number, s.grade, coalesce(o.name, '')
FROM {named} AS n JOIN {student} AS s ON s.id = n.student_id JOIN {identity} AS i ON i.student_id = s.id
LEFT JOIN {school} AS o ON o.id = s.school_id
WHERE s.status IN ('active', 'inactive') ORDER BY n.family_name, n.given_name, s.id LIMIT {most}
"""


@dataclass(frozen=True)
class FoundStudent:
    """Somebody whom a search has found."""

    key: int
    name: str
    number: str
    grade: str
    school: str


def found_students(term: str) -> list[FoundStudent]:
    """The first students of the entered district whom a word finds; nobody without a word."""
    if not term:
        return []
    values: dict[str, Any] = {}
    query = sql.SQL(FOUND).format(
        named=named_students(term, values),
        student=district_table("rostering_student"),
        identity=district_table("rostering_studentidentity"),
        school=district_table("rostering_school"),
        most=sql.Literal(MOST_FOUND),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [FoundStudent(key, f"{given} {family}", *rest) for key, given, family, *rest in cursor.fetchall()]


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """The names of the district's own people among those who act; of the vendor's staff only what they are."""
    named: dict[str, str] = {}
    keys: dict[int, str] = {}
    for actor in set(actors):
        role, _, key = actor.partition(":")
        if role in DISTRICT_ROLES and key.isdigit():
            keys[int(key)] = actor
        else:
            named[actor] = f"program no. {key}" if role == PROGRAM else OTHERS.get(role, "Yearturn, by itself")
    for user in User.objects.filter(pk__in=keys):
        named[keys[user.pk]] = user.name
    return named
