"""A measure as SQL, in three steps: of a student's rows, of a student, and of many students.

The first makes *partials* of the rows `f` of a student (in a school year, product, ...): sums and counts, which can be
put together again. The second and third read them as `p`, a row for each student.
"""

import dataclasses
from dataclasses import dataclass

from django.db import models
from psycopg import sql

from reports.yearend.columns import Column, Kind
from reports.yearend.compile.relation import Relation
from reports.yearend.compile.text import Text, compose
from reports.yearend.measures import (
    AboveZero,
    BelowZero,
    Condition,
    Count,
    Growth,
    Is,
    Last,
    LastDay,
    LastWord,
    Mean,
    Measure,
    PerStudent,
    Share,
    ShareOfStudents,
    Sum,
)

NEWEST = 'max(ARRAY[f.occurred_on::text, f.id::text, f.{column}::text] COLLATE "C") FILTER (WHERE {where})'
"""The newest row's value; of two on one day the one with the higher key, so that it is always the same."""

NEWEST_READS = frozenset({"occurred_on", "id"})
WORDS = 'text[] COLLATE "C"'
OF_ALL_STUDENTS = sql.SQL("count(*)")
"""Stands for a share of the students, which is one of those beside which a row stands."""
NO_NUMBER, NO_WORD = sql.SQL("NULL::int"), sql.SQL("NULL::text")


@dataclass(frozen=True)
class Partial:
    """A partial of a student's rows: its name, what it is made of, and its type in the database."""

    name: str
    of_rows: Text
    type: str


@dataclass(frozen=True)
class Measured:
    """A column that measures.

    Attributes:
        column: of one student.
        column_of_students: of several: an average of whole numbers is none.
        category: whose rows it is made of.
        reads: the columns of those rows that it reads.
        of_student: of one student; None where there is no such thing.
        of_students: of several; None where there is no such thing.
        of_nameless: of the students without a name, in a table by student.
        counted: of how many students it is made, where that is not who has the first partial.
    """

    column: Column
    column_of_students: Column
    category: str
    partials: tuple[Partial, ...]
    reads: frozenset[str]
    of_student: Text | None
    of_students: Text | None
    of_nameless: Text
    counted: Text | None = None

    @property
    def behind(self) -> Text:
        """Of how many of the students it is made."""
        if self.counted is not None:
            return self.counted
        return compose("count({p})", p=_p(self.partials[0].name)) if self.partials else sql.SQL("count(*)")


def measured(measure: Measure, relation: Relation) -> list[Measured]:
    """The columns that a measure makes."""
    match measure.what:
        case Growth():
            return _growth(measure, measure.what, relation)
        case PerStudent(of=of):
            own = _one(Measure(f"{measure.name}_own", "", of, of=measure.of), relation)
            average = compose("round(avg({p})::numeric, 1)", p=_p(own.partials[0].name))
            column = _column(measure, Kind.DECIMAL)
            return [Measured(column, column, own.category, own.partials, own.reads, None, average, average)]
        case ShareOfStudents():
            column = _column(measure, Kind.PERCENT)
            return [Measured(column, column, measure.of, (), frozenset(), None, OF_ALL_STUDENTS, NO_NUMBER)]
        case _:
            return [_one(measure, relation)]


def _one(measure: Measure, relation: Relation) -> Measured:
    match measure.what:
        case Count(where=where):
            return _added(measure, compose("count(*){f}", f=_filter(where)), Kind.WHOLE, _reads(where))
        case Sum(column=column, where=where, turned=turned):
            sign = sql.SQL("-" if turned else "")
            total = compose("{s}sum(f.{c}){f}", s=sign, c=sql.Identifier(column), f=_filter(where))
            total = compose("coalesce({t}, 0)", t=total) if where else total
            return _added(measure, total, _kind(relation, column), _reads(where) | {column})
        case Share() | Mean():
            return _ratio(measure, measure.what)
        case Last() | LastWord() | LastDay():
            return _newest(measure, measure.what, relation)
    raise TypeError(f"{measure.name} is no measure of one column")


def newest(column: str, where: Condition | None) -> sql.Composed:
    """SQL for the newest of a student's rows, with its value in the third place."""
    present = compose("f.{c} IS NOT NULL AND {w}", c=sql.Identifier(column), w=_meets(where))
    return compose(NEWEST, column=sql.Identifier(column), where=present)


def word(relation: Relation, column: str, value: Text, own: tuple[tuple[str, str], ...] = ()) -> Text:
    """A value in words, where there are words for it: the report's own, or the model's."""
    words = {str(code): str(text) for code, text in own or relation.columns[column].choices or ()}
    if not words:
        return value
    whens = [compose("WHEN {c} THEN {w}", c=sql.Literal(code), w=sql.Literal(text)) for code, text in words.items()]
    return compose("CASE {v} {w} ELSE {v} END", v=value, w=sql.SQL(" ").join(whens))


def _added(measure: Measure, rows: Text, kind: Kind, reads: frozenset[str]) -> Measured:
    partial = Partial(measure.name, rows, "bigint" if kind is Kind.WHOLE else "numeric")
    of_student = _p(measure.name)
    total = compose("sum({p})", p=of_student)
    if kind is Kind.WHOLE:
        total = compose("{t}::bigint", t=total)
    made = _column(measure, kind)
    return Measured(made, made, measure.of, (partial,), reads, of_student, total, total)


def _ratio(measure: Measure, what: Share | Mean) -> Measured:
    if isinstance(what, Share):
        of, made = "100.0 * {above} / {below}", _column(measure, Kind.PERCENT)
        above, below = compose("count(*){f}", f=_filter(what.where)), compose("count(*)")
        reads = _reads(what.where)
    else:
        of, made = "{above} / {below}", _column(measure, Kind.PERCENT if what.percent else Kind.DECIMAL)
        name, reads = sql.Identifier(what.column), frozenset({what.column})
        above, below = compose("sum(f.{c})", c=name), compose("count(f.{c})", c=name)
    partials = (
        Partial(f"{measure.name}_below", compose("nullif({b}, 0)", b=below), "bigint"),
        Partial(f"{measure.name}_above", compose("({a})::numeric", a=above), "numeric"),
    )
    parts = {"below": _p(partials[0].name), "above": _p(partials[1].name)}
    one = compose(f"round({of}, 1)", **parts)
    many = compose(f"round({of}, 1)", **{name: compose("sum({p})", p=part) for name, part in parts.items()})
    return Measured(made, made, measure.of, partials, reads, one, many, many)


def _newest(measure: Measure, what: Last | LastWord | LastDay, relation: Relation) -> Measured:
    p = _p(measure.name)
    match what:
        case LastDay():
            partials = (Partial(measure.name, sql.SQL("max(f.occurred_on)"), "date"),)
            day, made = compose("max({p})", p=p), _column(measure, Kind.DATE)
            return Measured(made, made, measure.of, partials, frozenset({"occurred_on"}), p, day, day)
        case LastWord(column=column):
            partials = (Partial(measure.name, newest(column, None), WORDS),)
            said, made = word(relation, column, compose("({p})[3]", p=p)), _column(measure, Kind.TEXT)
            return Measured(made, made, measure.of, partials, NEWEST_READS | {column}, said, None, NO_WORD)
        case Last(column=column, where=where):
            partials = (Partial(measure.name, newest(column, where), WORDS),)
            value, made = compose("(({p})[3])::int", p=p), _column(measure, Kind.WHOLE)
            average, many = compose("round(avg({v}), 1)", v=value), _averaged(measure)
            reads = NEWEST_READS | {column} | _reads(where)
            return Measured(made, many, measure.of, partials, reads, value, average, NO_NUMBER)


def _growth(measure: Measure, growth: Growth, relation: Relation) -> list[Measured]:
    ends = [(f"{measure.name}_{end.lower()}", end) for end in (growth.first, growth.last)]
    partials = tuple(Partial(name, newest(growth.column, Is(growth.by, end)), WORDS) for name, end in ends)
    reads = NEWEST_READS | {growth.column, growth.by}
    first, last = (compose("(({p})[3])::int", p=_p(name)) for name, _ in ends)
    both = compose("{a} IS NOT NULL AND {b} IS NOT NULL", a=first, b=last)
    any_result = compose("count({a}) + count({b}) > 0", a=_p(ends[0][0]), b=_p(ends[1][0]))
    how_many = compose("CASE WHEN {any} THEN count(*) FILTER (WHERE {both}) END", any=any_result, both=both)

    def made(name: str, label: str, value: Text) -> Measured:
        named = dataclasses.replace(measure, name=name, label=label)
        one, many = _column(named, Kind.WHOLE), _averaged(named)
        average = compose("round(avg({v}) FILTER (WHERE {both}), 1)", v=value, both=both)
        return Measured(one, many, measure.of, partials, reads, value, average, NO_NUMBER, how_many)

    who = f"Students with {growth.first} and {growth.last}"
    have_both = Column(f"{measure.name}_both", who, Kind.WHOLE, counts=True)
    return [
        Measured(have_both, have_both, measure.of, partials, reads, None, how_many, NO_NUMBER, how_many),
        made(*ends[0], first),
        made(*ends[1], last),
        made(measure.name, measure.label, compose("{b} - {a}", a=first, b=last)),
    ]


def _averaged(measure: Measure) -> Column:
    label = measure.label
    rest = label if label[:2].isupper() else label[:1].lower() + label[1:]
    return Column(measure.name, f"Average {rest}", Kind.DECIMAL, measure.about, counts=True)


def _column(measure: Measure, kind: Kind) -> Column:
    return Column(measure.name, measure.label, kind, measure.about, counts=True)


def _p(name: str) -> sql.Identifier:
    return sql.Identifier("p", name)


def _kind(relation: Relation, column: str) -> Kind:
    return Kind.DECIMAL if isinstance(relation.columns[column], models.DecimalField) else Kind.WHOLE


def _reads(where: Condition | None) -> frozenset[str]:
    return frozenset({where.column} if where else ())


def _filter(where: Condition | None) -> Text:
    return compose(" FILTER (WHERE {w})", w=_meets(where)) if where else sql.SQL("")


def _meets(where: Condition | None) -> Text:
    match where:
        case None:
            return sql.SQL("true")
        case Is(column=column, value=value):
            return compose("f.{c} = {v}", c=sql.Identifier(column), v=sql.Literal(value))
        case AboveZero(column=column):
            return compose("f.{c} > 0", c=sql.Identifier(column))
        case BelowZero(column=column):
            return compose("f.{c} < 0", c=sql.Identifier(column))
