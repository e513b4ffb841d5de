"""Which tables an anonymization concerns: every table that is keyed by a student, by the data maps."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from products.datamap import Key, Table
from products.registry import data_maps
from rostering.models import Student


@dataclass(frozen=True)
class Concerned:
    """A relation whose rows of a leaving student change.

    Attributes:
        relation: its name in the district's schema: a live table, or an archive twin.
        blank: personal columns, with the SQL that they are set to.
        files: those of the personal columns that name stored files.
        destroyed: the rows are deleted.
    """

    relation: str
    blank: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    destroyed: bool


def concerned_tables() -> tuple[Concerned, ...]:
    """Every relation that is keyed by a student, but for the students' own table."""
    return tuple(_all())


def guardian_tables() -> tuple[str, ...]:
    """The relations keyed by a guardian, the guardians' own table last."""
    tables = [table for suite in data_maps() for table in suite.tables if table.key is Key.GUARDIAN]
    names = [table.name for table in tables if table.name != "rostering_guardian"]
    return (*names, "rostering_guardian")


def _all() -> Iterator[Concerned]:
    for suite in data_maps():
        for table in suite.tables:
            if table.key is Key.STUDENT and table.model is not Student:
                for relation in filter(None, (table.name, table.archive_name)):
                    yield Concerned(relation, _blank(table), table.files, table.destroyed)


def _blank(table: Table) -> tuple[tuple[str, str], ...]:
    fields = {field.column: field for field in table.model._meta.concrete_fields}
    unique = {name for constraint in table.model._meta.total_unique_constraints for name in constraint.fields}
    return tuple((column, _nothing(fields[column], column in unique)) for column in table.personal)


def _nothing(field: "models.Field[object, object]", unique: bool) -> str:
    """What a personal column is set to: NULL where it may be, a random text where it must be unique, else empty."""
    if field.null:
        return "NULL"
    return "'gone-' || gen_random_uuid()" if unique or field.unique else "''"
