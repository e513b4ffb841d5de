"""What the partitions are called, and which tables have them."""

from products.datamap import Table
from products.registry import suites


def partition_name(table: str, year: int) -> str:
    """The partition of a fact table for a school year. It keeps this name when it moves to the archive."""
    return f"{table}_{year}"


def split_name(table: str, year: int) -> str:
    """The archived partition of a school year of which some schools' rows are live again: it has the usual name."""
    return f"{partition_name(table, year)}_archived"


def check_name(table: str, year: int) -> str:
    """The CHECK on a partition that spares a later ATTACH the reading of its rows."""
    return f"{partition_name(table, year)}_year"


def fact_tables() -> tuple[Table, ...]:
    """The fact tables of every installed suite, in the catalogs' order."""
    return tuple(table for suite in suites() for table in suite.facts)


def table_name(table: Table | str) -> str:
    """The live table's name, of a table of a data map or a name already."""
    return table if isinstance(table, str) else table.name


def twins() -> dict[str, str]:
    """The archive twin's name of every live fact table that has one."""
    return {table.name: table.archive_name for table in fact_tables() if table.archive}
