"""Where a package's rows go: partitions of its year, live and archived, as they were where it was made."""

from django.db import connection
from psycopg import sql

from products.datamap import Table
from products.partitions import ensure_archived, ensure_partitions, partition_name, split_year
from products.partitions.catalogue import partitions_of
from products.registry import suite_named
from reports.packages.loading.errors import LoadRefusedError
from reports.packages.manifest import Manifest
from tenants.schema import current_schema


def ready_partitions(manifest: Manifest) -> None:
    """Make what partitions the package's rows need in the entered district, whose archive is open.

    Raises:
        LoadRefusedError: rows of the year are live here that are archived in the package.
    """
    rows = {entry.table: entry.rows for entry in manifest.tables}
    problems = []
    for table in suite_named(manifest.suite).facts:
        archived = rows.get(table.archive_name, 0) if table.archive_name else 0
        try:
            _ready(table, manifest.school_year, live=bool(rows.get(table.name)), archived=bool(archived))
        except LoadRefusedError as refused:
            problems += refused.problems
    if problems:
        raise LoadRefusedError(problems)


def _ready(table: Table, year: int, *, live: bool, archived: bool) -> None:
    schema = current_schema()
    if not archived:
        ensure_partitions(schema, [year], tables=[table])
        _refuse_archived(table, year, live=live)
        return
    there = {found.parent: found.name for found in partitions_of(schema, _parents(table)) if found.year == year}
    if table.archive_name not in there:
        if table.name in there:
            _drop_empty(table, there[table.name], year)
        ensure_archived(schema, [table], [year])
    if live:
        split_year(schema, table, year)


def _refuse_archived(table: Table, year: int, *, live: bool) -> None:
    """Rows that are live in the package find no live table where the year is archived here."""
    found = {each.parent for each in partitions_of(current_schema(), _parents(table)) if each.year == year}
    if live and table.name not in found:
        raise LoadRefusedError([f"{table.name} of {year} is archived here and live in the package."])


def _drop_empty(table: Table, partition: str, year: int) -> None:
    """Drop the live partition that provisioning has made; rows of its own are never dropped.

    Raises:
        LoadRefusedError: it has rows.
    """
    name = sql.Identifier(current_schema(), partition)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(name))
        cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(name))
        if cursor.fetchone()[0]:
            raise LoadRefusedError([f"{partition_name(table.name, year)} is live here and archived in the package."])
        cursor.execute(sql.SQL("DROP TABLE {}").format(name))


def _parents(table: Table) -> list[str]:
    return [name for name in (table.name, table.archive_name) if name]
