"""The queries of a list: how many, which keys, and those keys' records. Three, however long the list is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from api.oneroster.conditions import condition_of
from api.oneroster.fields import Field, Hrefs, json_of
from api.oneroster.language.asking import Asked
from api.oneroster.resource import Resource

COUNT = "SELECT count(*) FROM {relation} WHERE {where}"
KEYS = "SELECT {key} FROM {relation} WHERE {where} ORDER BY {order} LIMIT {limit} OFFSET {offset}"
ROWS = "SELECT {columns} FROM {relation} WHERE {where} AND {key} = ANY(%s)"


@dataclass(frozen=True)
class Narrowing:
    """Which of a resource's records are meant, whatever the client filters.

    Attributes:
        school_id: only this school's; none: all.
        by: names of the resource's `by` with their values.
    """

    school_id: int | None = None
    by: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Where:
    """A composed condition with its parameters."""

    sql: sql.Composable
    values: tuple[Any, ...]


def where_of(resource: Resource, narrowing: Narrowing, asked: Asked | None = None) -> Where:
    """Everything that a record must fulfil."""
    parts: list[sql.Composable] = [resource.compose(resource.where)]
    values: list[Any] = []
    if narrowing.school_id is not None:
        parts.append(resource.compose(resource.school))
        values += [narrowing.school_id] * resource.school.count("%s")
    for name, value in narrowing.by:
        parts.append(resource.compose(resource.by[name]))
        values += [value] * resource.by[name].count("%s")
    if asked and asked.where:
        part, more = condition_of(resource, asked.where)
        parts.append(part)
        values += more
    return Where(sql.SQL(" AND ").join(sql.SQL("({})").format(part) for part in parts), tuple(values))


def count_of(resource: Resource, where: Where) -> int:
    """How many records fulfil it."""
    return int(_fetched(COUNT, resource, where, where.values)[0][0])


def keys_of(resource: Resource, where: Where, asked: Asked) -> list[str]:
    """The sourcedIds of one page, in its order: read from the index alone where nothing is filtered or sorted by."""
    key = resource.compose(resource.key)
    order: sql.Composable = key
    if asked.sort is not None and asked.sort.name != "sourcedId":
        direction = sql.SQL("DESC NULLS LAST" if asked.descending else "ASC NULLS LAST")
        order = sql.SQL("({}) {}, {}").format(resource.compose(asked.sort.sql), direction, key)
    elif asked.sort is not None and asked.descending:
        order = sql.SQL("{} DESC").format(key)
    rows = _fetched(
        KEYS,
        resource,
        where,
        where.values,
        order=order,
        limit=sql.Literal(asked.limit),
        offset=sql.Literal(asked.offset),
    )
    return [str(row[0]) for row in rows]


def records_of(
    resource: Resource, where: Where, keys: Sequence[str], hrefs: Hrefs, fields: frozenset[str] | None = None
) -> list[dict[str, Any]]:
    """The records of some sourcedIds, in that order; those that are not there any more are left out."""
    shown = [one for one in resource.fields if not one.hidden]
    if fields is not None and resource.old is None:
        shown = [one for one in shown if one.name in fields]
    key = sql.SQL("{} AS key").format(resource.compose(resource.key))
    columns = sql.SQL(", ").join([key, *_values(resource, shown)])
    rows = _fetched(ROWS, resource, where, (*where.values, list(keys)), columns=columns)
    found = {str(row[0]): _record(resource, shown, row[1:], hrefs, fields) for row in rows}
    return [found[key] for key in keys if key in found]


def _record(
    resource: Resource, shown: Sequence[Field], row: Sequence[Any], hrefs: Hrefs, fields: frozenset[str] | None
) -> dict[str, Any]:
    values = ((one, json_of(one, value, hrefs)) for one, value in zip(shown, row, strict=True))
    record = {one.name: value for one, value in values if value is not None}
    if hrefs.old and resource.old:
        record = resource.old(record)
    return record if fields is None else {name: value for name, value in record.items() if name in fields}


def _values(resource: Resource, shown: Sequence[Field]) -> list[sql.Composable]:
    return [sql.SQL("({})").format(resource.compose(one.sql)) for one in shown]


def _fetched(
    template: str, resource: Resource, where: Where, values: Sequence[Any], **more: sql.Composable
) -> list[Any]:
    statement = sql.SQL(template).format(
        relation=resource.compose(resource.relation),
        key=resource.compose(resource.key),
        where=where.sql,
        **more,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return list(cursor.fetchall())
