"""The SQL of an anonymization: set-based, schema-qualified; the map of keys ends with the transaction."""

from psycopg import sql

from archiving.concerned import Concerned
from resets.engine.answers import BY_RELATION

MAP = """
CREATE TEMPORARY TABLE leavers ON COMMIT DROP AS
SELECT s.id AS old_id,
       (1::bigint << 48) + ('x' || right(replace(gen_random_uuid()::text, '-', ''), 12))::bit(48)::bigint AS new_id
FROM {student} AS s
WHERE s.status NOT IN ('anonymized', 'merged')
"""
"""The new keys are random, above every key that the roster gives, and derived from nothing."""
LEAVERS = f"""{MAP}
  AND s.school_year <= {{year}} AND coalesce(s.school_id <> ALL({{except_schools}}::bigint[]), true)
  AND EXISTS (SELECT FROM {{account}} AS a WHERE a.student_id = s.id) {{kept}}
"""
LEAVERS_AGAIN = f"{MAP} AND s.id = ANY({{keys}}::bigint[])"
NOT_HELD = "AND NOT EXISTS (SELECT FROM pg_temp.spared AS k WHERE k.student_id = s.id)"

SPARED = """
CREATE TEMPORARY TABLE spared ON COMMIT DROP AS
SELECT held.hold_id, held.student_id FROM ({held}) AS held JOIN {student} AS s ON s.id = held.student_id
WHERE s.status NOT IN ('anonymized', 'merged') AND s.school_year <= {year}
  AND coalesce(s.school_id <> ALL({except_schools}::bigint[]), true)
  AND EXISTS (SELECT FROM {account} AS a WHERE a.student_id = s.id)
"""
"""Who would be anonymized, were it not for a hold."""

LINEAGE = """
CREATE TEMPORARY TABLE lineage (relation text, school_year smallint, row_id uuid, new_id uuid) ON COMMIT DROP
"""
LINEAGE_OF = """
INSERT INTO pg_temp.lineage SELECT r.relation, r.school_year, r.{column}, gen_random_uuid()
FROM {table} AS r JOIN pg_temp.leavers AS l ON l.old_id = r.student_id
"""
LINEAGE_INDEX = "CREATE INDEX ON pg_temp.lineage (row_id, school_year)"

INDEX = "CREATE UNIQUE INDEX ON pg_temp.leavers (old_id); CREATE UNIQUE INDEX ON pg_temp.leavers (new_id)"

STRANGERS = """
INSERT INTO {student} (id, school_id, grade, status, school_year, rostered_on, left_on, birth_year)
SELECT l.new_id, s.school_id, s.grade, 'anonymized', s.school_year, date_trunc('year', s.rostered_on)::date, NULL,
       coalesce(s.birth_year, extract(year FROM i.birth_date)::int)
FROM pg_temp.leavers AS l JOIN {student} AS s ON s.id = l.old_id LEFT JOIN {identity} AS i ON i.student_id = l.old_id
"""
OLD_STUDENTS = "DELETE FROM {student} AS s USING pg_temp.leavers AS l WHERE s.id = l.old_id"
MERGED = """
DELETE FROM {student} AS s USING {merge} AS m, pg_temp.leavers AS l
WHERE m.merged_id = s.id AND l.old_id = m.student_id AND s.status = 'merged'
"""
"""Whoever was merged into a leaver has no data of their own: their old key goes too."""
EVERY_KEY = """
SELECT old_id FROM pg_temp.leavers
UNION SELECT m.merged_id FROM {merge} AS m JOIN pg_temp.leavers AS l ON l.old_id = m.student_id
"""
HELD = "DELETE FROM {held} AS h USING pg_temp.leavers AS l WHERE h.kind = 'student' AND h.person_id = l.old_id"

ORPHANS = """
CREATE TEMPORARY TABLE orphaned ON COMMIT DROP AS
SELECT DISTINCT g.guardian_id FROM {links} AS g JOIN pg_temp.leavers AS l ON l.old_id = g.student_id
WHERE NOT EXISTS (SELECT FROM {links} AS other WHERE other.guardian_id = g.guardian_id
                  AND other.student_id NOT IN (SELECT old_id FROM pg_temp.leavers))
"""
"""Guardians of whom no student stays. Made before the links are destroyed."""

ORPHANS_GO = "DELETE FROM {table} AS t USING pg_temp.orphaned AS o WHERE t.guardian_id = o.guardian_id"
GUARDIANS_GO = "DELETE FROM {table} AS t USING pg_temp.orphaned AS o WHERE t.id = o.guardian_id"
UNDONE = "DELETE FROM {table} AS t USING pg_temp.leavers AS l WHERE t.student_id = l.old_id"


def rekey(table: Concerned, schema: str) -> sql.Composed:
    """Give the leavers' rows of a table their new key and blank what is personal, or delete them."""
    relation = sql.Identifier(schema, table.relation)
    if table.destroyed:
        statement = sql.SQL(
            "DELETE FROM {} AS t USING pg_temp.leavers AS l WHERE t.student_id = l.old_id RETURNING t.tableoid"
        ).format(relation)
        return BY_RELATION.format(statement)
    changes: list[sql.Composable] = [sql.SQL("student_id = l.new_id")]
    if table.fact:
        changes.append(sql.SQL("id = {}").format(_new_id(table, "id")))
    if table.lineage:
        changes.append(sql.SQL("{} = {}").format(sql.Identifier(table.lineage), _new_id(table, table.lineage)))
    for column, nothing in table.blank:
        changes.append(sql.SQL("{} = {}").format(sql.Identifier(column), sql.SQL(nothing)))
    statement = sql.SQL(
        "UPDATE {} AS t SET {} FROM pg_temp.leavers AS l WHERE t.student_id = l.old_id RETURNING t.tableoid"
    ).format(relation, sql.SQL(", ").join(changes))
    return BY_RELATION.format(statement)


def _new_id(table: Concerned, column: str) -> sql.Composable:
    """A random id that is derived from nothing; where a record of its origin points to the row, the same in both."""
    beside: sql.Composable = sql.SQL("x.relation = t.relation")
    if not table.lineage:
        beside = sql.SQL("x.relation IN ({}, {})").format(sql.Literal(table.live), sql.Literal(table.relation))
    return sql.SQL(
        "coalesce((SELECT x.new_id FROM pg_temp.lineage AS x WHERE x.row_id = t.{} AND x.school_year = t.school_year"
        " AND {}), gen_random_uuid())"
    ).format(sql.Identifier(column), beside)


def count_of(relation: str, schema: str, key: str) -> sql.Composed:
    """Rows of a relation that have the old, or the new, key of a leaver."""
    return sql.SQL("SELECT count(*) FROM {} AS t JOIN pg_temp.leavers AS l ON l.{} = t.student_id").format(
        sql.Identifier(schema, relation), sql.Identifier(key)
    )


def file_names(table: Concerned, column: str, schema: str) -> sql.Composed:
    """The stored files of the leavers in a relation."""
    return sql.SQL(
        "SELECT t.{column} AS file FROM {table} AS t JOIN pg_temp.leavers AS l ON l.old_id = t.student_id"
        " WHERE t.{column} <> ''"
    ).format(column=sql.Identifier(column), table=sql.Identifier(schema, table.relation))


def spared_rows(table: Concerned, schema: str) -> sql.Composed:
    """Rows of a relation that a hold keeps from being anonymized, by hold."""
    return sql.SQL(
        "SELECT k.hold_id::text, count(*) FROM {} AS t JOIN pg_temp.spared AS k ON k.student_id = t.student_id"
        " GROUP BY 1"
    ).format(sql.Identifier(schema, table.relation))
