"""Giving the staged records to the students here, set by set, with the lineage of each.

Records keep their product's event ids. One that is here already for the same student is known, and not doubled. A
record whose id is here for another student gets a new one; the lineage keeps its own, so that it is known when it comes
again, and goes on under it.
"""

from django.db import connection
from psycopg import sql

from products.datamap import Table
from resets.engine.proof import Done
from tenants.datamap import columns_of
from tenants.schema import district_table
from transfers.imports.models import Import, ImportedRow, StagedRow
from transfers.packet.tables import OWN, transferred_tables

PAIRS = """
DROP TABLE IF EXISTS pg_temp.transfer_pairs;
CREATE TEMPORARY TABLE transfer_pairs ON COMMIT DROP AS
SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS p (incoming_id, student_id)
"""
ARRIVING = """
DROP TABLE IF EXISTS pg_temp.transfer_rows;
CREATE TEMPORARY TABLE transfer_rows ON COMMIT DROP AS
SELECT s.id AS staged_id, s.incoming_id, p.student_id, s.relation, s.school_year, s.row_id AS source_id, s.row_id,
       false AS is_known
FROM {staged} AS s JOIN pg_temp.transfer_pairs AS p ON p.incoming_id = s.incoming_id;
CREATE INDEX ON pg_temp.transfer_rows (relation, school_year, source_id);
ANALYZE pg_temp.transfer_rows
"""
KNOWN = """
UPDATE pg_temp.transfer_rows AS a SET is_known = true
WHERE a.relation = {name} AND (
    EXISTS (SELECT FROM {facts} AS f
            WHERE f.school_year = a.school_year AND f.id = a.source_id AND f.student_id = a.student_id)
    OR EXISTS (SELECT FROM {lineage} AS l WHERE l.student_id = a.student_id AND l.relation = a.relation
               AND l.school_year = a.school_year AND l.source_id = a.source_id))
"""
RENAME = """
UPDATE pg_temp.transfer_rows AS a SET row_id = gen_random_uuid()
WHERE a.relation = {name} AND NOT a.is_known AND (
    EXISTS (SELECT FROM {facts} AS f WHERE f.school_year = a.school_year AND f.id = a.source_id)
    OR EXISTS (SELECT FROM pg_temp.transfer_rows AS o WHERE o.relation = a.relation AND o.school_year = a.school_year
               AND o.source_id = a.source_id AND NOT o.is_known AND o.staged_id < a.staged_id))
"""
WRITE = """
INSERT INTO {facts} (id, school_year, school_id, student_id, {columns})
SELECT a.row_id, a.school_year, {school}, a.student_id, {values}
FROM pg_temp.transfer_rows AS a JOIN {staged} AS s ON s.id = a.staged_id
CROSS JOIN LATERAL jsonb_populate_record(NULL::{facts}, s.row) AS r
WHERE a.relation = {name} AND NOT a.is_known
"""
LINEAGE = """
INSERT INTO {lineage} (transfer_id, student_id, relation, school_year, row_id, source_id)
SELECT {transfer}::uuid, student_id, relation, school_year, row_id, nullif(source_id, row_id)
FROM pg_temp.transfer_rows WHERE NOT is_known
"""
BY_STUDENT = """
SELECT incoming_id, count(*) FILTER (WHERE NOT is_known), count(*) FILTER (WHERE is_known),
       count(*) FILTER (WHERE NOT is_known AND row_id <> source_id)
FROM pg_temp.transfer_rows GROUP BY incoming_id
"""


class Counts(dict[int, tuple[int, int, int]]):
    """By incoming student: records written, known already, written under a new id."""

    def of(self, incoming: int) -> tuple[int, int, int]:
        """Those of one student."""
        return self.get(incoming, (0, 0, 0))


def write_records(transfer: Import, pairs: dict[int, int], done: Done) -> Counts:
    """Write the staged records of incoming students for the students here, in the caller's transaction.

    Args:
        pairs: by the incoming student's key the student's on this site.
        done: where the statements' answers are added.
    """
    parts: dict[str, sql.Composable] = {
        "staged": district_table(StagedRow._meta.db_table),
        "lineage": district_table(ImportedRow._meta.db_table),
        "transfer": sql.Literal(str(transfer.pk)),
        "school": sql.Literal(transfer.school_id),
    }
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, [list(pairs), list(pairs.values())])
    _run(ARRIVING, parts)
    for table in transferred_tables():
        _write_table(table, parts, done)
    done.add(ImportedRow._meta.db_table, inserted=_run(LINEAGE, parts))
    with connection.cursor() as cursor:
        cursor.execute(BY_STUDENT)
        return Counts({row[0]: (row[1], row[2], row[3]) for row in cursor.fetchall()})


def _write_table(table: Table, parts: dict[str, sql.Composable], done: Done) -> None:
    own = {**parts, "facts": district_table(table.name), "name": sql.Literal(table.name)}
    _run(KNOWN, own)
    _run(RENAME, own)
    carried = [name for name in columns_of(table.model) if name not in OWN]
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in carried)
    values = sql.SQL(", ").join(sql.Identifier("r", name) for name in carried)
    done.add(table.name, inserted=_run(WRITE, {**own, "columns": columns, "values": values}))


def _run(template: str, parts: dict[str, sql.Composable]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(template).format(**parts))
        return int(cursor.rowcount)
