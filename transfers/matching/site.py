"""The students of the entered district, page by page in the linkage's own columns: who has a name here."""

from collections.abc import Iterator
from typing import Final

import pyarrow as pa
import pyarrow.csv as pacsv
from django.db import connection
from psycopg import sql

from rostering.models_people import PersonStatus
from tenants.schema import district_table
from transfers.matching.people import BETWEEN, PLACES, PLAIN, SCHEMA, WITHIN

ROWS: Final = 10_000
"""So many are read at once."""
GONE: Final = (PersonStatus.ANONYMIZED, PersonStatus.MERGED)
PAGE: Final = r"""
SELECT max(student_id), string_agg(concat_ws(E'\x1f', student_id, {texts}), E'\n')
FROM (
    SELECT i.student_id, i.given_name, i.family_name, i.middle_name, i.preferred_name,
           coalesce(i.birth_date::text, '') AS birth_date, s.grade, coalesce(d.sex, '') AS sex,
           i.state_id, i.student_number, i.email
    FROM {identities} AS i
    JOIN {students} AS s ON s.id = i.student_id
    LEFT JOIN {demographics} AS d ON d.student_id = i.student_id
    WHERE i.student_id > %s AND s.status <> ALL (%s) ORDER BY i.student_id LIMIT %s
) AS page
"""
"""One text a page: a row by itself would cost more to hand over than to compare. No value can hold the separators."""
GUARDIANS: Final = """
SELECT l.student_id, string_agg(concat_ws(
    {within}, {texts}
), {between} ORDER BY i.guardian_id)
FROM {links} AS l JOIN {identities} AS i ON i.guardian_id = l.guardian_id
WHERE l.student_id = ANY (%s) GROUP BY l.student_id
"""
READ: Final = pacsv.ReadOptions(column_names=["key", *PLAIN])
PARSE: Final = pacsv.ParseOptions(delimiter=WITHIN, quote_char=False)
CONVERT: Final = pacsv.ConvertOptions(
    column_types={"key": pa.int64(), **dict.fromkeys(PLAIN, pa.string())}, strings_can_be_null=False
)


class UnreadablePageError(RuntimeError):
    """A page of the site's students cannot be read."""

    def __init__(self) -> None:
        super().__init__("a page of this site's students cannot be read: a value holds what separates the values")


def students() -> Iterator[pa.Table]:
    """The site's students in batches of `people.SCHEMA`, without their guardians.

    Only who has an identity and is neither anonymized nor merged into another can be somebody who comes back.
    """
    query = sql.SQL(PAGE).format(
        texts=sql.SQL(", ").join(
            sql.SQL(r"translate({}, E'\x1f\n\r', '   ')").format(sql.Identifier(name)) for name in PLAIN
        ),
        identities=district_table("rostering_studentidentity"),
        students=district_table("rostering_student"),
        demographics=district_table("rostering_studentdemographics"),
    )
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(query, [last, [str(status) for status in GONE], ROWS])
            found = cursor.fetchone()
            if found is None or found[1] is None:
                return
            last, text = found
            yield _batch(text)


def guardians(keys: list[int]) -> pa.Table:
    """The guardians of some students, as `key` and the text that `people.pack_guardians` makes."""
    texts = [
        sql.SQL("translate(i.{}, {}, '  ')").format(sql.Identifier(name), sql.Literal(BETWEEN + WITHIN))
        for name in ("given_name", "family_name", "email", "phone")
    ]
    query = sql.SQL(GUARDIANS).format(
        texts=sql.SQL(", ").join(texts),
        links=district_table("rostering_studentguardian"),
        identities=district_table("rostering_guardianidentity"),
        within=sql.Literal(WITHIN),
        between=sql.Literal(BETWEEN),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [keys])
        rows = cursor.fetchall()
    columns = [pa.array([row[0] for row in rows], pa.int64()), pa.array([row[1] for row in rows], pa.string())]
    return pa.table(columns, names=["key", "guardians"])


def _batch(text: str) -> pa.Table:
    rows = pa.BufferReader(text.encode())
    try:
        found = pacsv.read_csv(rows, read_options=READ, parse_options=PARSE, convert_options=CONVERT)
    except pa.ArrowInvalid:
        raise UnreadablePageError from None  # its own words would quote the row
    empty = pa.repeat("", found.num_rows)
    for name in ("guardians", *PLACES):
        found = found.append_column(name, empty)
    return found.append_column("known_as", pa.nulls(found.num_rows, pa.int64())).select(SCHEMA.names)
