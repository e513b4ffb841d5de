"""The partition manager: every fact table's partition of a school year, ready long before a reset needs to move it.

    ensure_partitions(schema, years)   make what is missing
    readiness(schema, year)            what would make a reset's ATTACH scan, or fail
    archive_opened(schema)             let one transaction write to the archive, which is closed otherwise
    live_years(table), archived_years(table), years_of(tables)

A partition carries ahead of time everything that both parents ask for: the CHECK of its year, the indexes, and the
archive twin's constraints under the twin's names. Then DETACH and ATTACH change the catalogue and read no row.
"""

from products.partitions.catalogue import archived_years, live_years, years_of
from products.partitions.guard import archive_opened, close_archive, history_opened
from products.partitions.make import ensure_archived, ensure_partitions, split_year
from products.partitions.names import check_name, fact_tables, partition_name, split_name
from products.partitions.readiness import Problem, readiness

__all__ = [
    "Problem",
    "archive_opened",
    "archived_years",
    "check_name",
    "close_archive",
    "ensure_archived",
    "ensure_partitions",
    "fact_tables",
    "history_opened",
    "live_years",
    "partition_name",
    "readiness",
    "split_name",
    "split_year",
    "years_of",
]
