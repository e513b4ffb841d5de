"""Small pieces of SQL that every query of a report is made of."""

from collections.abc import Iterable, Mapping

from psycopg import sql

from tenants.schema import district_table
from tenants.templatetags.words import DASH, GRADES, grade_words

Text = sql.Composable


def compose(template: str, **parts: sql.Composable) -> sql.Composed:
    """A statement from a template of this package and composed parts."""
    return sql.SQL(template).format(**parts)


def roster(table: str) -> sql.Identifier:
    """A table of the roster, by its name without the app's."""
    return district_table(f"rostering_{table}")


def listed(pieces: Iterable[sql.Composable], between: str = ", ") -> sql.Composed:
    """Pieces side by side."""
    return sql.SQL(between).join(pieces)


def literals(values: Iterable[object]) -> sql.Composed:
    """Values side by side."""
    return listed(sql.Literal(value) for value in values)


def all_of(conditions: Iterable[sql.Composable]) -> sql.Composed:
    """All of these conditions; true where there are none."""
    return listed([*conditions] or [sql.SQL("true")], " AND ")


def words_for(value: sql.Composable, words: Mapping[str, str], otherwise: sql.Composable) -> sql.Composed:
    """A code in words."""
    whens = [compose("WHEN {c} THEN {w}", c=sql.Literal(code), w=sql.Literal(text)) for code, text in words.items()]
    return compose("CASE {v} {whens} ELSE {o} END", v=value, whens=listed(whens, " "), o=otherwise)


def school_year(year: sql.Composable) -> sql.Composed:
    """A school year as people write it."""
    return compose("concat({y} - 1, {dash}, lpad(({y} % 100)::text, 2, '0'))", y=year, dash=sql.Literal(DASH))


def grade_label(grade: sql.Composable) -> sql.Composed:
    """A grade in words."""
    return words_for(grade, GRADES, sql.Literal(grade_words("")))


def grade_place(grade: sql.Composable) -> sql.Composed:
    """Where a grade stands among the others; one that is not known is the last."""
    order = sql.Literal([*GRADES])
    return compose("coalesce(array_position({o}::text[], {g}::text), {last})", o=order, g=grade, last=sql.Literal(99))


def person(alias: str) -> sql.Composed:
    """A name, the family's first."""
    names = compose("nullif({a}.family_name, ''), nullif({a}.given_name, '')", a=sql.Identifier(alias))
    return compose("concat_ws(', ', {n})", n=names)
