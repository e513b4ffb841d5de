"""The columns of a category's file, from its data map and its model's fields."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from products.datamap import Category, Key, Suite, Table, columns_of
from products.loader.errors import NotLoadableError

EVENT, STUDENT_NUMBER, STUDENT, SCHOOL, YEAR, PRODUCT, DAY = (
    "event_id",
    "student_id",
    "student_sourced_id",
    "school_sourced_id",
    "school_year",
    "product",
    "occurred_on",
)
PEOPLE = {STUDENT_NUMBER, STUDENT}


@dataclass(frozen=True)
class FileColumn:
    """One column of the file.

    Attributes:
        name: in the file.
        target: in the table; empty for those that only lead to somebody.
        kind: the database's type.
        required: must be there and filled in.
        personal: its value is never shown.
        choices: the words that are allowed; empty for any.
        most: the most characters; 0 for no limit.
        least: the least number; None for no limit.
        educator: names an educator by sourcedId.
        blank: what an empty field becomes: an empty text or nothing (NULL).
    """

    name: str
    target: str
    kind: str
    required: bool
    personal: bool = False
    choices: tuple[str, ...] = ()
    most: int = 0
    least: int | None = None
    educator: bool = False
    blank: str | None = None

    @property
    def is_event(self) -> bool:
        """Whether it holds a product's own id of something, mapped to a UUID when it is read."""
        return self.kind == "uuid"


@dataclass(frozen=True)
class Layout:
    """A category's file: the table that it goes to, and its columns."""

    suite: Suite
    category: Category
    table: Table
    columns: tuple[FileColumn, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in the file."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that must be in the header."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def has_student(self) -> bool:
        """Whether the rows are about students."""
        return self.table.key is Key.STUDENT


def layout_of(suite: Suite, code: str) -> Layout:
    """The layout of a category, by its code, or `category/table` for another than its first table of events.

    Raises:
        LookupError: no such category or table.
        NotLoadableError: the category has no table of events.
    """
    category_code, _, model_name = code.partition("/")
    category = suite.category(category_code)
    facts = [table for table in category.tables if table.fact]
    if not facts:
        raise NotLoadableError(f"{category.label} is kept by the product, and not loaded as events from files")
    named = [table for table in facts if not model_name or table.model._meta.model_name == model_name]
    if not named:
        known = ", ".join(f"{category_code}/{table.model._meta.model_name}" for table in facts)
        raise LookupError(f"{category_code} has no table {model_name!r}; it has: {known}")
    table = named[0]
    return Layout(suite, category, table, (*_leading(category, table), *_values(table)))


def _leading(category: Category, table: Table) -> list[FileColumn]:
    columns = [FileColumn(EVENT, "id", "uuid", required=True)]
    if table.key is Key.STUDENT:
        columns += [FileColumn(name, "", "text", required=False, personal=True) for name in (STUDENT_NUMBER, STUDENT)]
    products = tuple(product.code for product in category.products)
    return [
        *columns,
        FileColumn(SCHOOL, "school_id", "text", required=table.key is not Key.STUDENT),
        FileColumn(YEAR, "school_year", "smallint", required=DAY not in columns_of(table.model)),
        FileColumn(PRODUCT, "product", "text", required=len(products) > 1, choices=products),
    ]


def _values(table: Table) -> list[FileColumn]:
    fields = columns_of(table.model)
    order = [name for name in fields if name in {*table.values, *table.personal} and name != PRODUCT]
    return [_value(name, fields[name], table) for name in sorted(order, key=lambda name: name != DAY)]


def _value(name: str, field: "models.Field[Any, Any]", table: Table) -> FileColumn:
    kind = str(field.db_type(connection))
    if name.endswith(("educator_id", "recorded_by_id")):
        return FileColumn(f"{name.removesuffix('_id')}_sourced_id", name, "text", required=False, educator=True)
    return FileColumn(
        name,
        name,
        kind,
        required=not field.null and not field.blank,
        personal=name in table.personal,
        choices=tuple(str(value) for value, _ in field.choices or ()),
        most=getattr(field, "max_length", None) or 0,
        least=0 if isinstance(field, models.PositiveSmallIntegerField | models.PositiveIntegerField) else None,
        blank="" if isinstance(field, models.CharField | models.TextField) and not field.null else None,
    )
