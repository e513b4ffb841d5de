"""What stands above a report, as pairs of words: on Excel's first sheet and on paper alike."""

import datetime as dt

from django.utils.dateformat import format as in_words

from reports.yearend.sheet import Heading


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
        ("For", heading.audience),
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
