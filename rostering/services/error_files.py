"""A sync's errors as a CSV file that opens in a spreadsheet safely."""

import csv
import uuid
from collections.abc import Iterator

from rostering.models import SyncError

HEADER = ("file", "row", "column", "code", "value", "what is wrong and how to mend it")
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def errors_as_csv(sync_id: uuid.UUID | str) -> Iterator[str]:
    """The lines of a sync's errors as CSV, with a header, some at a time; a formula is made plain text."""
    echo = _Echo()
    writer = csv.writer(echo)
    yield writer.writerow(HEADER)
    errors = SyncError.objects.filter(sync_id=sync_id).order_by("id")
    for error in errors.iterator(chunk_size=2000):
        row = (error.file, error.row, error.column, error.code, error.value, error.message)
        yield writer.writerow([neutralised(value) for value in row])


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
