"""The archive cannot be written to by anybody, its owner included, unless a transaction opens it."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from products.partitions import archive_opened, close_archive, ensure_archived

WRITES = (
    "UPDATE {} SET product = product",
    "DELETE FROM {}",
    "TRUNCATE {}",
    "INSERT INTO {} SELECT * FROM {}",
)


def told(statement: str, schema: str, name: str) -> sql.Composed:
    table = sql.Identifier(schema, name)
    return sql.SQL(statement).format(*[table] * statement.count("{}"))


@pytest.fixture
def archived(entered: Any) -> Any:
    ensure_archived(entered.schema_name, ["literacy_benchmark"], [2023])
    close_archive(entered.schema_name)
    return entered


@pytest.mark.parametrize("statement", WRITES)
@pytest.mark.parametrize("name", ["literacy_benchmarkarchive", "literacy_benchmark_2023"])
def test_nobody_writes_to_the_archive_by_the_way(archived: Any, statement: str, name: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(told(statement, archived.schema_name, name))
    with connection.cursor() as cursor:
        cursor.execute(told("SELECT count(*) FROM {}", archived.schema_name, name))
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("statement", WRITES)
def test_a_transaction_may_open_it_and_leaves_it_closed(archived: Any, statement: str) -> None:
    write = told(statement, archived.schema_name, "literacy_benchmarkarchive")
    with transaction.atomic(), archive_opened(archived.schema_name):
        connection.cursor().execute(write)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(write)


def test_what_is_attached_meanwhile_is_closed_too(archived: Any) -> None:
    with transaction.atomic(), archive_opened(archived.schema_name):
        ensure_archived(archived.schema_name, ["literacy_benchmark"], [2022])
    assert close_archive(archived.schema_name) == ()


def test_it_is_not_opened_without_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"), archive_opened("d_nowhere"):
        pass
