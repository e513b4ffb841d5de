"""The further rows of a table: what a value is read from, how it is put in words, and in which order it stands."""

from dataclasses import dataclass

from psycopg import sql

from reports.yearend.columns import Column, Kind
from reports.yearend.compile.measuring import newest, word
from reports.yearend.compile.relation import Relation
from reports.yearend.compile.text import Text, compose, person, roster
from reports.yearend.measures import By, ByLatest, ByMonth, ByStaff, ByThing, ByValue
from tenants.schema import district_table

NO_JOIN = sql.SQL("")
NOT_STATED = "Not stated"


@dataclass(frozen=True)
class Breakdown:
    """A breakdown in SQL.

    Attributes:
        reads: the columns of the rows `f` that it reads.
        key: of the rows `f`; None where it is `latest`.
        latest: of a student's rows, where a student counts once.
        join: with the values' names, as `b`, for the rows `a` of the table.
        label: a row `a` in words.
        place: what rows are ordered by.
    """

    column: Column
    reads: frozenset[str]
    key: Text | None
    latest: Text | None
    join: Text
    label: Text
    place: tuple[Text, ...]


def breakdown(by: By, relation: Relation) -> Breakdown:
    """What a table is broken down by."""
    value = sql.Identifier("a", "by_value")
    key: Text
    match by:
        case ByValue(column=column, order=order, words=words):
            label = _label(relation, column, value, words)
            place = _place(value, order or _choices(relation, column), label)
            key = compose("f.{c}::text", c=sql.Identifier(column))
            return Breakdown(_column(by.label), frozenset({column}), key, None, NO_JOIN, label, place)
        case ByLatest(column=column, order=order):
            label = _label(relation, column, value)
            place = _place(value, order or _choices(relation, column), label)
            reads = frozenset({column, "occurred_on", "id"})
            return Breakdown(_column(by.label), reads, None, newest(column, None), NO_JOIN, label, place)
        case ByStaff(column=column):
            join = compose("LEFT JOIN {i} AS b ON b.educator_id = a.by_value", i=roster("educatoridentity"))
            label = compose("coalesce(nullif({n}, ''), {none})", n=person("b"), none=sql.Literal(NOT_STATED))
            key = sql.Identifier("f", column)
            made = _column(by.label, personal=True)
            return Breakdown(made, frozenset({column}), key, None, join, label, (label, value))
        case ByThing(column=column, of=of, title=title):
            thing = district_table(of._meta.db_table)
            join = compose("LEFT JOIN {t} AS b ON b.id = a.by_value", t=thing)
            label = compose("coalesce(b.{c}, {none})", c=sql.Identifier(title), none=sql.Literal(NOT_STATED))
            key = sql.Identifier("f", column)
            return Breakdown(_column(by.label), frozenset({column}), key, None, join, label, (label, value))
        case ByMonth():
            key = sql.SQL("date_trunc('month', f.occurred_on)::date")
            label = compose("to_char({v}, 'FMMonth YYYY')", v=value)
            return Breakdown(_column(by.label), frozenset({"occurred_on"}), key, None, NO_JOIN, label, (value,))


def _column(label: str, *, personal: bool = False) -> Column:
    return Column("value", label, Kind.TEXT, personal=personal)


def _choices(relation: Relation, column: str) -> tuple[str, ...]:
    return tuple(str(code) for code, _ in relation.columns[column].choices or ())


def _label(relation: Relation, column: str, value: Text, words: tuple[tuple[str, str], ...] = ()) -> Text:
    said = word(relation, column, value, words)
    return compose("coalesce(nullif({w}, ''), {n})", w=said, n=sql.Literal(NOT_STATED))


def _place(value: Text, order: tuple[str, ...], label: Text) -> tuple[Text, ...]:
    places = sql.Literal(list(order))
    return compose("coalesce(array_position({o}::text[], {v}), 999)", o=places, v=value), label
