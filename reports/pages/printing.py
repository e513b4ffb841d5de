"""A report for printing: the first rows of each of its tables."""

from dataclasses import dataclass

from reports.asking.reading import Reading
from reports.downloads import terms
from reports.pages.table import Row, rows_of
from reports.yearend.columns import Column
from reports.yearend.compile import page_of
from reports.yearend.scope import Grain


@dataclass(frozen=True)
class Printed:
    """One table.

    Attributes:
        is_whole: whether all of its rows are here.
    """

    title: str
    note: str
    columns: tuple[Column, ...]
    rows: list[Row]
    is_whole: bool


def printed(reading: Reading) -> list[Printed]:
    """The table that is looked at, up to as many rows as a page for printing has."""
    part, grain = reading.part, Grain(reading.grain)
    shown = page_of(reading.report, part, reading.scope, grain, None, terms.PRINTED_ROWS)
    return [Printed(part.title, part.note, shown.columns, rows_of(shown.columns, shown.rows), shown.next is None)]
