"""A sheet's query as each format needs it: its columns in their types, or as a spreadsheet may safely read them."""

from collections.abc import Callable, Mapping
from typing import Final

from psycopg import sql

from reports.yearend.columns import Column, Kind
from reports.yearend.sheet import Sheet
from tenants.spreadsheets import neutralised_sql

TYPES: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "text",
    Kind.WHOLE: "bigint",
    Kind.DECIMAL: "float8",
    Kind.PERCENT: "float8",
    Kind.DATE: "date",
    Kind.YES_NO: "boolean",
}
"""PostgreSQL's type of each kind. What a query gives is turned into it: `sum` gives numeric."""
FOR_READING: Final = (Kind.WHOLE, Kind.DECIMAL, Kind.PERCENT)
"""Kinds that a spreadsheet reads as they are: a number with a sign is no formula."""


def typed(sheet: Sheet) -> sql.Composed:
    """The sheet's rows in their order, each column in the type of its kind."""
    return _selecting(sheet, _as_typed)


def safe_text(sheet: Sheet) -> sql.Composed:
    """The same with text that no spreadsheet takes for a formula, and yes and no in words."""
    return _selecting(sheet, _as_safe)


def _selecting(sheet: Sheet, expression: Callable[[Column], sql.Composable]) -> sql.Composed:
    """A plain selection from an ordered subquery: PostgreSQL has no reason to, and does not, sort it anew."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(expression(column), sql.Identifier(column.name)) for column in sheet.columns
    )
    return sql.SQL("SELECT {} FROM ({}) AS t").format(columns, sheet.query)


def _as_typed(column: Column) -> sql.Composable:
    return sql.SQL("t.{}::{}").format(sql.Identifier(column.name), sql.SQL(TYPES[column.kind]))


def _as_safe(column: Column) -> sql.Composable:
    name = sql.SQL("t.{}").format(sql.Identifier(column.name))
    if column.kind in FOR_READING:
        return name
    if column.kind == Kind.YES_NO:
        return sql.SQL("CASE {} WHEN true THEN 'Yes' WHEN false THEN 'No' END").format(name)
    if column.kind == Kind.TEXT:
        return neutralised_sql(sql.SQL("{}::text").format(name))
    return _as_typed(column)
