"""Lines as CSV that opens in a spreadsheet safely, some at a time; in Python, and by PostgreSQL."""

import csv
from collections.abc import Iterable, Iterator
from typing import Final

from psycopg import sql

RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a text begins with that a spreadsheet takes for a formula, or strips to find one."""


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


def neutralised_sql(text: sql.Composable) -> sql.Composed:
    """An SQL expression for what `neutralised` makes of a text; NULL stays NULL.

    Args:
        text: an expression of type text; it stands four times in what is returned.
    """
    codes = [sql.Literal(ord(sign)) for sign in RISKY]
    highest = sql.Literal(max(map(ord, RISKY)))  # asked first: what begins with a letter costs one comparison
    expression = (
        "CASE WHEN ascii({text}) <= {highest} AND ascii({text}) IN ({codes}) THEN '''' || {text} ELSE {text} END"
    )
    return sql.SQL(expression).format(text=text, highest=highest, codes=sql.SQL(", ").join(codes))


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
