"""One page of a table by class or by school: of a large district only as many schools are read as the page shows."""

import dataclasses

from psycopg import sql

from accounts.pages import whole_number
from reports.yearend.compile.by_group import by_group, section_conditions
from reports.yearend.compile.frame import Frame
from reports.yearend.compile.page import Page, Row, bigints, cut, rows_after, rows_in
from reports.yearend.compile.people import enrolled
from reports.yearend.compile.schools import Schools
from reports.yearend.compile.sheets import whole
from reports.yearend.compile.students import categories_of, there_is
from reports.yearend.compile.text import Text, all_of, compose, listed, roster
from rostering.models import Section

SECTIONS = """
SELECT c.id FROM {section} AS c JOIN {school} AS o ON o.id = c.school_id
WHERE {where} AND EXISTS (
    SELECT FROM {enrollment} AS e JOIN {student} AS st ON st.id = e.student_id
    WHERE e.section_id = c.id AND {enrolled} AND ({there}) OFFSET 0)
ORDER BY o.name, c.title, c.id LIMIT {limit}
"""
OF_SECTIONS = "ARRAY(SELECT e.student_id FROM {enrollment} AS e WHERE e.section_id = ANY({sections}))"
CLASSES_OF, TOTALS_OF = 2, 9
"""Of so many schools a page reads at first: a school has more classes than a page, and often a few rows of totals."""
LARGER = 4
"""Where nothing was found, so many times as many schools are asked next: an empty page asks a handful of times."""


def page_of_sections(frame: Frame, after: int | None, limit: int) -> Page:
    """The classes of the page are chosen first, then only their students' rows are read."""
    found = _next_sections(frame, after, limit)
    chosen = found[:limit]
    students = compose(OF_SECTIONS, enrollment=roster("enrollment"), sections=bigints(chosen))
    made = by_group(dataclasses.replace(frame, students=students, sections=tuple(chosen)))
    rows = rows_in(whole(made)) if chosen else []
    return Page(made.columns, rows, str(chosen[-1]) if len(found) > limit else None)


def page_of_schools(frame: Frame, after: str | None, limit: int) -> Page:
    """Schools are read some at a time, by name, until the page is full; what is of no school comes at the end."""
    schools = Schools(frame.scope, whole_number(after.split("~")[1]) if after and "~" in after else None)
    is_fact = all(each.is_fact for each in frame.relations.values())
    rows: list[Row] = []
    size, asked = min(TOTALS_OF, limit), 0
    while True:
        keys: tuple[int | None, ...] = tuple(schools.take(size))
        if not schools.are_left and not is_fact:  # a fact was always recorded at a school
            keys = (*keys, None)
        made = by_group(dataclasses.replace(frame, schools=keys))
        rows += rows_after(made, after, limit - len(rows))
        if len(rows) > limit or not schools.are_left:
            return cut(made, rows, limit)
        asked += len(keys)
        missing = limit + 1 - len(rows)
        size = -(-missing * asked // len(rows)) + 1 if rows else size * LARGER


def _next_sections(frame: Frame, after: int | None, limit: int) -> list[int]:
    """The next classes with somebody of whom there is something in the scope, by school and title."""
    conditions = section_conditions(frame)
    if frame.own.is_fact:
        conditions.append(compose("c.school_year = ANY({y})", y=sql.Literal(list(frame.scope.years))))
    last = Section.objects.filter(pk=after).values_list("school__name", "title", "school_id").first() if after else None
    if last:
        school, title = (sql.Literal(name) for name in last[:2])
        place = {"school": school, "title": title, "key": sql.Literal(after)}
        conditions.append(compose("(o.name, c.title, c.id) > ({school}, {title}, {key})", **place))
    if frame.scope.sight.educator_id is not None:  # few classes, wherever they are
        return _sections(frame, conditions, limit + 1)
    found: list[int] = []
    schools, size = Schools(frame.scope, last[2] if last else None), CLASSES_OF
    while schools.are_left and len(found) <= limit:
        here = compose("c.school_id = ANY({s})", s=bigints(schools.take(size)))
        found += _sections(frame, [*conditions, here], limit + 1 - len(found))
        size *= LARGER
    return found


def _sections(frame: Frame, conditions: list[Text], limit: int) -> list[int]:
    who, year = sql.SQL("e.student_id"), sql.SQL("c.school_year")
    there = [there_is(frame.report, each, frame.scope, who, year) for each in categories_of(frame.report, frame.part)]
    query = compose(
        SECTIONS,
        section=roster("section"),
        school=roster("school"),
        enrollment=roster("enrollment"),
        student=roster("student"),
        enrolled=enrolled(),
        where=all_of(conditions),
        there=listed(there, " OR "),
        limit=sql.Literal(limit),
    )
    return [int(key) for (key,) in rows_in(query)]
