"""What somebody who kept an old roster can find out: which anonymized records may be whose, and where names stand."""

import datetime as dt
import re
from collections import defaultdict
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
ROWS = "SELECT to_jsonb(t) ->> 'student_id', t::text FROM {} AS t"
WORD = re.compile(r"\w+")


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
    by_word: dict[str, list[Known]] = defaultdict(list)
    for person in people:
        for word in filter(None, (WORD.search(person.family_name), WORD.search(person.number))):
            by_word[word[0]].append(person)
    own, found = {str(key) for key in but_of}, []
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [schema])
        relations = cursor.fetchall()
        for (relation,) in relations:
            cursor.execute(sql.SQL(ROWS).format(sql.Identifier(schema, relation)))
            rows = [said for student, said in cursor.fetchall() if student not in own]
            if any(_names_one(said, by_word, namesakes=relation in ADULTS) for said in rows):
                found.append(str(relation))
    return found


def _names_one(said: str, by_word: dict[str, list[Known]], *, namesakes: bool) -> bool:
    suspects = (person for word in by_word.keys() & WORD.findall(said) for person in by_word[word])
    return any(_names(said, person, namesakes=namesakes) for person in suspects)


def _names(said: str, person: Known, *, namesakes: bool) -> bool:
    if person.number and _stands_in(person.number, said):
        return True
    return not namesakes and _stands_in(person.given_name, said) and _stands_in(person.family_name, said)


def _stands_in(word: str, said: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", said) is not None
