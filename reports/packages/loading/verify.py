"""After the rows are in: the district has what the package has, and every row leads to somebody."""

from django.db import connection
from psycopg import sql

from products.datamap import Key
from reports.packages.contents import Source
from reports.packages.loading.reading import Found
from rostering.catalog import ROSTER
from tenants.schema import district_table

ORPHANS = """
SELECT count(*) FROM {table} AS t
WHERE {condition} AND NOT EXISTS (SELECT FROM {of} AS o WHERE o.id = t.{column})
"""


def leftover_problems(found: Found) -> list[str]:
    """Tables of the suite that have other rows of the year than the package; the roster may have more."""
    problems = []
    for entry, source, _ in found:
        if source.owner == ROSTER.code:
            continue
        query = sql.SQL("SELECT count(*) FROM {} AS t WHERE {}").format(
            district_table(source.relation), source.condition
        )
        rows = _number(query)
        if rows != entry.rows:
            problems.append(
                f"{source.relation} would have {rows:,} rows of the year, and the package has {entry.rows:,}: the "
                "district holds data that is not in the package."
            )
    return problems


def orphan_problems(found: Found) -> list[str]:
    """Facts have no foreign keys in the database: each must lead to a student and a school of the district."""
    problems = []
    for _, source, _ in found:
        if source.table.fact:
            problems += [
                f"{source.relation} has {rows:,} rows of a {what} who is not in the district."
                for what, rows in _orphans(source)
                if rows
            ]
    return problems


def _orphans(source: Source) -> list[tuple[str, int]]:
    wanted = [("school", "school_id", "rostering_school")]
    if source.table.key is Key.STUDENT:
        wanted.append(("student", "student_id", "rostering_student"))
    found = []
    for what, column, of in wanted:
        query = sql.SQL(ORPHANS).format(
            table=district_table(source.relation), condition=source.condition, of=district_table(of),
            column=sql.Identifier(column),
        )  # fmt: skip
        found.append((what, _number(query)))
    return found


def _number(query: sql.Composable) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
