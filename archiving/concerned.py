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
        suite, category: what the data map calls them.
        live: the live table's name.
        fact: the rows have ids that the product knows: they get new random ones.
        lineage: the column that holds a fact's id, if the table has one.
    """

    relation: str
    blank: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    destroyed: bool
    suite: str
    category: str
    live: str
    fact: bool
    lineage: str


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
        for category in suite.categories:
            for table in category.tables:
                if table.key is Key.STUDENT and table.model is not Student:
                    for relation in filter(None, (table.name, table.archive_name)):
                        yield Concerned(
                            relation,
                            (*_blank(table), *_coarse_days(table)),
                            table.files,
                            table.destroyed,
                            suite.code,
                            category.code,
                            table.name,
                            table.fact,
                            table.lineage,
                        )


def _blank(table: Table) -> tuple[tuple[str, str], ...]:
    fields = {field.column: field for field in table.model._meta.concrete_fields}
    unique = {name for constraint in table.model._meta.total_unique_constraints for name in constraint.fields}
    return tuple((column, _nothing(fields[column], column in unique)) for column in table.personal)


def _coarse_days(table: Table) -> Iterator[tuple[str, str]]:
    """The days of accounts, enrollments and assignments: whoever joined alone on a day is known by it.

    A fact keeps its day: it is part of the result.
    """
    for field in table.model._meta.concrete_fields:
        is_day = isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField)
        if is_day and not table.fact and field.column in table.values:
            yield str(field.column), "NULL" if field.null else f"date_trunc('year', t.{field.column})::date"


def _nothing(field: "models.Field[object, object]", unique: bool) -> str:
    """What a personal column is set to: NULL where it may be, a random text where it must be unique, else empty."""
    if field.null:
        return "NULL"
    return "'gone-' || gen_random_uuid()" if unique or field.unique else "''"
