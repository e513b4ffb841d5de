"""Tables of given rows, as a report would hand them to a format."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from psycopg import sql

from reports.formats.selecting import TYPES
from reports.yearend.columns import Column, Kind
from reports.yearend.sheet import ChartSpec, Heading, Sheet

COLUMNS = (
    Column("student", "Student", personal=True),
    Column("lessons", "Lessons passed", Kind.WHOLE, about="Lessons with the result passed."),
    Column("score", "Average score", Kind.DECIMAL),
    Column("share", "Share of lessons passed", Kind.PERCENT),
    Column("since", "Since", Kind.DATE),
    Column("active", "Active", Kind.YES_NO),
)
ROWS: tuple[tuple[Any, ...], ...] = (
    ("José Ñandú", 12, 71.25, 87.5, dt.date(2025, 8, 15), True),
    ("=HYPERLINK(1)", -3, -0.5, 0, dt.date(1899, 12, 31), False),
    ("", 0, 0, 100, dt.date(2026, 7, 28), None),
    (None, None, None, None, None, None),
    ('said "hi",\nthen left', 9_007_199_254_740_993, 1 / 3, 33.333, dt.date(1900, 3, 1), True),
)
HEADING = Heading(
    district="Maple Unified School District",
    title="Usage and lessons",
    period="School year 2025-26",
    filters=(("School", "Oak Elementary"), ("Grade", "3")),
    made_at=dt.datetime(2026, 7, 20, 15, 5, tzinfo=zoneinfo.ZoneInfo("America/Chicago")),
    audience="District",
    about="What students did, by school.",
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
RISKY_TEXTS = st.builds(str.__add__, st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "\n", "'", '"']), TEXTS)


def sheet_of(
    columns: Sequence[Column] = COLUMNS,
    rows: Sequence[Sequence[Any]] = ROWS,
    *,
    title: str = "Usage by student",
    chart: ChartSpec | None = None,
    note: str = "",
) -> Sheet:
    """A sheet whose query gives these rows, in this order."""
    types = [sql.SQL(TYPES[column.kind]) for column in columns]
    lines = [
        sql.SQL("({})").format(
            sql.SQL(", ").join(
                sql.SQL("{}::{}").format(sql.Literal(value), kind) for value, kind in zip(row, types, strict=True)
            )
        )
        for row in rows
    ] or [sql.SQL("({})").format(sql.SQL(", ").join(sql.SQL("NULL::{}").format(kind) for kind in types))]
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    query = sql.SQL("SELECT * FROM (VALUES {}) AS v ({}) WHERE {}").format(
        sql.SQL(", ").join(lines), names, sql.SQL("true" if rows else "false")
    )
    return Sheet("usage", title, tuple(columns), query, chart, note)


def counting(rows: int, expression: str = "n") -> Sheet:
    """A sheet of so many rows, made by PostgreSQL: a whole number and a text each."""
    query = sql.SQL(
        "SELECT {} AS n, 'text ' || n AS words FROM (SELECT generate_series(1, {}::bigint) AS n) AS s"
    ).format(sql.SQL(expression), sql.Literal(rows))
    return Sheet("counting", "Counting", (Column("n", "N", Kind.WHOLE), Column("words", "Words")), query)
