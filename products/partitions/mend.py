"""Mending partitions that somebody made or changed by hand: the missing CHECKs are added and validated."""

from django.db import connection, transaction
from psycopg import sql

from products.partitions.make import checks_wanted, ensure_partitions
from products.partitions.names import partition_name
from products.partitions.readiness import Problem, readiness


def mend_partitions(schema: str, year: int) -> tuple[Problem, ...]:
    """Make the missing partitions and CHECKs of a school year; returns what only a migration or a person can mend.

    A CHECK is added unproven (a short lock) and then validated, which reads the rows but lets readers and writers go
    on.
    """
    ensure_partitions(schema, [year])
    for problem in readiness(schema, year):
        if problem.code == "missing_check":
            _add_checks(schema, problem.table, year)
    return readiness(schema, year)


def _add_checks(schema: str, table: str, year: int) -> None:
    partition = sql.Identifier(schema, partition_name(table, year))
    for name, clause in checks_wanted(schema, table, year).items():
        alter = sql.SQL("ALTER TABLE {} ").format(partition)
        check = sql.Identifier(name)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(alter + sql.SQL("DROP CONSTRAINT IF EXISTS {}").format(check))
            cursor.execute(alter + sql.SQL("ADD ") + clause + sql.SQL(" NOT VALID"))
        with connection.cursor() as cursor:
            cursor.execute(alter + sql.SQL("VALIDATE CONSTRAINT {}").format(check))
