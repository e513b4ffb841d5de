"""Outside of a test's transaction: what is cancelled, what is of one moment, and that the connection goes on."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, DataError, OperationalError, connection, connections

from reports.formats.csv import csv_chunks
from reports.formats.snapshot import one_snapshot
from tests.reports.formats.tables import counting


@pytest.fixture(autouse=True)
def _autocommit(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        connections.close_all()


def answer(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_who_goes_away_cancels_the_query_and_the_next_one_is_answered() -> None:
    endless = csv_chunks(counting(10**12))
    assert [len(next(endless)) > 0 for _ in range(3)] == [True, True, True]
    session = connection.connection.info.backend_pid
    endless.close()
    assert answer("SELECT pg_backend_pid()") == session, "the same session, which is free again"


def test_a_broken_query_leaves_the_session_free() -> None:
    chunks = csv_chunks(counting(50_000, "100 / (40000 - n)"))
    with pytest.raises(DataError):
        list(chunks)
    assert answer("SELECT 1") == 1


def test_a_session_that_is_ended_breaks_the_download() -> None:
    chunks = csv_chunks(counting(10**12))
    assert [len(next(chunks)) > 0 for _ in range(2)] == [True, True]
    server = connection.connection.info
    with psycopg.connect(server.dsn, password=server.password) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [server.backend_pid])
    with pytest.raises(OperationalError):
        list(chunks)


def test_all_tables_are_of_one_moment_and_nothing_is_written() -> None:
    with one_snapshot():
        assert answer("SHOW transaction_isolation") == "repeatable read"
        with one_snapshot():
            assert answer("SHOW transaction_read_only") == "on"
    assert answer("SHOW transaction_isolation") == "read committed"
    with pytest.raises(DatabaseError, match="read-only transaction"), one_snapshot():
        answer("CREATE TABLE public.never (n int)")
