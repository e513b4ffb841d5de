"""Whether a year's partitions can be moved by a change of catalogue alone. Asked before each reset and by a command."""

from dataclasses import dataclass

from django.db import connection

from products.partitions.catalogue import partitions_of
from products.partitions.names import check_name, fact_tables, partition_name, twins

CHECKS = """
SELECT c.relname, con.conname, con.convalidated, pg_get_constraintdef(con.oid)
FROM pg_class AS c JOIN pg_constraint AS con ON con.conrelid = c.oid AND con.contype = 'c'
WHERE c.relnamespace = to_regnamespace(quote_ident(%(schema)s)) AND c.relname = ANY(%(tables)s)
"""
INDEXES = """
SELECT c.relname,
       concat_ws(' ', CASE WHEN i.indisprimary THEN 'PRIMARY KEY' WHEN i.indisunique THEN 'UNIQUE' ELSE 'INDEX' END,
                 regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '')), i.indisvalid
FROM pg_class AS c JOIN pg_index AS i ON i.indrelid = c.oid
WHERE c.relnamespace = to_regnamespace(quote_ident(%(schema)s)) AND c.relname = ANY(%(tables)s)
"""
COLUMNS = """
SELECT c.relname,
       concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END)
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = to_regnamespace(quote_ident(%(schema)s)) AND c.relname = ANY(%(tables)s)
"""
ENSURE = "Run `manage.py check_partitions --mend`."


@dataclass(frozen=True)
class Problem:
    """Something that would make a reset scan, wait or fail.

    Attributes:
        table: the live fact table.
        code: missing_partition, missing_check, missing_index, different_columns or default_partition.
        message: what is wrong and how to mend it.
    """

    table: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.table}: {self.message}"


@dataclass
class _Shapes:
    """What relations of a schema look like, by relation: valid CHECKs, valid indexes, columns."""

    checks: dict[str, dict[str, str]]
    indexes: dict[str, set[str]]
    columns: dict[str, set[str]]


def readiness(schema: str, year: int) -> tuple[Problem, ...]:
    """What stands in the way of moving a school year's partitions without reading them; empty when nothing does.

    A year that is archived already has nothing to move and is not reported.
    """
    twin_of = twins()
    names = [table.name for table in fact_tables()]
    found = partitions_of(schema, [*names, *twin_of.values()])
    live = {partition.parent: partition.name for partition in found if partition.year == year}
    strays = [partition for partition in found if partition.year is None]
    shapes = _shapes(schema, [*live.values(), *twin_of.values()])
    problems = [
        Problem(stray.parent, "default_partition", f"{stray.name} is not the partition of one school year. Drop it.")
        for stray in strays
    ]
    for name in names:
        if twin_of.get(name) in live:
            continue
        if name not in live:
            text = f"{partition_name(name, year)} is missing. {ENSURE}"
            problems.append(Problem(name, "missing_partition", text))
            continue
        problems += _problems(name, live[name], year, twin_of.get(name), shapes)
    return tuple(problems)


def _problems(name: str, partition: str, year: int, twin: str | None, shapes: _Shapes) -> list[Problem]:
    checks = shapes.checks.get(partition, {})
    wanted = {check_name(name, year): checks.get(check_name(name, year))}
    if twin:
        wanted |= shapes.checks.get(twin, {})
    problems = [
        Problem(name, "missing_check", f"{partition} has no valid CHECK {check} as its archive wants it. {ENSURE}")
        for check, definition in wanted.items()
        if definition is None or checks.get(check) != definition
    ]
    if not twin:
        return problems
    problems += [
        Problem(name, "missing_index", f"{partition} has no index like {twin}'s: {index}. Give both parents the same.")
        for index in sorted(shapes.indexes.get(twin, set()) - shapes.indexes.get(partition, set()))
    ]
    problems += [
        Problem(name, "different_columns", f"{partition} and {twin} differ in {column}. Migrate both alike.")
        for column in sorted(shapes.columns.get(twin, set()) ^ shapes.columns.get(partition, set()))
    ]
    return problems


def _shapes(schema: str, relations: list[str]) -> _Shapes:
    shapes = _Shapes({}, {}, {})
    with connection.cursor() as cursor:
        cursor.execute(CHECKS, {"schema": schema, "tables": relations})
        for relation, check, validated, definition in cursor.fetchall():
            if validated:
                shapes.checks.setdefault(relation, {})[check] = definition
        cursor.execute(INDEXES, {"schema": schema, "tables": relations})
        for relation, index, valid in cursor.fetchall():
            if valid:
                shapes.indexes.setdefault(relation, set()).add(index)
        cursor.execute(COLUMNS, {"schema": schema, "tables": relations})
        for relation, column in cursor.fetchall():
            shapes.columns.setdefault(relation, set()).add(column)
    return shapes
