"""The words in which a data map (`catalog.py`) is written: the roster's, and each product suite's.

A map says which tables and columns a category lives in, which columns identify a person, and how a table is keyed.
Nothing here imports upwards. Policies in `resets/policies` say what happens to each category; a check at start-up
reconciles maps, policies and Django's model registry, so that a table or column without a rule is an error by name.
"""

import enum
from dataclasses import dataclass
from typing import Any

from django.db import models


class Key(enum.StrEnum):
    """What a row of a table belongs to: the column that leads to the school and to the person."""

    STUDENT = "student_id"
    EDUCATOR = "educator_id"
    GUARDIAN = "guardian_id"
    SCHOOL = "school_id"
    PARENT = "parent"
    """The row belongs to a row of another table of the same category (see `Table.parent`)."""
    DISTRICT = "district"
    """The row belongs to nobody less than the district: it leads to no person and no single school."""


@dataclass(frozen=True)
class Product:
    """A product that a district can subscribe to."""

    code: str
    name: str


def columns_of(model: type[models.Model]) -> dict[str, "models.Field[Any, Any]"]:
    """A model's columns, by name in the database."""
    return {str(field.column): field for field in model._meta.concrete_fields}


@dataclass(frozen=True)
class Table:
    """One table of a category.

    Attributes:
        model: its Django model; the primary key and the key columns need no mention.
        key: what its rows belong to.
        values: its columns that identify nobody.
        personal: its columns that identify somebody or may (names, free text, file names).
        files: those of `personal` that are paths of stored files.
        harmless: those of `values` that look like a name or free text, each with why it says nothing about anybody.
        fact: partitioned by school year (a `products.facts.Fact`).
        archive: the archive twin of a fact, of the same shape.
        destroyed: its rows say who somebody is, whose child, or which key somebody had: when the student is anonymized
            they are deleted, not given a new key.
        once: the columns for each value of which a person has one row at most, where no unique constraint says so;
            `()` for one row in all. Merging two students goes by it.
        lineage: the column with the id of a fact, whose table and school year stand beside it (`relation`,
            `school_year`): it follows when the fact gets a new id.
        parent: for `Key.PARENT`, the column that points to a row of the table `of`.
        of: for `Key.PARENT`, the model that it points to.
    """

    model: type[models.Model]
    key: Key
    values: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    harmless: tuple[tuple[str, str], ...] = ()
    fact: bool = False
    archive: type[models.Model] | None = None
    destroyed: bool = False
    once: tuple[str, ...] | None = None
    lineage: str = ""
    parent: str = ""
    of: type[models.Model] | None = None

    @property
    def name(self) -> str:
        """The table's name in the district's schema."""
        return self.model._meta.db_table

    @property
    def archive_name(self) -> str:
        """The archive twin's table name; empty without one."""
        return self.archive._meta.db_table if self.archive else ""

    @property
    def key_column(self) -> str:
        """The column that holds the key; the primary key where the table is the key's own (`rostering_student`).

        Empty for `Key.DISTRICT`.
        """
        if self.key is Key.DISTRICT:
            return ""
        wanted = self.parent if self.key is Key.PARENT else self.key.value
        return wanted if wanted in columns_of(self.model) else str(self.model._meta.pk.column)

    @property
    def implied(self) -> frozenset[str]:
        """The columns that need no mention: the primary key, the key, and a year record's school and year."""
        keys = {str(field.column) for field in self.model._meta.pk_fields} | {self.key_column, self.parent}
        return frozenset(keys | ({"school_id", "school_year"} if self.fact else set())) - {""}


@dataclass(frozen=True)
class Category:
    """A kind of data, by the source's name for it.

    `products` are those that keep it: a database constraint holds a row's product to them.
    """

    code: str
    label: str
    tables: tuple[Table, ...]
    products: tuple[Product, ...]


@dataclass(frozen=True)
class Suite:
    """Products that are reset together.

    Attributes:
        code: as in `products/<code>` and `resets/policies/<code>.py`.
        source: the document that defines its behaviour.
    """

    code: str
    name: str
    source: str
    products: tuple[Product, ...]
    categories: tuple[Category, ...]

    def category(self, code: str) -> Category:
        """The category of this code.

        Raises:
            LookupError: the suite has none such; the message lists those it has.
        """
        for category in self.categories:
            if category.code == code:
                return category
        known = ", ".join(category.code for category in self.categories)
        raise LookupError(f"{self.code} has no category {code!r}; it has: {known}")

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, in the categories' order."""
        return tuple(table for category in self.categories for table in category.tables)

    @property
    def facts(self) -> tuple[Table, ...]:
        """The tables that are partitioned by school year."""
        return tuple(table for table in self.tables if table.fact)
