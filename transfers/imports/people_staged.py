"""The identities of staged students, as the searches after a destruction read them."""

from collections.abc import Iterable

from psycopg import sql

from tenants.schema import district_table
from transfers.imports.models import ImportedStudent, IncomingStudent

PEOPLE = """
(SELECT -i.source_key AS student_id, i.given_name, i.family_name, i.birth_date, i.email, i.username,
        '' AS sourced_id, i.student_number, i.state_id
 FROM (SELECT DISTINCT ON (s.source_key) s.* FROM {incoming} AS s JOIN {transfer} AS t ON t.id = s.transfer_id
       WHERE t.source_district_id = {source} ORDER BY s.source_key, s.id) AS i)
"""
"""Under the negative of their key at the source, which is nobody's key here."""
STUDENTS = """
SELECT -k FROM unnest({keys}::bigint[]) AS k
WHERE NOT EXISTS (SELECT FROM {lines} AS l WHERE l.source_district_id = {source} AND l.source_key = k
                  AND l.student_id IS NOT NULL)
"""
"""Whoever was imported is here, and is rightly found."""


def staged_people(source_id: int, keys: Iterable[int]) -> tuple[sql.Composed, sql.Composed]:
    """Of students whom a source has given to the entered district, and who were never imported.

    Returns:
        a relation of their identities, and a query of their ids in it.
    """
    source = sql.Literal(source_id)
    people = sql.SQL(PEOPLE).format(
        incoming=district_table(IncomingStudent._meta.db_table),
        transfer=district_table("transfer_imports_import"),
        source=source,
    )
    lines = district_table(ImportedStudent._meta.db_table)
    return people, sql.SQL(STUDENTS).format(keys=sql.Literal(sorted(keys)), lines=lines, source=source)
