"""A category as one relation: its live rows and its archive's, of the chosen years only.

After a restore of single schools a year's rows are partly live and partly archived. No row is ever in both (a reset and
a restore move it), so `UNION ALL` has each once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from psycopg import sql

from products.datamap import Category, Key, Suite, Table, columns_of
from products.registry import suite_named
from reports.yearend.compile.text import all_of, compose, listed, roster
from tenants.schema import district_table

DAYS = ("occurred_on", "assigned_on", "decided_on", "created_on")
"""Which column of a table says when."""
STANDING = ("student_id", "school_year", "school_id", "product", "occurred_on", "id")
ROWS = "SELECT {columns} FROM {table} AS f {students} WHERE {where}"
STUDENTS = "JOIN {student} AS s ON s.id = f.student_id"


@dataclass(frozen=True)
class Relation:
    """The rows that a category keeps of students.

    A table that is no fact says what is so now: it has no school years, and its rows are of the student's own.
    """

    suite: Suite
    category: Category
    table: Table

    @property
    def is_fact(self) -> bool:
        """Whether its rows are of school years."""
        return self.table.fact

    @cached_property
    def columns(self) -> "dict[str, models.Field[Any, Any]]":
        """Its own columns."""
        return columns_of(self.table.model)

    @cached_property
    def has_days(self) -> bool:
        """Whether its rows are of days."""
        return any(day in self.columns for day in DAYS)

    def standing(self, name: str) -> sql.Composable:
        """SQL for one of the columns that every relation has (`STANDING`)."""
        if name == "occurred_on":
            day = next((day for day in DAYS if day in self.columns), None)
            return sql.Identifier("f", day) if day else sql.SQL("NULL::date")
        if name == "product" and name not in self.columns:
            return compose("{p}::text", p=sql.Literal(self.category.products[0].code))
        if name == "school_id" and not self.is_fact:
            own = self.columns.get(name)
            if own is not None and not own.null:
                return sql.Identifier("f", name)
            return sql.SQL("coalesce(f.school_id, s.school_id)") if own else sql.Identifier("s", name)
        if name == "school_year" and not self.is_fact:
            return sql.Identifier("s", name)
        return sql.Identifier("f", name)

    @property
    def tables(self) -> tuple[str, ...]:
        """The live table, and its archive twin where there is one."""
        return tuple(filter(None, (self.table.name, self.table.archive_name)))

    def rows(
        self,
        columns: Iterable[str],
        where: Mapping[str, list[sql.Composable]],
        tables: Iterable[str] = (),
    ) -> sql.Composed:
        """SQL for the rows.

        Args:
            columns: those of `STANDING` and the table's own that are wanted.
            where: the conditions on rows `f` (and on their student `s`, of a table that is no fact), by table.
            tables: only of these of its tables; of all when empty.
        """
        wanted = [compose("{v} AS {n}", v=self._value(name), n=sql.Identifier(name)) for name in columns]
        join = sql.SQL("") if self.is_fact else compose(STUDENTS, student=roster("student"))
        parts = [
            compose(
                ROWS, columns=listed(wanted), table=district_table(table), students=join, where=all_of(where[table])
            )
            for table in tables or self.tables
        ]
        return listed(parts, " UNION ALL ")

    def _value(self, name: str) -> sql.Composable:
        return self.standing(name) if name in STANDING else sql.Identifier("f", name)


def relation(suite: str, category: str) -> Relation:
    """A category's relation: of its tables the one with a row for each thing of a student.

    Raises:
        LookupError: there is no such suite or category, or it keeps nothing of students.
    """
    found = suite_named(suite)
    kept = found.category(category)
    for table in kept.tables:
        if table.key is Key.STUDENT:
            return Relation(found, kept, table)
    raise LookupError(f"{category} of {suite} keeps nothing of students")
