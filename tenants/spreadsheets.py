"""Lines as CSV that opens in a spreadsheet safely, some at a time."""

import csv
from collections.abc import Iterable, Iterator

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Each row as a line of CSV; numbers stay numbers, and of everything else a formula is made plain text."""
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([value if isinstance(value, int | float) else neutralised(value) for value in row])


def neutralised(value: object) -> str:
    """A value that a spreadsheet will not take for a formula.

    >>> neutralised("=1+1"), neutralised(None), neutralised("plain")
    ("'=1+1", '', 'plain')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) else text


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
