"""Which tables a transfer takes along: the data map says it, and no code here knows one by its name."""

from psycopg import sql

from products.datamap import Key, Table
from products.renaissance.catalog import SUITE
from tenants.schema import district_table

OWN = ("id", "school_year", "school_id", "student_id")
"""Columns of a record that have a place of their own in the staged packet, or are the receiving site's."""


def transferred_tables() -> tuple[Table, ...]:
    """The students' fact tables of the source's list: assessments, quiz records and mastery information."""
    return tuple(table for table in SUITE.facts if table.key is Key.STUDENT)


def table_of(relation: str) -> Table:
    """The table of a name that a staged row gives.

    Raises:
        LookupError: no such table is transferred.
    """
    for table in transferred_tables():
        if table.name == relation:
            return table
    raise LookupError(f"{relation} is not transferred")


def fact_table(relation: str) -> sql.Identifier:
    """A transferred table of the entered district, for raw SQL.

    Raises:
        LookupError: no such table is transferred.
    """
    return district_table(table_of(relation).name)
