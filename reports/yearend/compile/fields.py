"""The columns of a list: a column of the category's own table, a staff member's name, or a thing's title."""

from django.db import models
from psycopg import sql

from reports.yearend.columns import Column, Kind
from reports.yearend.compile.measuring import word
from reports.yearend.compile.relation import Relation
from reports.yearend.compile.text import Text, compose, person, roster
from reports.yearend.words import Field, StaffField, ThingField
from tenants.schema import district_table

AnyField = Field | StaffField | ThingField


def field_reads(field: AnyField) -> tuple[str, ...]:
    """The columns of the rows that it reads."""
    return (field.column,)


def field_column(field: AnyField, relation: Relation) -> Column:
    """The column that it makes. Personal is what the data map says is."""
    match field:
        case Field():
            personal = field.column in relation.table.personal
            kind = Kind.PERCENT if field.percent else _kind(relation, field.column)
            return Column(field.column, field.label, kind, field.about, personal=personal)
        case StaffField():
            return Column(field.column.removesuffix("_id"), field.label, Kind.TEXT, personal=True)
        case ThingField():
            return Column(field.column.removesuffix("_id"), field.label, Kind.TEXT)


def field_join(field: AnyField) -> Text:
    """A join of the rows `f` with what it reads beside them."""
    match field:
        case Field():
            return sql.SQL("")
        case StaffField(column=column):
            table, key = roster("educatoridentity"), "educator_id"
        case ThingField(column=column, of=of):
            table, key = district_table(of._meta.db_table), "id"
    return compose(
        "LEFT JOIN {t} AS {a} ON {a}.{k} = f.{c}",
        t=table,
        a=_alias(field),
        k=sql.Identifier(key),
        c=sql.Identifier(column),
    )


def field_value(field: AnyField, relation: Relation) -> Text:
    """Its value, of a row `f`."""
    match field:
        case Field(column=column, words=words):
            return word(relation, column, sql.Identifier("f", column), words)
        case StaffField():
            return person(_alias_name(field))
        case ThingField(title=title):
            return sql.Identifier(_alias_name(field), title)


def _alias_name(field: AnyField) -> str:
    return f"x_{field.column}"


def _alias(field: AnyField) -> sql.Identifier:
    return sql.Identifier(_alias_name(field))


def _kind(relation: Relation, column: str) -> Kind:
    match relation.columns[column]:
        case models.BooleanField():
            return Kind.YES_NO
        case models.DecimalField():
            return Kind.DECIMAL
        case models.IntegerField():
            return Kind.WHOLE
        case models.DateField():
            return Kind.DATE
        case _:
            return Kind.TEXT
