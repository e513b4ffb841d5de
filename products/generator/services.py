"""Filling a district's suites with made-up data: one transaction per suite, nothing held in memory."""

import datetime as dt
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec

from django.db import connection
from psycopg import sql

from products.datamap import Suite
from products.generator.errors import AlreadyFilledError, NobodyRosteredError
from products.generator.fill import Earlier, FactFill, worded
from products.generator.plan import Calendar
from products.generator.setting import LONG_AGO, clear_scene, set_scene
from products.partitions import ensure_archived, ensure_partitions, history_opened, partition_name
from products.registry import suite_named, suites
from tenants.models import District
from tenants.schema import current_schema, district_table

Progress = Callable[[str, int], None]


def suites_with_generator() -> tuple[Suite, ...]:
    """The installed suites that can make up data."""
    return tuple(suite for suite in suites() if find_spec(f"products.{suite.code}.generator") is not None)


def generate_product_data(
    district: District,
    suite_code: str,
    *,
    seed: int,
    school_year: int,
    years: int,
    progress: Progress = lambda table, count: None,
) -> dict[str, int]:
    """Fill a suite's tables of the entered district from its roster, the same for the same seed and roster.

    Args:
        suite_code: an installed suite with a generator module.
        seed: of the dice.
        school_year: the current school year.
        years: how many school years, the current one included.
        progress: told after each table, with the rows made.

    Returns:
        the rows made, by table (the archive's are counted with the live table's).

    Raises:
        LookupError: no such suite.
        NobodyRosteredError: there is nobody to make data of.
        AlreadyFilledError: the suite has data here.
    """
    suite = suite_named(suite_code)
    module = import_module(f"products.{suite.code}.generator")
    facts: tuple[FactFill, ...] = module.FACTS
    once: tuple[str, ...] = module.ONCE
    history = list(range(school_year - years + 1, school_year))
    long_ago = [year for year in LONG_AGO if year < school_year - years + 1]
    with history_opened(district):
        _refuse_if_filled(suite)
        if not set_scene(school_year, [*long_ago, *history, school_year], seed):
            raise NobodyRosteredError("the district has no active students at any school: import a roster first")
        _ready_partitions(facts, getattr(module, "ALSO", ()), school_year, history, long_ago)
        counts: dict[str, int] = {}
        for statement in once:
            _count(counts, _target(statement), _execute(worded(statement, _settings(school_year, seed))), progress)
        for fill in facts:
            for year in _years(fill, school_year, history, long_ago):
                _count(counts, fill.table, _fill_year(fill, year, seed), progress)
        for statement in getattr(module, "AFTER", ()):
            _count(counts, _target(statement), _execute(worded(statement, _settings(school_year, seed))), progress)
        clear_scene()
    _analyze(suite)
    return counts


def _years(fill: FactFill, school_year: int, history: list[int], long_ago: list[int]) -> list[int]:
    if fill.earlier is Earlier.NONE:
        return [school_year]
    return [*(long_ago if fill.earlier is Earlier.LIVE_LONG else []), *history, school_year]


def _ready_partitions(
    facts: tuple[FactFill, ...],
    also: tuple[tuple[str, Earlier], ...],
    school_year: int,
    history: list[int],
    long_ago: list[int],
) -> None:
    """Make the partitions of the current year and of what there is of earlier ones, all tables at once."""
    schema = current_schema()
    tables = [(fill.table, fill.earlier) for fill in facts] + list(also)
    ensure_archived(schema, [table for table, earlier in tables if earlier is Earlier.ARCHIVED], history)
    lived = [table for table, earlier in tables if earlier in {Earlier.LIVE, Earlier.LIVE_LONG}]
    ensure_partitions(schema, history, tables=lived)
    ensure_partitions(schema, long_ago, tables=[table for table, earlier in tables if earlier is Earlier.LIVE_LONG])
    ensure_partitions(schema, [school_year], tables=[table for table, _ in tables])


def _fill_year(fill: FactFill, year: int, seed: int) -> int:
    return _execute(fill.query(district_table(partition_name(fill.table, year)), _settings(year, seed)))


def _settings(year: int, seed: int) -> dict[str, sql.Composable]:
    calendar = Calendar(year)

    def day(date: dt.date) -> sql.Composable:
        return sql.SQL("date {}").format(sql.Literal(date.isoformat()))

    return {
        "schema": sql.Identifier(current_schema()),
        "year": sql.Literal(year),
        "seed": sql.Literal(seed),
        "starts_on": day(calendar.starts_on),
        "ends_on": day(calendar.ends_on),
        "school_days": sql.SQL("({}::date[])").format(sql.Literal(list(calendar.busy_days))),
        "school_day_count": sql.Literal(len(calendar.busy_days)),
    }


def _execute(statement: sql.Composable) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def _count(counts: dict[str, int], table: str, rows: int, progress: Progress) -> None:
    counts[table] = counts.get(table, 0) + rows
    progress(table, rows)


def _target(statement: str) -> str:
    """The table that a statement of a suite's ONCE fills: `INSERT INTO {schema}.table (...`."""
    return statement.split("{schema}.", 1)[1].split(None, 1)[0]


def _refuse_if_filled(suite: Suite) -> None:
    asks = sql.SQL(" UNION ALL ").join(
        sql.SQL("(SELECT {} FROM {} LIMIT 1)").format(sql.Literal(table.name), district_table(table.name))
        for table in suite.tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asks)
        filled = sorted(str(row[0]) for row in cursor.fetchall())
    if filled:
        raise AlreadyFilledError(f"{suite.code} has data in this district already: {', '.join(filled)}")


def _analyze(suite: Suite) -> None:
    names: Iterable[str] = (name for table in suite.tables for name in (table.name, table.archive_name) if name)
    _execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(district_table(name) for name in names)))
