"""The students of the entered district, streamed to the linkage in its own columns: who has a name here."""

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pacsv
from django.db import connection
from psycopg import sql

from rostering.models_people import PersonStatus
from tenants.schema import district_table
from transfers.matching.people import BETWEEN, PLACES, PLAIN, SCHEMA, WITHIN

ROWS: Final = 50_000
"""So many are handed on at once."""
GONE: Final = (PersonStatus.ANONYMIZED, PersonStatus.MERGED)
STUDENTS: Final = """
COPY (
    SELECT i.student_id, i.given_name, i.family_name, i.middle_name, i.preferred_name, coalesce(i.birth_date::text, ''),
           s.grade, coalesce(d.sex, ''), i.state_id, i.student_number, i.email
    FROM {identities} AS i
    JOIN {students} AS s ON s.id = i.student_id
    LEFT JOIN {demographics} AS d ON d.student_id = i.student_id
    WHERE s.status <> ALL ({gone})
) TO STDOUT (FORMAT csv)
"""
GUARDIANS: Final = """
SELECT l.student_id, string_agg(concat_ws(
    {within}, i.given_name, i.family_name, i.email, i.phone
), {between} ORDER BY i.guardian_id)
FROM {links} AS l JOIN {identities} AS i ON i.guardian_id = l.guardian_id
WHERE l.student_id = ANY (%s) GROUP BY l.student_id
"""
READ: Final = pacsv.ReadOptions(column_names=["key", *PLAIN])
PARSE: Final = pacsv.ParseOptions(newlines_in_values=True)
CONVERT: Final = pacsv.ConvertOptions(
    column_types={"key": pa.int64(), **dict.fromkeys(PLAIN, pa.string())}, strings_can_be_null=False
)


def students() -> Iterator[pa.Table]:
    """The site's students in batches of `people.SCHEMA`, without their guardians.

    Only who has an identity and is neither anonymized nor merged into another can be somebody who comes back.
    """
    query = sql.SQL(STUDENTS).format(
        identities=district_table("rostering_studentidentity"),
        students=district_table("rostering_student"),
        demographics=district_table("rostering_studentdemographics"),
        gone=sql.Literal([str(status) for status in GONE]),
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        rows: list[Any] = []
        for row in copy:
            rows.append(row)
            if len(rows) == ROWS:
                yield _batch(rows)
                rows = []
        if rows:
            yield _batch(rows)


def guardians(keys: list[int]) -> pa.Table:
    """The guardians of some students, as `key` and the text that `people.pack_guardians` makes."""
    query = sql.SQL(GUARDIANS).format(
        links=district_table("rostering_studentguardian"),
        identities=district_table("rostering_guardianidentity"),
        within=sql.Literal(WITHIN),
        between=sql.Literal(BETWEEN),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [keys])
        rows = cursor.fetchall()
    return pa.table(
        {
            "key": pa.array([row[0] for row in rows], pa.int64()),
            "guardians": pa.array([row[1] for row in rows], pa.string()),
        }
    )


def _batch(rows: list[Any]) -> pa.Table:
    text = pa.BufferReader(b"".join(rows))
    found = pacsv.read_csv(text, read_options=READ, parse_options=PARSE, convert_options=CONVERT)
    empty = pa.repeat("", found.num_rows)
    for name in ("guardians", *PLACES):
        found = found.append_column(name, empty)
    return found.append_column("known_as", pa.nulls(found.num_rows, pa.int64())).select(SCHEMA.names)
