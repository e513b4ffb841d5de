"""What is drawn: the labels and series that a specification picks from a table's rows, and a sentence that tells it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from reports.formats.words import cell_words
from reports.yearend.columns import Column, Kind
from reports.yearend.sheet import ChartKind, ChartSpec

MOST_LABELS: Final = 40
"""More are no drawing any more: the table says it better."""
LARGEST: Final = 1e15


@dataclass(frozen=True)
class Series:
    """The numbers of a column, in the rows' order; None where there is none."""

    column: Column
    values: tuple[float | None, ...]

    def words(self, value: float) -> str:
        """A number as it is written beside its bar."""
        return cell_words(self.column, value)


@dataclass(frozen=True)
class Data:
    """What is drawn."""

    spec: ChartSpec
    labels: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def numbers(self) -> list[float]:
        """All that is known."""
        return [value for each in self.series for value in each.values if value is not None]

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing between two whole numbers."""
        return all(each.column.kind == Kind.WHOLE for each in self.series)

    @property
    def unit(self) -> str:
        """Of the axis."""
        return self.spec.unit or (self.series[0].column.label if len(self.series) == 1 else "")

    def tick_words(self, tick: float, digits: int) -> str:
        """A tick of the axis."""
        is_percent = all(each.column.kind == Kind.PERCENT for each in self.series)
        return f"{tick:,.{digits}f}{'%' if is_percent else ''}"

    def told(self) -> str:
        """The drawing in sentences, for those who do not see it."""
        kind = "A line" if self.spec.kind == ChartKind.LINE else "Bars"
        if len(self.series) > 1:
            kind = "Lines" if self.spec.kind == ChartKind.LINE else "Groups of bars"
        told = [f"{kind} with {len(self.labels)} {'value' if len(self.labels) == 1 else 'values'} each."]
        for each in self.series:
            known = [(value, label) for value, label in zip(each.values, self.labels, strict=True) if value is not None]
            if known:
                low, high = min(known), max(known)
                range_ = f"from {each.words(low[0])} ({low[1]}) to {each.words(high[0])} ({high[1]})"
                told.append(f"{each.column.label}: {range_}.")
        return " ".join([*told, "The numbers are in the table."])


def data_of(spec: ChartSpec, rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> Data | None:
    """What is drawn of a table; None where there are no numbers, or too many or too large ones.

    Raises:
        LookupError: the table has no such column.
    """
    places = {column.name: number for number, column in enumerate(columns)}
    label = places[spec.label]
    labels = tuple(cell_words(columns[label], row[label]) for row in rows)
    series = tuple(
        Series(columns[places[name]], tuple(_number(row[places[name]]) for row in rows)) for name in spec.series
    )
    found = Data(spec, labels, series)
    largest = max(map(abs, found.numbers), default=None)
    return found if largest is not None and largest < LARGEST and len(rows) <= MOST_LABELS else None


def _number(value: Any) -> float | None:
    number = None if value is None else float(value)
    return number if number is not None and math.isfinite(number) else None
