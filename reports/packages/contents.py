"""What a package holds: by the data maps, every table of the suite, and of the roster what its rows speak of.

A row belongs to the package when it is of the school year; a table without years is in it whole. Students are those
with a row in the suite's tables, those enrolled that year, and whose last or that year's grade it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import connection
from psycopg import sql

from products.datamap import Category, Key, Suite, Table, columns_of
from products.registry import suite_named
from rostering.catalog import ROSTER
from tenants.schema import current_schema, district_table

PACKAGED: Final = sql.Identifier("pg_temp", "packaged")
"""The students who are in the package."""
IN_PACKAGE: Final = "SELECT student_id FROM pg_temp.packaged"

LEFT_OUT: Final = {
    "rostering_removededucator": "whom a removal of educators took away: it is undone on the site, not from a file",
    "rostering_studentmerge": "how a merge is undone: its rows are the other student's, who is in the package",
    "rostering_mergeundo": "the same",
    "rostering_studentalias": "the same",
    "rostering_heldremoval": "what a roster's import held back: it is decided on the site",
}
"""Tables of the roster that no package holds, each with the reason."""
WITHHELD: Final = {"password_hash": "'!'"}
"""Columns whose values never leave, with the SQL of what stands there instead: with "!" nobody logs in."""


@dataclass(frozen=True)
class Source:
    """One relation of a package.

    Attributes:
        relation: its name in the district's schema, and of its files.
        table: what the data map says of it.
        owner: the data map's code.
        archived: it is the archive twin.
        condition: SQL on its row `t`.
    """

    relation: str
    table: Table
    owner: str
    category: Category
    archived: bool
    condition: sql.Composable

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns, in the model's order."""
        return tuple(columns_of(self.table.model))

    def query(self) -> sql.Composed:
        """The exact rows; small tables in the order of their keys."""
        names = sql.SQL(", ").join(map(_column, self.columns))
        table = district_table(self.relation)
        query = sql.SQL("SELECT {} FROM {} AS t WHERE {}").format(names, table, self.condition)
        return query if self.table.fact else query + sql.SQL(" ORDER BY t.{}").format(sql.Identifier(_key(self.table)))


def sources(suite_code: str, school_year: int) -> tuple[Source, ...]:
    """Every relation of a package: the suite's, then the roster's. The condition of some asks for `choose_students`."""
    suite = suite_named(suite_code)
    return (*_suite_sources(suite, school_year), *_roster_sources(school_year))


def choose_students(suite_code: str, school_year: int) -> list[int]:
    """Choose who is in the package of the entered district, for this transaction; returns their keys, rising."""
    parts: list[sql.Composable] = []
    for each in _suite_sources(suite_named(suite_code), school_year):
        table = district_table(each.relation)
        if each.table.key is Key.STUDENT:
            parts.append(sql.SQL("SELECT t.student_id FROM {} AS t WHERE {}").format(table, each.condition))
        elif each.table.key is Key.GUARDIAN:
            parts.append(
                sql.SQL(
                    "SELECT g.student_id FROM {} AS g WHERE g.guardian_id IN (SELECT t.guardian_id FROM {} AS t)"
                ).format(district_table("rostering_studentguardian"), table)
            )
    year = sql.Literal(school_year)
    for name, column in (
        ("rostering_enrollment", "student_id"),
        ("rostering_studentyear", "student_id"),
        ("rostering_student", "id"),
    ):
        of_year = sql.SQL("SELECT t.{} FROM {} AS t WHERE t.school_year = {}")
        parts.append(of_year.format(sql.Identifier(column), district_table(name), year))
    statement = sql.SQL(
        "CREATE TEMPORARY TABLE packaged ON COMMIT DROP AS SELECT s.id AS student_id FROM {} AS s"
        " WHERE s.status <> 'merged' AND s.id IN ({})"
    ).format(district_table("rostering_student"), sql.SQL(" UNION ").join(parts))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.packaged")
        cursor.execute(statement)
        cursor.execute("CREATE UNIQUE INDEX ON pg_temp.packaged (student_id); ANALYZE pg_temp.packaged")
        cursor.execute("SELECT student_id FROM pg_temp.packaged ORDER BY 1")
        return [int(row[0]) for row in cursor.fetchall()]


def stored_files(suite_code: str, school_year: int) -> sql.Composed | None:
    """A query of the stored files' names that the suite's rows of the year have; None where it keeps none."""
    queries = [
        sql.SQL("SELECT t.{column} FROM {table} AS t WHERE t.{column} <> '' AND {condition}").format(
            column=sql.Identifier(column), table=district_table(each.relation), condition=each.condition
        )
        for each in _suite_sources(suite_named(suite_code), school_year)
        for column in each.table.files
    ]
    return sql.SQL(" UNION ").join(queries) + sql.SQL(" ORDER BY 1") if queries else None


def _suite_sources(suite: Suite, school_year: int) -> Iterator[Source]:
    for category in suite.categories:
        for table in category.tables:
            condition = _of_year(suite, table, school_year)
            yield Source(table.name, table, suite.code, category, False, condition)
            if table.archive_name:
                yield Source(table.archive_name, table, suite.code, category, True, condition)


def _of_year(suite: Suite, table: Table, school_year: int) -> sql.Composable:
    """A row's own year, or that of the row of the suite which it belongs to; without one the table is in it whole."""
    year = sql.Literal(school_year)
    if "school_year" in columns_of(table.model):
        return sql.SQL("t.school_year = {}").format(year)
    dated = {each.model for each in suite.tables if not each.fact and "school_year" in columns_of(each.model)}
    for field in table.model._meta.concrete_fields:
        if field.related_model in dated:
            of = district_table(field.related_model._meta.db_table)
            which = sql.SQL("t.{} IN (SELECT p.id FROM {} AS p WHERE p.school_year = {})")
            return which.format(sql.Identifier(str(field.column)), of, year)
    return sql.SQL("true")


def _roster_sources(school_year: int) -> Iterator[Source]:
    for category in ROSTER.categories:
        for table in category.tables:
            if table.name not in LEFT_OUT:
                yield Source(table.name, table, ROSTER.code, category, False, _of_roster(table, school_year))


def _of_roster(table: Table, school_year: int) -> sql.Composable:
    """Of the roster: the year's rows, the package's students with their guardians, and schools and staff whole."""
    conditions: list[sql.Composable] = []
    columns = columns_of(table.model)
    if table.key is Key.STUDENT:
        conditions.append(sql.SQL("t.{} IN ({})").format(sql.Identifier(table.key_column), sql.SQL(IN_PACKAGE)))
    if table.key is Key.GUARDIAN:
        links = district_table("rostering_studentguardian")
        which = sql.SQL("t.{} IN (SELECT g.guardian_id FROM {} AS g WHERE g.student_id IN ({}))")
        conditions.append(which.format(sql.Identifier(table.key_column), links, sql.SQL(IN_PACKAGE)))
    if "school_year" in columns and table.name not in WHATEVER_YEAR:
        conditions.append(sql.SQL("t.school_year = {}").format(sql.Literal(school_year)))
    return sql.SQL(" AND ").join(conditions) if conditions else sql.SQL("true")


WHATEVER_YEAR: Final = frozenset({"rostering_student", "rostering_academicsession"})
"""A student's own row says the newest year; sessions lie within others."""


def _column(name: str) -> sql.Composable:
    if name in WITHHELD:
        return sql.SQL("{} AS {}").format(sql.SQL(WITHHELD[name]), sql.Identifier(name))
    return sql.SQL("t.{}").format(sql.Identifier(name))


def _key(table: Table) -> str:
    return str(table.model._meta.pk.column)


def locked_relations(suite_code: str, school_year: int) -> list[sql.Identifier]:
    """The relations whose shape must not change while a package is built."""
    return [sql.Identifier(current_schema(), each.relation) for each in sources(suite_code, school_year)]
