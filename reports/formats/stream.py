"""What PostgreSQL copies out, relayed as it comes: at its pace, and in the memory of one block.

The connection is Django's own, so what is read is what the caller's transaction sees; outside of one the statement
has a snapshot of its own, and a file is of one moment either way. A streaming answer begins to read when the view and
the middleware are done with the connection, and Django gives it back only when the answer is closed.
"""

import select
from collections.abc import Generator
from typing import Final

from django.db import connection
from psycopg import Copy, sql
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

BLOCK: Final = 1 << 16


def copied(query: sql.Composable, *, block: int = BLOCK) -> Generator[bytes, None, int]:
    """A query's rows as CSV without a heading, in blocks of whole rows; returns how many rows there were.

    Whoever stops before the end (a browser that went away closes the generator) cancels the query.

    Args:
        query: schema-qualified, with its values in it.
        block: the least bytes of a block; the last one has what is left.

    Raises:
        DatabaseError: the query failed, at the start or in the middle: nobody takes what came before for the whole.
    """
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        return (yield from _blocks(copy, block))


def _blocks(copy: Copy, block: int) -> Generator[bytes, None, int]:
    """Reads rows through libpq itself: psycopg's own reading costs three times as much for each row."""
    server = copy.connection.pgconn
    ready = select.poll()
    ready.register(server.socket, select.POLLIN)
    rows = bytearray()
    while True:
        size, row = server.get_copy_data(1)
        if size > 0:
            rows += row
            if len(rows) >= block:
                yield bytes(rows)
                rows.clear()
        elif size == 0:
            ready.poll()
            server.consume_input()
        else:
            break
    # What the server says at the end comes before the last rows: they are held back if it was an error.
    count = _count(copy)
    if rows:
        yield bytes(rows)
    return count


def _count(copy: Copy) -> int:
    server = copy.connection.pgconn
    result = server.get_result()
    while server.get_result():
        pass  # libpq is done when it has no more
    if result is None or result.status != ExecStatus.COMMAND_OK:
        raise error_from_result(result) if result else RuntimeError("the server ended a copy without a word")
    return result.command_tuples or 0
