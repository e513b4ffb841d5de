"""One page of a table, by key: quick at any size but by grade and of the district, which are the whole table."""

import dataclasses
import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from psycopg import sql

from accounts.pages import whole_number
from products.datamap import columns_of
from reports.yearend.compile.by_group import by_group
from reports.yearend.compile.by_student import by_student
from reports.yearend.compile.frame import Frame, frame_of
from reports.yearend.compile.group_pages import page_of_schools, page_of_sections
from reports.yearend.compile.listing import ListFrame, as_list
from reports.yearend.compile.outsiders import outsiders_table
from reports.yearend.compile.page import Page, bigints, cut, rows_after, rows_in
from reports.yearend.compile.sheets import parts_for, whole
from reports.yearend.compile.students import after_student, categories_of, next_students
from reports.yearend.compile.text import Text, compose, roster
from reports.yearend.scope import Grain, Scope
from reports.yearend.words import Listing, Part, Report

NAMELESS = """
ARRAY(SELECT s.id FROM {student} AS s WHERE NOT EXISTS (SELECT FROM {identity} AS i WHERE i.student_id = s.id))
"""
PICKED = """
(SELECT f.* FROM {identity} AS i CROSS JOIN LATERAL (
    SELECT * FROM ({rows}) AS f ORDER BY f.occurred_on, f.id LIMIT {limit}
 ) AS f WHERE {where} ORDER BY i.family_name, i.given_name, i.student_id, f.occurred_on, f.id LIMIT {limit})
"""


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
        made = outsiders_table(report, part, scope, grain)
        return cut(made, rows_after(made, after, limit), limit)
    frame = frame_of(report, part, scope, grain)
    if frame.grain is Grain.STUDENT:
        return _page_of_students(frame, whole_number(after or ""), limit)
    if frame.grain is Grain.SECTION:
        return page_of_sections(frame, whole_number(after or ""), limit)
    few = (scope.sight.educator_id, scope.section, scope.group, scope.student)  # of few, all is read at once
    if frame.grain is Grain.SCHOOL and part.most is None and few == (None,) * len(few):
        return page_of_schools(frame, after, limit)
    made = by_group(frame)
    return cut(made, rows_after(made, after, limit), limit)


def _page_of_students(frame: Frame, after: int | None, limit: int) -> Page:
    """The students of the page are chosen first; whoever has no name stands in one row at the end of the last page."""
    relations = categories_of(frame.report, frame.part)
    found = next_students(frame.report, relations, frame.scope, after_student(after), limit + 1)
    chosen = found[:limit]
    made = by_student(_only(frame, bigints(chosen)), nameless=False)
    rows = rows_in(whole(made)) if chosen else []
    if len(found) > limit:
        return Page(made.columns, rows, str(chosen[-1]))
    nameless = compose(NAMELESS, student=roster("student"), identity=roster("studentidentity"))
    rows += rows_in(whole(by_student(_only(frame, nameless), named=False)))
    return Page(made.columns, rows, None)


def _page_of_list(frame: ListFrame, after: str | None, limit: int) -> Page:
    """The students are chosen first, then of each the rows by day, until the page is full."""
    more, begin = [compose("{s} = i.student_id", s=frame.own.standing("student_id"))], []
    student = whole_number((after or "").partition("~")[0])
    if student is not None:
        begin = after_student(student, ">=")
        day, key = _anchor(frame, after or "")
        if begin and day is not None:
            place = compose("({d}, {k})", d=frame.own.standing("occurred_on"), k=frame.own.standing("id"))
            anchor = {"s": sql.Literal(student), "p": place, "day": sql.Literal(day), "key": sql.Literal(key)}
            more.append(compose("(i.student_id <> {s} OR {p} > ({day}, {key}))", **anchor))
    # Each has a row, but for whom the page before ended with: so many fill the page and show that more follows.
    chosen = next_students(frame.report, [frame.own], frame.scope, begin, limit + 2)
    picked = compose(
        PICKED,
        identity=roster("studentidentity"),
        rows=frame.rows(frame.conditions(*more)),
        where=compose("i.student_id = ANY({k})", k=bigints(chosen)),
        limit=sql.Literal(limit + 1),
    )
    made = as_list(frame, picked)
    query = compose("SELECT {c}, row_key FROM ({q}) AS t ORDER BY {o}", c=made.names, q=made.query, o=made.order)
    return cut(made, rows_in(query), limit)


def _anchor(frame: ListFrame, after: str) -> tuple[dt.date | None, Any]:
    """The day and key of the last row of the page before; None where it is gone."""
    _, _, rest = after.partition("~")
    year, _, key = rest.partition("~")
    number = whole_number(year)
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
    found = rows_in(frame.own.rows(["occurred_on"], dict.fromkeys(frame.own.tables, conditions)))
    return (found[0][0], value) if found else (None, None)


def _only(frame: Frame, students: Text) -> Frame:
    return dataclasses.replace(frame, students=students)
