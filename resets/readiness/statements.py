"""An item's query, filled in for the entered district: counted in all, and listed one page by key."""

from string import Formatter

from psycopg import sql

from rostering.readiness import Ground, Item, Subject
from tenants.schema import district_table

COUNT = "SELECT count(*) FROM ({rows}) AS t WHERE {own}"
PAGE = """
SELECT t.key, t.school_id, t.why, t.was, t.now FROM ({rows}) AS t WHERE {own} AND t.key > {after}
ORDER BY t.key LIMIT {limit}
"""


def count_of(item: Item, ground: Ground) -> sql.Composed:
    """How many rows there are."""
    return sql.SQL(COUNT).format(rows=_rows(item, ground), own=_own(item, ground))


def page_of(item: Item, ground: Ground, after: int, limit: int) -> sql.Composed:
    """The rows after a key, at most so many."""
    return sql.SQL(PAGE).format(
        rows=_rows(item, ground), own=_own(item, ground), after=sql.Literal(after), limit=sql.Literal(limit)
    )


def _rows(item: Item, ground: Ground) -> sql.Composed:
    names = {field for _, field, _, _ in Formatter().parse(item.rows) if field}
    return sql.SQL(item.rows).format(**{name: _word(name, ground) for name in names})


def _word(name: str, ground: Ground) -> sql.Composable:
    if name == "school_year":
        return sql.Literal(ground.school_year)
    if name == "as_of":
        return sql.Literal(ground.as_of)
    return district_table(name if "_" in name else f"rostering_{name}")


def _own(item: Item, ground: Ground) -> sql.Composable:
    """Terms are the district's: whoever sees one school sees all of them."""
    if ground.school_id is None or item.subject is Subject.SESSION:
        return sql.SQL("true")
    return sql.SQL("t.school_id = {}").format(sql.Literal(ground.school_id))
