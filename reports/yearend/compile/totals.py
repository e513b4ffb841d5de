"""A table of totals as SQL: a student's rows are put together first, then the students of a class, grade or school.

So each student counts once in each row, and a query over everything is two aggregates by hash, whatever it measures.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from psycopg import sql

from reports.yearend.columns import Column
from reports.yearend.compile.breakdown import Breakdown, breakdown
from reports.yearend.compile.conditions import where
from reports.yearend.compile.frame import Frame
from reports.yearend.compile.measuring import Partial
from reports.yearend.compile.relation import Relation
from reports.yearend.compile.text import Text, compose, listed
from reports.yearend.scope import Grain

OF_STUDENT = "SELECT {keys}, {partials} FROM ({rows}) AS f GROUP BY {group}"
TOGETHER = "SELECT {keys}, {partials} FROM ({each}) AS e GROUP BY {group}"
SCHOOLS = (
    Partial("school_low", sql.SQL("min(f.school_id)"), "bigint"),
    Partial("school_high", sql.SQL("max(f.school_id)"), "bigint"),
)
"""At which schools a student's rows were recorded: one name, or several."""


@dataclass(frozen=True)
class Built:
    """A table as SQL.

    Attributes:
        query: the columns, then what rows are ordered by (`place_0` and so on) and `row_key`, what a row is known by.
        places: how many columns rows are ordered by.
        most: only so many rows, those with the most in the column `first`.
    """

    columns: tuple[Column, ...]
    query: sql.Composed
    places: int
    most: int | None = None
    first: str = ""

    @property
    def order(self) -> sql.Composed:
        """What rows are ordered by."""
        places: list[Text] = [sql.Identifier(f"place_{number}") for number in range(self.places)]
        if self.most is not None:
            places.insert(0, compose("{f} DESC NULLS LAST", f=sql.Identifier(self.first)))
        return listed(places)

    @property
    def limit(self) -> sql.Composable:
        """How many rows there are at most."""
        return sql.Literal(self.most) if self.most is not None else sql.SQL("ALL")

    @property
    def names(self) -> sql.Composed:
        """The columns' names, side by side."""
        return listed(sql.Identifier(column.name) for column in self.columns)


def placed(places: Iterable[Text]) -> sql.Composed:
    """The columns that rows are ordered by."""
    return listed(compose("{p} AS {n}", p=p, n=sql.Identifier(f"place_{n}")) for n, p in enumerate(places))


def broken_down(frame: Frame) -> Breakdown | None:
    """What the frame's table is broken down by."""
    return breakdown(frame.part.by, frame.own) if frame.part.by else None


def of_students(frame: Frame) -> sql.Composed:
    """SQL with a row for each student, school year and so on: the frame's keys, `by_value`, and the partials."""
    by = broken_down(frame)
    keys = ("student_id", *frame.keys, *(("by_value",) if by and by.key is not None else ()))
    parts = [_of_category(frame, code, own, by, keys) for code, own in frame.relations.items()]
    if len(parts) == 1:
        return parts[0]
    names = [partial.name for partial in _all_partials(frame, by)]
    return compose(
        TOGETHER,
        keys=_named(keys),
        group=_named(keys),
        each=listed(parts, " UNION ALL "),
        partials=listed(
            compose("{f}({n}) AS {n}", f=sql.SQL("min" if name == "school_low" else "max"), n=sql.Identifier(name))
            for name in names
        ),
    )


def _of_category(frame: Frame, code: str, own: Relation, by: Breakdown | None, keys: tuple[str, ...]) -> sql.Composed:
    reads = {"student_id", *frame.keys, *(by.reads if by else ())}
    if frame.grain is Grain.STUDENT:
        reads.add("school_id")
    made = []
    for partial in _all_partials(frame, by):
        reader = _readers(frame, by, code).get(partial.name)
        if reader is None:
            made.append(compose("NULL::{t} AS {n}", t=sql.SQL(partial.type), n=sql.Identifier(partial.name)))
        else:
            reads |= reader
            made.append(compose("{v} AS {n}", v=partial.of_rows, n=sql.Identifier(partial.name)))
    conditions = where(frame.report, own, frame.scope)
    for table in conditions:
        conditions[table] += [*frame.only(own.standing("student_id")), *frame.at(own.standing("school_id"))]
    terms = [by.key if by and name == "by_value" and by.key is not None else sql.Identifier("f", name) for name in keys]
    return compose(
        OF_STUDENT,
        keys=listed(compose("{v} AS {n}", v=v, n=sql.Identifier(n)) for v, n in zip(terms, keys, strict=True)),
        partials=listed(made),
        rows=own.rows(sorted(reads), conditions),
        group=listed(sql.SQL(str(place)) for place in range(1, len(keys) + 1)),
    )


def _all_partials(frame: Frame, by: Breakdown | None) -> list[Partial]:
    found = {partial.name: partial for each in frame.measures for partial in each.partials}
    if by and by.latest is not None:
        found["by_latest"] = Partial("by_latest", by.latest, 'text[] COLLATE "C"')
    if frame.grain is Grain.STUDENT:
        found |= {partial.name: partial for partial in SCHOOLS}
    return list(found.values()) or [Partial("row_count", sql.SQL("count(*)"), "bigint")]


def _readers(frame: Frame, by: Breakdown | None, code: str) -> dict[str, frozenset[str]]:
    """Which partials a category makes, and the columns that each reads."""
    found = {
        partial.name: each.reads
        for each in frame.measures
        if (each.category or frame.part.category) == code
        for partial in each.partials
    }
    if by and by.latest is not None:
        found["by_latest"] = by.reads
    if frame.grain is Grain.STUDENT:
        found |= dict.fromkeys((partial.name for partial in SCHOOLS), frozenset({"school_id"}))
    return found or {"row_count": frozenset()}


def _named(names: Iterable[str]) -> Text:
    return listed(sql.Identifier("e", name) for name in names)
