"""What is searched for: values that identify one person and nobody who stays.

A first name or a short number alone is found everywhere and says nothing. So a sample is a set of words that must stand
together (in one row, in one line of a file): an e-mail address; a long ID; a short ID with the family name, and a very
short one with the given name too; given name, family name and birth date. Of guardians who have no other student here
it is the address and the ID. What somebody who stays has too is left out.
"""

from typing import Final

from django.db import connection
from psycopg import sql

PEOPLE: Final = 300
"""Of more people, so many are drawn."""
LONG: Final = 8
"""Characters from which an ID says by itself whose it is; of digits alone it takes `LONG_NUMBER`."""
LONG_NUMBER: Final = 10
SHORT: Final = 5
"""Characters from which an ID with a family name says whose it is: a brother's score may be a shorter number."""

CREATE = """
CREATE TABLE {sample} AS
WITH gone AS MATERIALIZED (
    SELECT i.* FROM {people} AS i JOIN ({students}) AS chosen(id) ON chosen.id = i.student_id
    ORDER BY md5(i.student_id::text || {token}) LIMIT {most}
), ids AS (
    SELECT g.student_id, g.family_name, g.given_name, lower(v.value) AS value, v.alone
    FROM gone AS g CROSS JOIN LATERAL (VALUES
        (g.email, true), (g.username, false), (g.sourced_id, false), (g.student_number, false), (g.state_id, false)
    ) AS v(value, alone)
    WHERE v.value <> ''
    UNION ALL
    SELECT l.student_id, g.family_name, g.given_name, lower(v.value), v.alone
    FROM gone JOIN {links} AS l ON l.student_id = gone.student_id JOIN {guardians} AS g ON g.guardian_id = l.guardian_id
    CROSS JOIN LATERAL (VALUES (g.email, true), (g.sourced_id, false)) AS v(value, alone)
    WHERE v.value <> '' AND NOT EXISTS (SELECT FROM {links} AS other WHERE other.guardian_id = l.guardian_id
                                        AND NOT other.student_id IN ({students}))
), said AS (
    SELECT student_id, CASE
        WHEN alone OR length(value) >= {number} OR (length(value) >= {long} AND value ~ '[^0-9]') THEN ARRAY[value]
        WHEN length(value) >= {short} THEN ARRAY[value, lower(family_name)]
        ELSE ARRAY[value, lower(family_name), lower(given_name)] END AS words
    FROM ids
    UNION ALL
    SELECT student_id, ARRAY[lower(family_name), lower(given_name), birth_date::text] FROM gone
    WHERE birth_date IS NOT NULL AND family_name <> '' AND given_name <> ''
)
SELECT row_number() OVER () AS number, student_id, words FROM (SELECT DISTINCT * FROM said) AS each
WHERE NOT EXISTS (SELECT FROM unnest(words) AS word WHERE word !~ '[^[:space:][:punct:][:cntrl:]]')
"""
OF_STAYERS = (
    """
DELETE FROM {sample} AS s USING (
    SELECT i.student_id, v.value FROM {identity} AS i CROSS JOIN LATERAL (VALUES
        (lower(i.email)), (lower(i.username)), (lower(i.sourced_id)), (lower(i.student_number)), (lower(i.state_id)),
        (regexp_replace(lower(i.email), '^[^@]*[-.+_]', '')), (regexp_replace(lower(i.email), '^[^@]*?[-.+_]', ''))
    ) AS v(value)
    WHERE v.value <> '' AND NOT i.student_id IN ({students})
) AS stays WHERE s.words[1] = stays.value AND stays.student_id <> s.student_id
""",
    """
DELETE FROM {sample} AS s USING {identity} AS i
WHERE s.words = ARRAY[lower(i.family_name), lower(i.given_name), i.birth_date::text]
  AND i.student_id <> s.student_id AND NOT i.student_id IN ({students})
""",
    """
DELETE FROM {sample} AS s USING (
    SELECT lower(g.email) AS value FROM {guardians} AS g WHERE EXISTS (
        SELECT FROM {links} AS l JOIN {identity} AS i ON i.student_id = l.student_id
        WHERE l.guardian_id = g.guardian_id AND NOT l.student_id IN ({students}))
    UNION SELECT lower(e.email) FROM {educators} AS e
) AS stays WHERE s.words[1] = stays.value
""",
)
"""A brother's or sister's shared address, one that ends like it (jo.ann@ and ann@), a number that was given twice, the
address of a guardian who has another student here or teaches here: it will be found, and rightly."""


def write_samples(
    schema: str, name: str, students: sql.Composable, token: str, people: sql.Composable | None = None
) -> tuple[int, int]:
    """Write the samples of the students (a query of their ids) to a table; returns how many people and samples.

    Args:
        people: a relation with the roster's columns of an identity; the roster's own when left out. Ids of others must
            be none of the roster's.
    """
    tables = _tables(schema, name)
    numbers = {"most": PEOPLE, "long": LONG, "number": LONG_NUMBER, "short": SHORT, "token": token}
    parts = {key: sql.Literal(value) for key, value in numbers.items()}
    with connection.cursor() as cursor:
        asked = {**tables, **parts, "people": people or tables["identity"], "students": students}
        for statement in (CREATE, *OF_STAYERS):
            cursor.execute(sql.SQL(statement).format(**asked))
        cursor.execute(sql.SQL("SELECT count(DISTINCT student_id), count(*) FROM {sample}").format(**tables))
        sampled, samples = cursor.fetchone()
    return int(sampled), int(samples)


def forget_who_came_back(schema: str, name: str) -> None:
    """Leave out what somebody has who is on the roster now under another key: a new student, rightly named."""
    nobody = sql.SQL("SELECT NULL::bigint WHERE false")
    with connection.cursor() as cursor:
        for statement in OF_STAYERS:
            cursor.execute(sql.SQL(statement).format(**_tables(schema, name), students=nobody))


def read_samples(schema: str, name: str) -> list[tuple[str, ...]]:
    """The samples, for places that the database does not search."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT words FROM {} ORDER BY number").format(sql.Identifier(schema, name)))
        return [tuple(words) for (words,) in cursor.fetchall()]


def _tables(schema: str, sample: str) -> dict[str, sql.Composable]:
    """The tables that the statements name: the samples' own and those of the roster."""
    roster = {"identity": "studentidentity", "guardians": "guardianidentity", "educators": "educatoridentity"}
    names = {key: f"rostering_{table}" for key, table in {**roster, "links": "studentguardian"}.items()}
    return {key: sql.Identifier(schema, name) for key, name in {**names, "sample": sample}.items()}
