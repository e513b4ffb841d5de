"""A sync's errors as a CSV file that opens in a spreadsheet safely."""

import itertools
import uuid
from collections.abc import Iterator

from rostering.models import SyncError
from tenants.spreadsheets import csv_lines

HEADER = ("file", "row", "column", "code", "value", "what is wrong and how to mend it")


def errors_as_csv(sync_id: uuid.UUID | str) -> Iterator[str]:
    """The lines of a sync's errors as CSV, with a header, some at a time; a formula is made plain text."""
    errors = SyncError.objects.filter(sync_id=sync_id).order_by("id").iterator(chunk_size=2000)
    rows = ((error.file, error.row, error.column, error.code, error.value, error.message) for error in errors)
    yield from csv_lines(itertools.chain([HEADER], rows))
