"""The set-based checks: each finds all rows that are wrong in one way."""

import datetime as dt

from django.db import connection
from psycopg import sql

from products.loader.columns import DAY, EVENT, SCHOOL, STUDENT, STUDENT_NUMBER, YEAR, FileColumn, Layout
from products.loader.found import KEPT, Found
from products.loader.staging import RESOLVED, is_valid, staged, typed
from tenants.schema import district_table

KINDS = {
    "date": ("a date", "Write it as 2026-03-31."),
    "boolean": ("true or false", "Write true or false."),
    "smallint": ("a whole number", "Write it with digits only, from -32768 to 32767."),
    "integer": ("a whole number", "Write it with digits only."),
    "bigint": ("a whole number", "Write it with digits only."),
}
DECIMAL = ("a number that fits", "Write it with digits and a point, as 12.5.")


def check_values(layout: Layout, found: Found) -> None:
    """Note every value that is missing, of the wrong kind, too long, too small, or none of its choices."""
    for column in layout.columns:
        value = staged(column)
        if column.required:
            _note(found, "missing_value", column, sql.SQL("{} IS NULL").format(value))
        if column.is_event or column.educator or column.name in {SCHOOL, STUDENT, STUDENT_NUMBER}:
            continue
        kind, example = KINDS.get(column.kind, DECIMAL)
        wrong = sql.SQL("{} IS NOT NULL AND NOT ({})").format(value, is_valid(column))
        if column.least is not None:
            low = sql.SQL("{}::numeric < {}").format(value, sql.Literal(column.least))
            wrong = sql.SQL("{} OR CASE WHEN {} THEN {} END").format(wrong, is_valid(column), low)
            example += " It cannot be negative."
        _note(found, "bad_value", column, wrong, kind=kind, example=example)
        if column.most and not column.choices:
            longer = sql.SQL("length({}) > {}").format(value, sql.Literal(column.most))
            _note(found, "too_long", column, longer, most=column.most)
        if column.choices:
            code = "unknown_product" if column.name == "product" else "unknown_choice"
            none = sql.SQL("{} <> ALL({})").format(value, sql.Literal(list(column.choices)))
            _note(found, code, column, none, choices=", ".join(column.choices))


def check_references(layout: Layout, found: Found) -> None:
    """Note every row whose student, school or educator is not in the roster."""
    columns = {column.name: column for column in layout.columns}
    number, student, school = staged(STUDENT_NUMBER), staged(STUDENT), staged(SCHOOL)
    if layout.has_student:
        lost = sql.SQL("stage._student IS NULL AND ")
        none = sql.SQL("{} IS NULL AND {} IS NULL").format(number, student)
        _note(found, "missing_student", columns[STUDENT_NUMBER], none)
        _note(found, "unknown_student", columns[STUDENT], lost + student + sql.SQL(" IS NOT NULL"))
        by_number = lost + sql.SQL("{} IS NULL AND {} IS NOT NULL AND ").format(student, number)
        _note(found, "unknown_student", columns[STUDENT_NUMBER], by_number + sql.SQL("NOT stage._numbered"))
        _note(found, "ambiguous_student", columns[STUDENT_NUMBER], by_number + sql.SQL("stage._numbered"))
        homeless = sql.SQL("{} IS NULL AND stage._student IS NOT NULL AND stage._school IS NULL")
        _note(found, "no_school", columns[SCHOOL], homeless.format(school))
    unknown = sql.SQL("{} IS NOT NULL AND stage._school IS NULL").format(school)
    _note(found, "unknown_school", columns[SCHOOL], unknown)
    for column in layout.columns:
        if column.educator:
            absent = sql.SQL("{value} IS NOT NULL AND NOT EXISTS (SELECT FROM {} AS e WHERE e.sourced_id = {value})")
            educators = district_table("rostering_educatoridentity")
            _note(found, "unknown_educator", column, absent.format(educators, value=staged(column)))


def check_events(layout: Layout, found: Found, as_of: dt.date) -> None:
    """Note days that have not come, and events that are in the file twice with different values."""
    columns = {column.name: column for column in layout.columns}
    if DAY in columns:
        future = sql.SQL("{} > {}").format(typed(columns[DAY]), sql.Literal(as_of))
        _note(found, "future_date", columns[DAY], future)
    row = sql.SQL("row({})::text").format(sql.SQL(", ").join(staged(column) for column in layout.columns))
    differs = sql.SQL(
        "(stage.{event}, stage._year) IN (SELECT stage.{event}, stage._year FROM {resolved} AS stage"
        " GROUP BY 1, 2 HAVING count(*) > 1 AND min({row}) <> max({row}))"
    ).format(event=sql.Identifier(EVENT), resolved=RESOLVED, row=row)
    _note(found, "repeated_event", columns[EVENT], differs)


def years_in_file() -> list[int]:
    """The school years that the rows are of."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT DISTINCT _year FROM {} WHERE _year IS NOT NULL ORDER BY 1").format(RESOLVED))
        return [int(row[0]) for row in cursor.fetchall()]


def refuse_year(layout: Layout, found: Found, year: int, code: str, on: str) -> None:
    """Note every row of a school year that is closed."""
    columns = {column.name: column for column in layout.columns}
    where = sql.SQL("stage._year = {}").format(sql.Literal(year))
    _note(found, code, columns.get(DAY, columns[YEAR]), where, year=year, category=layout.category.code, on=on)


def _note(found: Found, code: str, column: FileColumn, where: sql.Composable, **words: object) -> None:
    """Note the rows for which a condition on `stage`, the resolved rows, holds."""
    shown = sql.SQL("NULL") if column.personal else staged(column)
    query = sql.SQL("SELECT stage.row, {} FROM {} AS stage WHERE {} ORDER BY 1 LIMIT {}").format(
        shown, RESOLVED, where, sql.Literal(KEPT)
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found.add_rows(code, column.name, cursor.fetchall(), **words)
