"""Making partitions: `CREATE TABLE (LIKE ...)` and ATTACH, which, unlike `PARTITION OF`, shuts out nobody."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import CheckConstraint
from psycopg import sql

from products.datamap import Table
from products.partitions.catalogue import partitions_of, relations_in
from products.partitions.names import check_name, fact_tables, partition_name, split_name, table_name, twins
from products.partitions.statistics import hide_personal_values

TWIN_CHECKS = """
SELECT c.relname, con.conname, pg_get_constraintdef(con.oid)
FROM pg_constraint AS con JOIN pg_class AS c ON c.oid = con.conrelid
WHERE c.relnamespace = to_regnamespace(quote_ident(%(schema)s)) AND c.relname = ANY(%(tables)s) AND con.contype = 'c'
ORDER BY con.conname
"""


def ensure_partitions(
    schema: str, years: Iterable[int], *, tables: Iterable[Table | str] | None = None
) -> tuple[str, ...]:
    """Make the missing live partitions of these school years; running it again does nothing and locks nothing.

    A year that is in the archive is left alone. Takes SHARE UPDATE EXCLUSIVE on the parents that lack something, so
    that readers and writers go on.

    Args:
        schema: a district's schema.
        years: school years, by the year in which they end.
        tables: live fact tables; those of every installed suite when left out.

    Returns:
        the names of the partitions that were made.
    """
    names = [table_name(table) for table in (fact_tables() if tables is None else tables)]
    wanted = [(name, year) for name in names for year in sorted(set(years))]
    missing = _missing(schema, wanted)
    _make(schema, [(name, year, name) for name, year in missing])
    return tuple(partition_name(name, year) for name, year in missing)


def ensure_archived(schema: str, tables: Iterable[Table | str], years: Iterable[int]) -> tuple[str, ...]:
    """Make the missing partitions of these years in the tables' archive twins, for data that arrives archived.

    They have the names and the constraints that they would have had if a reset had moved them. A year that is live
    is left alone.

    Raises:
        LookupError: one of the tables has no archive twin.
    """
    twin_of = {name: twins()[name] for name in map(table_name, tables)}
    missing = _missing(schema, [(name, year) for name in twin_of for year in sorted(set(years))])
    _make(schema, [(name, year, twin_of[name]) for name, year in missing])
    return tuple(partition_name(name, year) for name, year in missing)


def split_year(schema: str, table: Table | str, year: int) -> bool:
    """Give an archived year a live partition beside it: some schools' rows are live again, the others' stay archived.

    The live one has the year's usual name, and the archived one is called by its `split_name` from now on. A year that
    is split already is left alone.

    Returns:
        whether it was not.
    """
    name = table_name(table)
    if any(found.year == year for found in partitions_of(schema, [name])):
        return False
    old, new = partition_name(name, year), split_name(name, year)
    rename = sql.SQL("ALTER TABLE {} RENAME TO {}").format(sql.Identifier(schema, old), sql.Identifier(new))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(rename)
        _make(schema, [(name, year, name)])
    return True


def _missing(schema: str, wanted: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Those of (table, year) that are neither live nor archived, and whose name is free."""
    twin_of = twins()
    parents = {name for name, _ in wanted}
    live_of = {twin_of[name]: name for name in parents if name in twin_of} | {name: name for name in parents}
    there = {(live_of[found.parent], found.year) for found in partitions_of(schema, live_of)}
    missing = [pair for pair in wanted if pair not in there]
    taken = relations_in(schema, [partition_name(*pair) for pair in missing]) if missing else set()
    return [pair for pair in missing if partition_name(*pair) not in taken]


def _make(schema: str, partitions: list[tuple[str, int, str]]) -> None:
    """Create and attach (live table, year, parent) in one round trip and one transaction; ANALYZE learns no names."""
    if not partitions:
        return
    checks = _twin_checks(schema, {name for name, _, _ in partitions})
    statements = [
        statement
        for name, year, parent in partitions
        for statement in _statements(schema, name, year, parent, checks[name])
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL(";\n").join(statements))
        hide_personal_values(schema)


def checks_wanted(schema: str, table: str, year: int) -> dict[str, sql.Composable]:
    """The CHECKs that a partition needs beside its live parent's, as `CONSTRAINT ...` clauses by name."""
    return {check_name(table, year): _year_check(table, year), **_twin_checks(schema, {table})[table]}


def _statements(
    schema: str, table: str, year: int, parent: str, twin_checks: dict[str, sql.Composable]
) -> tuple[sql.Composable, sql.Composable]:
    partition = sql.Identifier(schema, partition_name(table, year))
    clauses = sql.SQL(", ").join([_year_check(table, year), *twin_checks.values()])
    create = sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL, {})").format(
        partition, sql.Identifier(schema, table), clauses
    )
    attach = sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})").format(
        sql.Identifier(schema, parent), partition, sql.Literal(year)
    )
    return create, attach


def _year_check(table: str, year: int) -> sql.Composable:
    """Word for word what PostgreSQL derives from `FOR VALUES IN (year)`, so that it can see the one in the other."""
    return sql.SQL("CONSTRAINT {} CHECK (school_year IS NOT NULL AND school_year = {}::smallint)").format(
        sql.Identifier(check_name(table, year)), sql.Literal(year)
    )


def _twin_checks(schema: str, tables: set[str]) -> dict[str, dict[str, sql.Composable]]:
    """The CHECKs of the tables' archive twins, by table and name: ATTACH asks for each under the same name.

    Those that a model declares are worded by Django, as in the twin's migration. The catalogue's wording would not
    do: PostgreSQL reads `IN (...)` back as another expression than the one that it wrote, and ATTACH would refuse.
    """
    declared = _declared_checks(tables)
    name_of = {twin: name for name, twin in twins().items() if name in tables}
    checks: dict[str, dict[str, sql.Composable]] = {name: {} for name in tables}
    with connection.cursor() as cursor:
        cursor.execute(TWIN_CHECKS, {"schema": schema, "tables": list(name_of)})
        for twin, name, definition in cursor.fetchall():
            worded = sql.SQL("CONSTRAINT {} {}").format(sql.Identifier(name), sql.SQL(definition))
            checks[name_of[twin]][name] = declared.get(name, worded)
    return checks


def _declared_checks(tables: set[str]) -> dict[str, sql.Composable]:
    """The CHECKs that the twins' models declare, by name, which Django keeps unique over all models."""
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        return {
            constraint.name: sql.SQL(str(constraint.constraint_sql(table.archive, editor)))
            for table in fact_tables()
            if table.name in tables and table.archive is not None
            for constraint in table.archive._meta.constraints
            if isinstance(constraint, CheckConstraint)
        }
