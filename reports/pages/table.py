"""One table of a report as a page shows it: cells in words, aligned by their kind, paged by key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reports.yearend.columns import Column, Kind
from tenants.templatetags.words import DASH, short_day

SHORT = 14
"""Letters of a cell that keeps its line."""


@dataclass(frozen=True)
class Cell:
    """A cell: its words, and its column's label for narrow screens."""

    words: str
    label: str
    is_number: bool

    @property
    def classes(self) -> str:
        """Numbers stand to the right; what is short (a day, a school year) keeps its line."""
        return "num" if self.is_number else ("nowrap" if len(self.words) <= SHORT else "")


@dataclass(frozen=True)
class Row:
    """A row; its first cell names it."""

    head: Cell
    cells: tuple[Cell, ...]


def rows_of(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> list[Row]:
    """Rows as cells."""
    made = []
    for row in rows:
        cells = [
            Cell(words_of(value, column.kind), column.label, column.kind.is_number)
            for column, value in zip(columns, row, strict=True)
        ]
        made.append(Row(cells[0], tuple(cells[1:])))
    return made


def words_of(value: Any, kind: Kind) -> str:
    """A value in words; a dash for none.

    >>> words_of(1234, Kind.WHOLE), words_of(12.5, Kind.PERCENT), words_of(None, Kind.TEXT) == DASH
    ('1,234', '12.5 %', True)
    >>> words_of(True, Kind.YES_NO)
    'Yes'
    """
    if value is None or value == "":
        return DASH
    match kind:
        case Kind.WHOLE:
            return f"{int(value):,}"
        case Kind.DECIMAL | Kind.PERCENT:
            return _decimal(value) + (" %" if kind is Kind.PERCENT else "")
        case Kind.DATE:
            return short_day(value)
        case Kind.YES_NO:
            return "Yes" if value else "No"
        case _:
            return str(value)


def _decimal(value: Decimal | float) -> str:
    """One digit after the point, and none of a whole number."""
    text = f"{float(value):,.1f}"
    return text.removesuffix(".0")
