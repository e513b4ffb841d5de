"""Suppressing small cells so that no suppressed number can be computed from what is published.

The numbers of a school are tables by grade with one column per value, tied to each other by their totals. A cell under
the threshold is suppressed. Then, as long as the equations of the rows, columns and totals determine a suppressed
number, or leave a line too few to hide among, another number of that line is suppressed with it (the smallest that is
published). When nothing more is determined it ends: at the latest when nothing is published.
"""

from collections.abc import Iterable, Mapping
from typing import Final

Cell = tuple[str, ...]
"""A number's name: (table, grade, value), where an empty grade or value is a total over them."""
Line = frozenset[Cell]
PRIME: Final = 2**61 - 1
"""Elimination modulo a prime is exact enough: an equation of ones would have to vanish by it."""


def suppressed_cells(numbers: Mapping[Cell, int], lines: Iterable[tuple[Cell, Line]], least: int) -> frozenset[Cell]:
    """Which numbers must not be published.

    Args:
        numbers: every number by its name, totals included.
        lines: each total with the numbers that add up to it.
        least: a number under it is suppressed.
    """
    known = list(lines)
    hidden = {cell for cell, number in numbers.items() if number < least}
    while True:
        exposed = _thin_lines(numbers, known, hidden, least) or _determined(known, hidden)
        more = {best for line in exposed if (best := _smallest(numbers, line - hidden)) is not None}
        if not more:
            return frozenset(hidden)
        hidden |= more


def determined_cells(lines: Iterable[tuple[Cell, Line]], hidden: set[Cell] | frozenset[Cell]) -> set[Cell]:
    """The suppressed numbers that the published ones determine: none, if the suppression is sound."""
    order = sorted(hidden)
    place = {cell: number for number, cell in enumerate(order)}
    rows = []
    for total, parts in lines:
        row = dict.fromkeys((place[cell] for cell in parts & hidden), 1)
        if total in hidden:
            row[place[total]] = row.get(place[total], 0) - 1
        if row:
            rows.append(row)
    return {order[next(iter(row))] for row in _eliminated(rows) if len(row) == 1}


def _thin_lines(
    numbers: Mapping[Cell, int], lines: list[tuple[Cell, Line]], hidden: set[Cell], least: int
) -> list[Line]:
    """Lines with a published total whose suppressed numbers together are few: their sum says too much."""
    found = []
    for total, parts in lines:
        gone = parts & hidden
        if gone and total not in hidden and (len(gone) == 1 or sum(numbers[cell] for cell in gone) < least):
            found.append(parts | {total})
    return found


def _determined(lines: list[tuple[Cell, Line]], hidden: set[Cell]) -> list[Line]:
    exposed = determined_cells(lines, hidden)
    return [parts | {total} for total, parts in lines if exposed & (parts | {total})]


def _smallest(numbers: Mapping[Cell, int], cells: frozenset[Cell]) -> Cell | None:
    """The smallest number of a line that is still published, a total last: it says most."""
    return min(cells, key=lambda cell: ("" in cell, numbers[cell], cell), default=None)


def _eliminated(rows: list[dict[int, int]]) -> list[dict[int, int]]:
    """The reduced rows of a system of equations: a row with one number left determines it."""
    done: dict[int, dict[int, int]] = {}
    for row in rows:
        left = {column: value % PRIME for column, value in row.items() if value % PRIME}
        for column in [column for column in left if column in done]:
            if column in left:
                left = _less(left, done[column], left[column])
        left = _reduced(left, done)
        if not left:
            continue
        pivot = min(left)
        inverse = pow(left[pivot], -1, PRIME)
        left = {column: value * inverse % PRIME for column, value in left.items()}
        for other, old in done.items():
            if pivot in old:
                done[other] = _less(old, left, old[pivot])
        done[pivot] = left
    return list(done.values())


def _reduced(row: dict[int, int], done: dict[int, dict[int, int]]) -> dict[int, int]:
    while (found := next((column for column in row if column in done), None)) is not None:
        row = _less(row, done[found], row[found])
    return row


def _less(row: dict[int, int], other: dict[int, int], times: int) -> dict[int, int]:
    new = dict(row)
    for column, value in other.items():
        new[column] = (new.get(column, 0) - times * value) % PRIME
    return {column: value for column, value in new.items() if value}
