"""One table's create, update, leave: guarded, so that a row whose values are there already is not rewritten."""

from dataclasses import dataclass

from psycopg import sql

from rostering.intake.bulkload import bulk_loading
from rostering.intake.context import run, scalar
from rostering.oneroster.words import compose, name, roster, staged

UPDATE = """
UPDATE {table} AS t SET ({columns}) = ROW({new}) FROM {source} AS n
WHERE t.sourced_id = n.sourced_id AND ({old}) IS DISTINCT FROM ({new})
"""
INSERT = """
INSERT INTO {table} (sourced_id, {columns}) SELECT n.sourced_id, {new} FROM {source} AS n
WHERE n.is_active AND NOT EXISTS (SELECT FROM {table} AS t WHERE t.sourced_id = n.sourced_id)
"""
FIRST = "INSERT INTO {table} (sourced_id, {columns}) SELECT sourced_id, {columns} FROM ({query}) AS n WHERE is_active"
LEAVE = """
UPDATE {table} AS t SET is_active = false
WHERE t.is_active AND NOT EXISTS (SELECT FROM {present} AS n WHERE {same}) AND {may_leave}
"""


@dataclass(frozen=True)
class Written:
    """How many rows a step created, updated and made inactive."""

    created: int = 0
    updated: int = 0
    left: int = 0


def make(table: str, query: sql.Composable) -> sql.Identifier:
    """Make a staging table from a query, replacing one of that name."""
    target = staged(table)
    run(compose("DROP TABLE IF EXISTS {t}", t=target))
    run(compose("CREATE UNLOGGED TABLE {t} WITH (autovacuum_enabled = false) AS {q}", t=target, q=query))
    run(compose("ANALYZE {t}", t=target))
    return target


def write(table: str, source: sql.Identifier, columns: tuple[str, ...]) -> Written:
    """Update and insert the rows of `source`, which has sourced_id, is_active and the columns, into a roster table."""
    target = roster(table)
    parts = {
        "table": target,
        "source": source,
        "columns": _listed(columns),
        "new": _listed(columns, "n"),
        "old": _listed(columns, "t"),
    }
    updated = run(compose(UPDATE, **parts))
    with bulk_loading(target):
        created = run(compose(INSERT, **parts))
    return Written(created, updated)


def is_empty(table: str) -> bool:
    """Whether a roster table has no rows."""
    return not scalar(compose("SELECT EXISTS (SELECT FROM {t})", t=roster(table)))


def write_first(table: str, query: sql.Composable, columns: tuple[str, ...]) -> int:
    """Fill an empty roster table from a query, without a stop in between; returns how many rows it has now."""
    with bulk_loading(roster(table)):
        return run(compose(FIRST, table=roster(table), columns=_listed(columns), query=query))


def leave(
    table: str,
    present: sql.Identifier,
    *,
    same: sql.Composable | None = None,
    may_leave: sql.Composable | None = None,
) -> int:
    """Make the active rows inactive that `present` does not have.

    Args:
        same: SQL that tells a row `n` of `present` to be `t`; by default, that their sourced_id are equal.
        may_leave: SQL that a row `t` must fulfil to leave.
    """
    return run(
        compose(
            LEAVE,
            table=roster(table),
            present=present,
            same=same or sql.SQL("n.sourced_id = t.sourced_id"),
            may_leave=may_leave or sql.SQL("true"),
        )
    )


def _listed(columns: tuple[str, ...], alias: str = "") -> sql.Composable:
    return sql.SQL(", ").join(name(column, alias) for column in columns)
