"""A table as a query with typed columns: what a page shows a part of, and a file holds whole."""

import datetime as dt
import enum
from dataclasses import dataclass

from psycopg import sql

from reports.yearend.columns import Column


class ChartKind(enum.StrEnum):
    """How numbers are drawn."""

    BARS = "bars"
    GROUPED = "grouped"
    LINE = "line"


@dataclass(frozen=True)
class ChartSpec:
    """A drawing of a sheet; the sheet is the table behind it.

    Attributes:
        label: the column that names a bar or a point.
        series: the columns that are drawn.
        unit: of the numbers, for the axis and the description.
    """

    kind: ChartKind
    title: str
    label: str
    series: tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True)
class Sheet:
    """One table of a report.

    Attributes:
        code: lower case with hyphens; a file's name and an Excel sheet's.
        columns: in the query's order.
        query: schema-qualified SQL with its values in it, which selects these columns in a fixed order of rows.
        chart: how it is drawn, where it is small enough to be.
        note: what a reader must know, in a sentence.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    query: sql.Composed
    chart: ChartSpec | None = None
    note: str = ""


@dataclass(frozen=True)
class Heading:
    """What stands above a report, on a page, on paper and in a file.

    Attributes:
        period: the school years, or days, in words.
        filters: (what, value) in words; empty when everything is in it.
        made_at: aware, in the district's zone.
        audience: for whom it was made: "District", a school's name, "Own sections".
    """

    district: str
    title: str
    period: str
    filters: tuple[tuple[str, str], ...]
    made_at: dt.datetime
    audience: str
    about: str = ""
