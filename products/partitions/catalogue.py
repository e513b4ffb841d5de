"""What the database's catalogue says of partitions."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from products.datamap import Table
from products.partitions.names import table_name, twins
from tenants.schema import current_schema

PARTITIONS = """
SELECT parent.relname, child.relname,
       substring(pg_get_expr(child.relpartbound, child.oid) FROM '^FOR VALUES IN \\(''?(\\d+)''?\\)$')::int
FROM pg_class AS parent
JOIN pg_inherits ON inhparent = parent.oid
JOIN pg_class AS child ON child.oid = inhrelid
WHERE parent.relnamespace = to_regnamespace(quote_ident(%(schema)s)) AND parent.relname = ANY(%(tables)s)
  AND parent.relkind = 'p'
ORDER BY 1, 3
"""


@dataclass(frozen=True)
class Partition:
    """A partition as the catalogue has it; `year` is None for one that is not of a single year (a DEFAULT)."""

    parent: str
    name: str
    year: int | None


def partitions_of(schema: str, tables: Iterable[str]) -> list[Partition]:
    """The partitions of these parents in a schema, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(PARTITIONS, {"schema": schema, "tables": list(tables)})
        return [Partition(*row) for row in cursor.fetchall()]


def relations_in(schema: str, names: Iterable[str]) -> set[str]:
    """Those of the names that are taken in a schema, by whatever relation."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(%s)) AND relname = ANY(%s)",
            [schema, list(names)],
        )
        return {str(row[0]) for row in cursor.fetchall()}


def live_years(table: Table | str, schema: str | None = None) -> tuple[int, ...]:
    """The school years that a fact table holds live, rising; in the entered district unless a schema is named."""
    return _years(table_name(table), schema)


def archived_years(table: Table | str, schema: str | None = None) -> tuple[int, ...]:
    """The school years of a (live) fact table that are in its archive twin, rising; none without a twin."""
    twin = twins().get(table_name(table))
    return _years(twin, schema) if twin else ()


def years_of(tables: Iterable[Table], schema: str) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    """The school years that each of some fact tables holds live, and in its archive twin, rising; in one query.

    Returns:
        live and archived years, both by the live table's name; the second of those with a twin only.
    """
    live = [table.name for table in tables]
    twin_of = {name: twin for name, twin in twins().items() if name in live}
    found: dict[str, list[int]] = {name: [] for name in (*live, *twin_of.values())}
    for partition in partitions_of(schema, found):
        if partition.year is not None:
            found[partition.parent].append(partition.year)
    rising = {name: tuple(sorted(years)) for name, years in found.items()}
    return {name: rising[name] for name in live}, {name: rising[twin] for name, twin in twin_of.items()}


def _years(parent: str, schema: str | None) -> tuple[int, ...]:
    found = partitions_of(schema or current_schema(), [parent])
    return tuple(sorted(partition.year for partition in found if partition.year is not None))
