"""A report's heading and values in words: on Excel's first sheet, on paper and in drawings alike."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.dateformat import format as in_words

from reports.yearend.columns import Column, Kind
from reports.yearend.sheet import Heading
from tenants.templatetags.words import DASH, short_day


def moment(at: dt.datetime) -> str:
    """A time with its zone, as it is spoken of in the United States.

    >>> moment(dt.datetime(2026, 7, 28, 15, 5, tzinfo=dt.UTC))
    'July 28, 2026, 3:05 PM UTC'
    """
    return str(in_words(at, "F j, Y, g:i A T"))


def heading_pairs(heading: Heading) -> tuple[tuple[str, str], ...]:
    """What a reader must know before the first number: whose it is, of when, of whom, and made when."""
    return (
        ("District", heading.district),
        ("Made for", heading.audience),
        ("Period", heading.period),
        *(heading.filters or (("Filters", "None: everything is in it"),)),
        ("Made", moment(heading.made_at)),
    )


def rows_word(count: int) -> str:
    """How many rows, in words.

    >>> rows_word(1), rows_word(12345)
    ('1 row', '12,345 rows')
    """
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def cell_words(column: Column, value: Any) -> str:
    """A value as people read it; a dash where there is none.

    >>> cell_words(Column("a", "A", Kind.WHOLE), 12345), cell_words(Column("a", "A", Kind.PERCENT), 87.54)
    ('12,345', '87.5%')
    """
    if value is None:
        return DASH
    return WORDS[column.kind](value)


WORDS: Final[Mapping[Kind, Callable[[Any], str]]] = {
    Kind.TEXT: str,
    Kind.WHOLE: lambda value: f"{round(value):,}",
    Kind.DECIMAL: lambda value: f"{value:,.1f}",
    Kind.PERCENT: lambda value: f"{value:.1f}%",
    Kind.DATE: short_day,
    Kind.YES_NO: lambda value: "Yes" if value else "No",
}
