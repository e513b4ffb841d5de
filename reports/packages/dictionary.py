"""The data dictionary, made from the data maps and the models: every table and column in plain words."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db import models

from products.datamap import Key, columns_of
from products.registry import data_maps
from reports.packages.columns import ColumnType
from reports.packages.contents import WITHHELD, Source

HEAD: Final = (
    "table", "column", "type", "label", "meaning", "data", "category", "belongs to", "identifies somebody", "archived",
)  # fmt: skip
OWNERS: Final = {
    Key.STUDENT: "a student",
    Key.EDUCATOR: "an educator",
    Key.GUARDIAN: "a parent or guardian",
    Key.SCHOOL: "a school",
    Key.PARENT: "a row of another table",
    Key.DISTRICT: "the district",
}
NOT_GIVEN: Final = "A secret: its values are not in the package."


def dictionary(found: Iterable[tuple[Source, tuple[ColumnType, ...]]]) -> Iterator[tuple[str, ...]]:
    """The lines of the dictionary, its head first."""
    names = {each.code: each.name for each in data_maps()}
    yield HEAD
    for source, columns in found:
        fields = columns_of(source.table.model)
        for column in columns:
            field = fields[column.name]
            yield (
                source.relation,
                column.name,
                column.kind,
                str(field.verbose_name).capitalize(),
                _meaning(source, column.name, field),
                names[source.owner],
                source.category.label,
                OWNERS[source.table.key],
                "yes" if column.name in source.table.personal else "no",
                "yes" if source.archived else "no",
            )


def _meaning(source: Source, column: str, field: "models.Field[Any, Any]") -> str:
    if column in WITHHELD:
        return NOT_GIVEN
    said = [str(field.help_text)] if field.help_text else []
    said += [why.capitalize() + "." for name, why in source.table.harmless if name == column and not said]
    if field.choices:
        said.append("One of: " + ", ".join(f"{value} ({label})" for value, label in field.flatchoices) + ".")
    if field.is_relation and field.related_model:
        said.append(f"The key of a row of {field.related_model._meta.db_table}.")
    if not said and column == "id":
        said.append("The row's own key.")
    return " ".join(said) or str((source.table.model.__doc__ or "").strip().splitlines()[0])
