"""Loading one file of product data: one transaction, whole or not at all."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from psycopg import sql

from ledger.services import append_entry
from products.loader.checks import check_events, check_references, check_values
from products.loader.columns import EVENT, PRODUCT, SCHOOL, YEAR, FileColumn, Layout, layout_of
from products.loader.errors import LoadError, LoadRefusedError
from products.loader.found import Found
from products.loader.reading import read_rows
from products.loader.staging import RESOLVED, resolve_rows, stage_rows, staged, typed
from products.loader.years import check_years, open_years
from products.registry import suite_named
from rostering.services.entered import entered_district
from tenants import clock
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import district_table


@dataclass(frozen=True)
class LoadResult:
    """What became of a file.

    Attributes:
        state: applied, checked (a dry run) or refused.
        read: rows of the file.
        created, updated, unchanged: rows of the table, by what was (or would be) done to them.
        error_count: how many errors there are; `errors` has the first 100,000 of them.
    """

    state: str
    read: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    error_count: int = 0
    errors: tuple[LoadError, ...] = ()


def load_product_data(
    suite: str, category: str, path: Path | str, *, actor: str, as_of: dt.date, dry_run: bool = False
) -> LoadResult:
    """Load a file of events into a category of the entered district.

    An event is known by the product's own id: delivered again, it is left alone if nothing differs, else corrected.

    Args:
        suite: a suite's code.
        category: a category's code, or `category/table` for another than its first table of events.
        path: CSV, or NDJSON by its suffix (.ndjson, .jsonl); gzipped with a further .gz.
        actor: who, as `role:key`.
        as_of: the district's date; later days are refused.
        dry_run: check and count only.

    Raises:
        LookupError: no such suite or category; the message lists those there are.
        NotLoadableError: the category has no events.
        OSError: the file is not there or may not be read.
    """
    layout = layout_of(suite_named(suite), category)
    path = Path(path)
    found = Found(path.name)
    with transaction.atomic():
        district = entered_district()
        take_lock(Lock.DISTRICT, district.pk)
        try:
            read = stage_rows(layout, read_rows(path, layout, found))
        except LoadRefusedError:
            transaction.set_rollback(True)
            return _refused(0, found)
        needed = _check(layout, found, district, read, as_of)
        if found.count:
            transaction.set_rollback(True)
            return _refused(read, found)
        open_years(layout, needed)
        created, updated, unchanged = _apply(layout)
        if dry_run:
            transaction.set_rollback(True)
        elif created or updated:
            _record(layout, district, actor, created=created, updated=updated, unchanged=unchanged)
    return LoadResult("checked" if dry_run else "applied", read, created, updated, unchanged)


def _check(layout: Layout, found: Found, district: District, read: int, as_of: dt.date) -> list[int]:
    if not read and not found.count:
        found.add("empty_file")
        return []
    resolve_rows(layout)
    check_values(layout, found)
    check_references(layout, found)
    check_events(layout, found, as_of)
    return check_years(layout, found, district)


def _refused(read: int, found: Found) -> LoadResult:
    return LoadResult("refused", read, error_count=found.count, errors=found.ordered())


def _apply(layout: Layout) -> tuple[int, int, int]:
    """Insert what is new, correct what differs, leave the rest; returns how many of each."""
    table = district_table(layout.table.name)
    events = _events(layout)
    columns = list(events)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    others = [sql.Identifier(name) for name in columns if name not in {"id", "school_year"}]
    source = sql.SQL("SELECT DISTINCT ON ({id}, stage._year) {} FROM {} AS stage").format(
        sql.SQL(", ").join(events.values()), RESOLVED, id=events["id"]
    )
    ids = sql.SQL("SELECT DISTINCT {}, _year FROM {} AS stage").format(events["id"], RESOLVED)
    known = sql.SQL(
        "SELECT count(*), count(t.id) FROM ({}) AS s (id, school_year) LEFT JOIN {} AS t USING (school_year, id)"
    ).format(ids, table)
    write = sql.SQL(
        "INSERT INTO {table} AS t ({names}) {source} ON CONFLICT (school_year, id) DO UPDATE SET {set}"
        " WHERE ({mine}) IS DISTINCT FROM ({theirs})"
    ).format(
        table=table,
        names=names,
        source=source,
        set=sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(name) for name in others),
        mine=sql.SQL(", ").join(sql.SQL("t.{}").format(name) for name in others),
        theirs=sql.SQL(", ").join(sql.SQL("excluded.{}").format(name) for name in others),
    )
    with connection.cursor() as cursor:
        cursor.execute(known)
        total, there = cursor.fetchone()
        cursor.execute(write)
        updated = cursor.rowcount - (total - there)
    return total - there, updated, there - updated


def _events(layout: Layout) -> dict[str, sql.Composable]:
    """For each column of the table, the expression that gives its value."""
    values: dict[str, sql.Composable] = {}
    for column in layout.columns:
        if column.target:
            values[column.target] = _value(column, layout)
    if layout.has_student:
        values["student_id"] = sql.SQL("stage._student")
    return values


def _value(column: FileColumn, layout: Layout) -> sql.Composable:
    if column.name == EVENT:
        return sql.SQL("{}::uuid").format(staged(column))
    if column.name in {SCHOOL, YEAR}:
        return sql.SQL("stage._school" if column.name == SCHOOL else "stage._year")
    if column.name == PRODUCT:
        return sql.SQL("coalesce({}, {})").format(staged(column), sql.Literal(layout.category.products[0].code))
    if column.educator:
        return sql.SQL("(SELECT e.educator_id FROM {} AS e WHERE e.sourced_id = {})").format(
            district_table("rostering_educatoridentity"), staged(column)
        )
    return typed(column)


def _record(layout: Layout, district: District, actor: str, **counts: int) -> None:
    facts = {"suite": layout.suite.code, "category": layout.category.code, **counts}
    append_entry(district.pk, "product_data_loaded", actor=actor, at=clock.now(), facts=facts)
