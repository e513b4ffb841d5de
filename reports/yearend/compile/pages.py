"""One page of a table, by key: quick at any size by student and by class; by grade and school as the whole table."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from psycopg import sql

from products.datamap import columns_of
from reports.yearend.columns import Column
from reports.yearend.compile.by_group import by_group, section_conditions
from reports.yearend.compile.by_student import by_student
from reports.yearend.compile.conditions import only_students
from reports.yearend.compile.frame import Frame, frame_of
from reports.yearend.compile.listing import ListFrame, as_list
from reports.yearend.compile.outsiders import outsiders_table
from reports.yearend.compile.people import enrolled
from reports.yearend.compile.sheets import parts_for, whole
from reports.yearend.compile.students import after_student, categories_of, next_students, there_is
from reports.yearend.compile.text import Text, all_of, compose, listed, roster
from reports.yearend.compile.totals import Built
from reports.yearend.scope import Grain, Scope
from reports.yearend.words import Listing, Part, Report
from rostering.models import Section

SECTIONS = """
SELECT c.id FROM {section} AS c JOIN {school} AS o ON o.id = c.school_id
WHERE {where} AND EXISTS (
    SELECT FROM {enrollment} AS e JOIN {student} AS st ON st.id = e.student_id
    WHERE e.section_id = c.id AND {enrolled} AND ({there}) OFFSET 0)
ORDER BY o.name, c.title, c.id LIMIT {limit}
"""
OF_SECTIONS = "ARRAY(SELECT e.student_id FROM {enrollment} AS e WHERE e.section_id = ANY({sections}))"
NAMELESS = """
ARRAY(SELECT s.id FROM {student} AS s WHERE NOT EXISTS (SELECT FROM {identity} AS i WHERE i.student_id = s.id))
"""
NUMBERED = """
WITH t AS (SELECT *, row_number() OVER (ORDER BY {order}) AS place FROM ({query}) AS t ORDER BY place LIMIT {most})
SELECT {columns}, row_key FROM t
WHERE place > coalesce((SELECT place FROM t WHERE row_key = {after}), 0) ORDER BY place LIMIT {limit}
"""
PICKED = """
(SELECT f.* FROM {identity} AS i CROSS JOIN LATERAL (
    SELECT * FROM ({rows}) AS f ORDER BY f.occurred_on, f.id LIMIT {limit}
 ) AS f WHERE {where} ORDER BY i.family_name, i.given_name, i.student_id, f.occurred_on, f.id LIMIT {limit})
"""


@dataclass(frozen=True)
class Page:
    """One page of a table.

    Attributes:
        rows: values in the columns' order.
        next: the key from which the next page goes on; None on the last. It is an identifier: nothing personal.
    """

    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]
    next: str | None


def page_of(report: Report, part: Part, scope: Scope, grain: Grain, after: str | None = None, limit: int = 25) -> Page:
    """A page of a table, in the order of the whole one.

    Args:
        after: the key that the page before gave; one that is unknown by now begins at the first.
        limit: how many rows; by student and by class how many of these, with all their rows.

    Raises:
        LookupError: the scope's readers have no such part.
    """
    if part not in parts_for(report, scope):
        raise LookupError(f"{part.code} of {report.code} is not for these readers")
    if isinstance(part, Listing):
        return _page_of_list(ListFrame(report, part, scope), after, limit)
    if scope.for_outsiders:
        return _page_of_rows(outsiders_table(report, part, scope, grain), after, limit)
    frame = frame_of(report, part, scope, grain)
    if frame.grain is Grain.STUDENT:
        return _page_of_students(frame, _whole_number(after), limit)
    if frame.grain is Grain.SECTION:
        return _page_of_sections(frame, _whole_number(after), limit)
    return _page_of_rows(by_group(frame), after, limit)


def _page_of_students(frame: Frame, after: int | None, limit: int) -> Page:
    """The students of the page are chosen first; whoever has no name stands in one row at the end of the last page."""
    found = next_students(frame.report, frame.part, frame.scope, after, limit)
    chosen = found[:limit]
    made = by_student(_only(frame, _keys(chosen)), nameless=False)
    rows = _rows(whole(made)) if chosen else []
    if len(found) > limit:
        return Page(made.columns, rows, str(chosen[-1]))
    nameless = compose(NAMELESS, student=roster("student"), identity=roster("studentidentity"))
    rows += _rows(whole(by_student(_only(frame, nameless), named=False)))
    return Page(made.columns, rows, None)


def _page_of_sections(frame: Frame, after: int | None, limit: int) -> Page:
    found = _next_sections(frame, after, limit)
    chosen = found[:limit]
    students = compose(OF_SECTIONS, enrollment=roster("enrollment"), sections=_keys(chosen))
    made = by_group(dataclasses.replace(frame, students=students, sections=tuple(chosen)))
    rows = _rows(whole(made)) if chosen else []
    return Page(made.columns, rows, str(chosen[-1]) if len(found) > limit else None)


def _next_sections(frame: Frame, after: int | None, limit: int) -> list[int]:
    """The next classes with somebody of whom there is something in the scope, by school and title."""
    who, year = sql.SQL("e.student_id"), sql.SQL("c.school_year")
    there = [there_is(frame.report, each, frame.scope, who, year) for each in categories_of(frame.report, frame.part)]
    conditions = section_conditions(frame)
    if frame.own.is_fact:
        conditions.append(compose("c.school_year = ANY({y})", y=sql.Literal(list(frame.scope.years))))
    last = Section.objects.filter(pk=after).values_list("school__name", "title").first() if after else None
    if last:
        school, title = (sql.Literal(name) for name in last)
        place = {"school": school, "title": title, "key": sql.Literal(after)}
        conditions.append(compose("(o.name, c.title, c.id) > ({school}, {title}, {key})", **place))
    query = compose(
        SECTIONS,
        section=roster("section"),
        school=roster("school"),
        enrollment=roster("enrollment"),
        student=roster("student"),
        enrolled=enrolled(),
        where=all_of(conditions),
        there=listed(there, " OR "),
        limit=sql.Literal(limit + 1),
    )
    return [int(key) for (key,) in _rows(query)]


def _page_of_list(frame: ListFrame, after: str | None, limit: int) -> Page:
    """The students are walked by name, and of each the rows by day, until the page is full."""
    mine = sql.SQL("i.student_id")
    same = compose("{s} = i.student_id", s=frame.own.standing("student_id"))
    more, begin = [same], []
    student = _whole_number((after or "").partition("~")[0])
    if student is not None:
        begin = after_student(student, ">=")
        day, key = _anchor(frame, after or "")
        if begin and day is not None:
            place = compose("({d}, {k})", d=frame.own.standing("occurred_on"), k=frame.own.standing("id"))
            anchor = {"s": sql.Literal(student), "p": place, "day": sql.Literal(day), "key": sql.Literal(key)}
            more.append(compose("(i.student_id <> {s} OR {p} > ({day}, {key}))", **anchor))
    picked = compose(
        PICKED,
        identity=roster("studentidentity"),
        rows=frame.rows(frame.conditions(*more)),
        where=all_of([*only_students(mine, frame.own, frame.scope), *begin]),
        limit=sql.Literal(limit + 1),
    )
    made = as_list(frame, picked)
    query = compose("SELECT {c}, row_key FROM ({q}) AS t ORDER BY {o}", c=made.names, q=made.query, o=made.order)
    return _cut(made, _rows(query), limit)


def _anchor(frame: ListFrame, after: str) -> tuple[dt.date | None, Any]:
    """The day and key of the last row of the page before; None where it is gone."""
    _, _, rest = after.partition("~")
    year, _, key = rest.partition("~")
    number = _whole_number(year)
    model = frame.own.table.model
    if number is None:
        return None, None
    try:
        value = columns_of(model)["id"].to_python(key)
    except ValidationError:
        return None, None
    conditions: list[Text] = [compose("f.id = {k}", k=sql.Literal(value))]
    if frame.own.is_fact:
        conditions.append(compose("f.school_year = {y}", y=sql.Literal(number)))
    found = _rows(frame.own.rows(["occurred_on"], dict.fromkeys(frame.own.tables, conditions)))
    return (found[0][0], value) if found else (None, None)


def _page_of_rows(made: Built, after: str | None, limit: int) -> Page:
    query = compose(
        NUMBERED,
        order=made.order,
        query=made.query,
        columns=made.names,
        most=made.limit,
        after=sql.Literal(after or ""),
        limit=sql.Literal(limit + 1),
    )
    return _cut(made, _rows(query), limit)


def _cut(made: Built, rows: list[tuple[Any, ...]], limit: int) -> Page:
    """The page without its row keys, and the last one's if more follow."""
    key = str(rows[limit - 1][-1]) if len(rows) > limit else None
    return Page(made.columns, [row[:-1] for row in rows[:limit]], key)


def _only(frame: Frame, students: Text) -> Frame:
    return dataclasses.replace(frame, students=students)


def _keys(keys: list[int]) -> Text:
    return compose("{k}::bigint[]", k=sql.Literal(keys))


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _rows(query: sql.Composed) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
