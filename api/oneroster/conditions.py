"""A parsed filter as a parameterised SQL condition. Names come from the resource, values go as parameters."""

from typing import Any, Final

from psycopg import sql

from api.oneroster.fields import Field, Kind
from api.oneroster.language.filters import Clause, Filter, Op
from api.oneroster.language.values import value_of
from api.oneroster.resource import Resource

Part = tuple[sql.Composable, list[Any]]
COMPARED: Final = {
    Op.EQ: "{field} = %s",
    Op.NE: "{field} IS DISTINCT FROM %s",
    Op.GT: "{field} > %s",
    Op.GE: "{field} >= %s",
    Op.LT: "{field} < %s",
    Op.LE: "{field} <= %s",
    Op.CONTAINS: "position(lower(%s) IN lower({field})) > 0",
}
LISTS: Final = {
    Op.EQ: "({field} @> %s AND {field} <@ %s)",
    Op.NE: "NOT coalesce({field} @> %s AND {field} <@ %s, false)",
    Op.CONTAINS: "{field} && %s",
}
ANY: Final = {
    Op.EQ: "%s = ANY({field})",
    Op.NE: "NOT %s = ANY({field})",
    Op.CONTAINS: "EXISTS (SELECT FROM unnest({field}) AS one WHERE position(lower(%s) IN lower(one)) > 0)",
}
"""A list equals a comma-joined one when both have the same elements, and contains it when they share one."""


def condition_of(resource: Resource, where: Filter) -> Part:
    """The condition and its parameters, for records of a resource.

    Raises:
        QueryError: a value is not of its field's kind.
    """
    parts, values = [], []
    for clause in where.clauses:
        found = resource.field_named(clause.field)
        if found is None:
            raise LookupError(f"{resource.plural} have no field {clause.field}")
        part, more = _comparison(resource, found, clause)
        parts.append(part)
        values += more
    return sql.SQL("({})").format(sql.SQL(f" {where.join.value} ").join(parts)), values


def _comparison(resource: Resource, field: Field, clause: Clause) -> Part:
    inner = sql.SQL("({})").format(resource.compose(field.sql))
    if field.kind in {Kind.LIST, Kind.REFS}:
        template = LISTS[clause.op]
        value: Any = [one.strip() for one in clause.value.split(",") if one.strip()]
        inner = sql.SQL("{}::text[]").format(inner)
    elif field.kind is Kind.ANY:
        template, value = ANY[clause.op], clause.value
        inner = sql.SQL("{}::text[]").format(inner)
    else:
        template, value = COMPARED[clause.op], value_of(field, clause.value)
    count = template.count("%s")
    return sql.SQL(template).format(field=inner), [value] * count
