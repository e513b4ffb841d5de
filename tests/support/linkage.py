"""What somebody who kept an old roster can find out: which anonymized records may be whose, and where names stand."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from rostering.models import Student

Record = tuple[int, int | None, str, int | None]
"""A student's record: key, school, grade, birth year."""
TABLES = """
SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = to_regnamespace(quote_ident(%s)) AND c.relkind IN ('r', 'm')
"""
ADULTS = ("rostering_educatoridentity", "rostering_guardianidentity")
"""Of people who are on the roster and may have a student's name; whose guardian goes is tested where it is done."""
ROWS = """
SELECT t::text FROM {} AS t
WHERE t::text ~ %s AND coalesce((to_jsonb(t) ->> 'student_id')::bigint, -1) <> ALL(%s)
"""


@dataclass(frozen=True)
class Known:
    """What an old roster says of a student."""

    given_name: str
    family_name: str
    birth_date: dt.date | None
    school: int | None
    grade: str
    number: str


def old_roster() -> dict[int, Known]:
    """The entered district's roster as somebody may have kept it, by the keys of then."""
    rows = Student.objects.exclude(identity=None).values_list(
        "pk", "identity__given_name", "identity__family_name", "identity__birth_date", "school_id", "grade",
        "identity__student_number",
    )  # fmt: skip
    return {key: Known(*said) for key, *said in rows}


def anonymized_records() -> list[Record]:
    """The records without names that are there now."""
    return list(
        Student.objects.filter(status="anonymized").values_list("pk", "school_id", "grade", "birth_year").order_by("pk")
    )


def candidates(who: Known, records: Iterable[Record]) -> list[int]:
    """The anonymized records that may be somebody's: what is left of each must agree with what is known."""
    return [
        key
        for key, school, grade, year in records
        if school == who.school
        and grade in (who.grade, "")
        and (year is None or who.birth_date is None or year == who.birth_date.year)
    ]


def tables_that_name(schema: str, people: Iterable[Known], *, but_of: Iterable[int] = ()) -> list[str]:
    """The tables of a schema in one row of which stand somebody's given name and family name, or their Student ID.

    Args:
        but_of: students whose own rows may say so: they are here, and have the same name.
    """
    people = list(people)
    family = "|".join(sorted({re.escape(person.family_name) for person in people}))
    number = "|".join(sorted({re.escape(person.number) for person in people if person.number}))
    found = []
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [schema])
        relations = cursor.fetchall()
        for (relation,) in relations:
            cursor.execute(
                sql.SQL(ROWS).format(sql.Identifier(schema, relation)),
                [rf"\m({family}|{number})\M", sorted(but_of)],
            )
            rows, namesakes = [said for (said,) in cursor.fetchall()], relation in ADULTS
            if any(_names(said, person, namesakes=namesakes) for said in rows for person in people):
                found.append(str(relation))
    return found


def _names(said: str, person: Known, *, namesakes: bool) -> bool:
    if person.number and _stands_in(person.number, said):
        return True
    return not namesakes and _stands_in(person.given_name, said) and _stands_in(person.family_name, said)


def _stands_in(word: str, said: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", said) is not None
