"""What leaves the district's own staff: nothing personal, no list, and small cells suppressed.

A number of fewer than ten students is left out, and with it what would give it away. The tables that outsiders may have
of a report are by grade, by school and of the whole district, so a number is suppressed by all three together: whatever
is left cannot be taken from each other. Filters that cut the tables otherwise are refused.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterator

from django.db import connection
from psycopg import sql

from archiving.cells.suppression import Cell, Line, suppressed_cells
from archiving.thresholds import PUBLISHED_CELL
from reports.yearend.compile.by_group import STUDENTS, by_group, counts, row_key
from reports.yearend.compile.frame import Frame, frame_of
from reports.yearend.compile.text import compose, listed
from reports.yearend.compile.totals import Built
from reports.yearend.measures import ByLatest
from reports.yearend.scope import Grain, Scope
from reports.yearend.words import Report, Totals

GRAINS = (Grain.GRADE, Grain.SCHOOL, Grain.DISTRICT)
TOTAL = ""
HIDDEN = "SELECT {columns}, {rest} FROM ({query}) AS t"
Counted = dict[str, dict[Cell, int]]
"""The numbers of students by the column that they stand behind, and by cell: year, product, value, grain, key.

What a cell is of stands after a "=", so that a blank value is none of the totals.
"""


def outsiders_scope(scope: Scope) -> Scope:
    """The scope without what outsiders may not filter by."""
    return Scope(
        scope.sight, scope.years, scope.as_of, product=scope.product, previous=scope.previous, for_outsiders=True
    )


def outsiders_table(report: Report, part: Totals, scope: Scope, grain: Grain) -> Built:
    """The table as outsiders may have it.

    Raises:
        ValueError: the scope is filtered by what would tell small numbers.
    """
    if scope != outsiders_scope(scope):
        raise ValueError("a report for outsiders is of years and products, not of a part of the district's students")
    frame = frame_of(report, part, scope, grain if grain in GRAINS else Grain.SCHOOL)
    if frame.grain not in GRAINS:
        frame = dataclasses.replace(frame, grain=Grain.SCHOOL)
    made = by_group(frame)
    hidden = {column: suppressed_cells(cells, _lines(frame, cells), PUBLISHED_CELL) for column, cells in
              _counted(frame).items()}  # fmt: skip
    return _without(frame, made, hidden)


def _counted(frame: Frame) -> Counted:
    """The numbers of students behind each column, of every table in which outsiders may read them."""
    grains = GRAINS if set(GRAINS) <= set(frame.part.grains) or frame.part.by is None else (frame.grain,)
    found: Counted = defaultdict(dict)
    for grain in grains:
        counting = counts(dataclasses.replace(frame, grain=grain, split=True))
        with connection.cursor() as cursor:
            cursor.execute(counting.query)
            for row in cursor:
                key, year, product, value = (f"={said}" for said in row[:4])
                cell = (year, product, value, *(("", "") if grain is Grain.DISTRICT else (grain.value, key)))
                for column, number in zip(counting.columns, row[4:], strict=True):
                    if number:  # nobody is behind a blank: there is nothing to suppress
                        found[column][cell] = number
    return _with_all_values(found) if isinstance(frame.part.by, ByLatest) else found


def _with_all_values(counted: Counted) -> Counted:
    """The numbers with their sums over the values, of which each student has one."""
    for cells in counted.values():
        for (year, product, _, grain, key), number in list(cells.items()):
            total = (year, product, TOTAL, grain, key)
            cells[total] = cells.get(total, 0) + number
    return counted


def _lines(frame: Frame, cells: dict[Cell, int]) -> Iterator[tuple[Cell, Line]]:
    """Every total with the numbers that add up to it: schools, grades, and values where a student has one."""
    across: dict[Cell, set[Cell]] = defaultdict(set)
    for cell in cells:
        year, product, value, grain, key = cell
        if grain:
            across[(year, product, value, "", "")].add(cell)
        if value and isinstance(frame.part.by, ByLatest):
            across[(year, product, TOTAL, grain, key)].add(cell)
    for total, parts in across.items():
        for grain in sorted({cell[3] for cell in parts}):
            for is_value in (False, True):
                line = frozenset(c for c in parts if c[3] == grain and (c[2] != total[2]) is is_value)
                if line and total in cells:
                    yield total, line


def _without(frame: Frame, made: Built, hidden: dict[str, frozenset[Cell]]) -> Built:
    """The table without its personal columns, and without the numbers that are hidden."""
    columns = tuple(column for column in made.columns if not column.personal)
    everywhere = _row_keys(frame, hidden.get(STUDENTS.name, frozenset()))
    values = []
    for column in columns:
        name = sql.Identifier("t", column.name)
        if not column.counts:
            values.append(compose("{n}", n=name))
            continue
        keys = sql.Literal(sorted(everywhere | _row_keys(frame, hidden.get(column.name, frozenset()))))
        case = "CASE WHEN t.row_key = ANY({keys}::text[]) THEN NULL ELSE {n} END AS {c}"
        values.append(compose(case, keys=keys, n=name, c=sql.Identifier(column.name)))
    rest = [sql.Identifier(f"place_{number}") for number in range(made.places)] + [sql.Identifier("row_key")]
    query = compose(HIDDEN, columns=listed(values), rest=listed(rest), query=made.query)
    return dataclasses.replace(made, columns=columns, query=query)


def _row_keys(frame: Frame, cells: frozenset[Cell]) -> set[str]:
    """The rows of the table in which a hidden number is: one that is of several products is hidden with any of them."""
    grain = "" if frame.grain is Grain.DISTRICT else frame.grain.value
    return {
        row_key(frame, *(said.removeprefix("=") for said in (key, year, product, value)))
        for year, product, value, at, key in cells
        if at == grain and value != TOTAL
    }
