"""Measures in plain Python, of one student's rows and of many students'."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

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
from tests.reports.yearend.world import Row


def rounded(value: Fraction | None) -> Decimal | None:
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def mean(values: Iterable[Any]) -> Fraction | None:
    found = [Fraction(value) for value in values if value is not None]
    return sum(found, Fraction()) / len(found) if found else None


def newest(rows: list[Row]) -> Row:
    return max(rows, key=lambda row: (row["occurred_on"], str(row["id"])))


def meets(where: Condition | None) -> Callable[[Row], bool]:
    match where:
        case None:
            return lambda row: True
        case Is(column=column, value=value):
            return lambda row: bool(row[column] == value)
        case AboveZero(column=column):
            return lambda row: bool(row[column] > 0)
        case BelowZero(column=column):
            return lambda row: bool(row[column] < 0)


def each_student(rows: list[Row]) -> list[list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["student_id"]].append(row)
    return list(found.values())


def last_of(rows: list[Row], column: str, where: Condition | None = None) -> Any:
    fitting = [row for row in rows if row[column] is not None and meets(where)(row)]
    return newest(fitting)[column] if fitting else None


def added(what: Count | Sum, rows: list[Row]) -> Any:
    if not rows:
        return None
    fitting = [row for row in rows if meets(what.where)(row)]
    if isinstance(what, Count):
        return len(fitting)
    total = sum(row[what.column] for row in fitting)
    return -total if what.turned else total


def of_all(measure: Measure, rows: list[Row]) -> Any:
    """What is the same of one student and of many: made of the rows alone."""
    match measure.what:
        case Count() | Sum():
            return added(measure.what, rows)
        case Share(where=where):
            return rounded(mean(100 * meets(where)(row) for row in rows))
        case Mean(column=column):
            return rounded(mean(row[column] for row in rows))
        case LastDay():
            return max((row["occurred_on"] for row in rows), default=None)
    raise AssertionError(measure)


def of_student(measure: Measure, rows: list[Row]) -> list[Any]:
    match measure.what:
        case PerStudent() | ShareOfStudents():
            return []
        case Last(column=column, where=where):
            return [last_of(rows, column, where)]
        case LastWord(column=column):
            return [last_of(rows, column)]
        case Growth() as growth:
            first, last = (last_of(rows, growth.column, Is(growth.by, end)) for end in (growth.first, growth.last))
            return [first, last, None if first is None or last is None else last - first]
    return [of_all(measure, rows)]


def of_nameless(measure: Measure, rows: list[Row]) -> list[Any]:
    match measure.what:
        case PerStudent() | ShareOfStudents():
            return []
        case Last() | LastWord():
            return [None]
        case Growth():
            return [None, None, None]
    return [of_all(measure, rows)]


def of_students(measure: Measure, rows: list[Row]) -> list[Any]:
    match measure.what:
        case LastWord() | ShareOfStudents():
            return []
        case PerStudent(of=of):
            return [rounded(mean(added(of, own) for own in each_student(rows)))]
        case Last(column=column, where=where):
            return [rounded(mean(last_of(own, column, where) for own in each_student(rows)))]
        case Growth() as growth:
            ends = [
                tuple(last_of(own, growth.column, Is(growth.by, end)) for end in (growth.first, growth.last))
                for own in each_student(rows)
            ]
            both = [(first, last) for first, last in ends if first is not None and last is not None]
            known = any(end is not None for each in ends for end in each)
            averages = [mean(f for f, _ in both), mean(la for _, la in both), mean(la - f for f, la in both)]
            return [len(both) if known else None, *(rounded(average) for average in averages)]
    return [of_all(measure, rows)]
