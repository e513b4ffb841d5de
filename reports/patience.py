"""How long a page waits for the database: numbers that take longer follow the page, or are taken as a file."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

LIMIT = "SELECT set_config('statement_timeout', %s, true)"
BEFORE = f"SELECT current_setting('statement_timeout'), ({LIMIT})"


class TooSlowError(Exception):
    """A query took longer than there is patience for. It was cancelled, and nothing else was undone."""


@contextmanager
def patience(milliseconds: int) -> Iterator[None]:
    """Read with a limit on how long each query may take.

    Raises:
        TooSlowError: one took longer.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(BEFORE, [f"{milliseconds}ms"])
            before = cursor.fetchone()[0]
            yield
            cursor.execute(LIMIT, [before])  # where a transaction goes on around this one
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooSlowError from error
        raise
