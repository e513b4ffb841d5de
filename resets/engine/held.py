"""Rows on legal hold: what a policy would delete leaves them out. Nothing of this is asked where nothing is on hold.

A row is held through a *link*: a column of the table, and a query of which keys each hold holds there. A student's rows
are held, a held school's, the children of held rows, the parents that held children point to, and a held student's
guardians'.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from psycopg import sql

from holds.models import HoldScope
from holds.selectors import active_holds, held_by, is_anything_held
from products.datamap import Key, Suite, Table
from products.registry import suites
from resets.engine.held_words import Held
from tenants.datamap import columns_of

Link = tuple[str, sql.Composable]
"""A column of the table, and a query of (hold_id, key)."""

SCHOOLS = "SELECT h.id AS hold_id, h.school_id AS key FROM {hold} AS h WHERE h.lifted_at IS NULL AND h.scope = 'school'"
GUARDIANS = """
SELECT b.hold_id, g.guardian_id AS key FROM ({by}) AS b JOIN {links} AS g ON g.student_id = b.student_id
"""
DISTRICT = "SELECT h.id AS hold_id FROM {hold} AS h WHERE h.lifted_at IS NULL AND h.scope = 'district'"


def read_held(
    suite: Suite, schema: str, live: dict[str, tuple[int, ...]], archived: dict[str, tuple[int, ...]]
) -> Held:
    """What a plan must know of the entered district's holds; one question where there are none."""
    if not is_anything_held():
        return Held()
    whole = active_holds().filter(scope=HoldScope.DISTRICT).exists()
    years: dict[str, tuple[int, ...]] = {}
    for table in suite.facts:
        for name, there in ((table.name, live), (table.archive_name, archived)):
            if name:
                years[name] = _held_years(table, name, schema, there.get(table.name, ()), whole)
    return Held(True, whole, tuple(sorted((name, found) for name, found in years.items() if found)))


def is_held(table: Table, schema: str, held: Held) -> sql.Composable:
    """The condition on `t` for the rows of a table, or of its archive twin, that are on hold."""
    if not held.anything:
        return sql.SQL("false")
    if held.whole_district:
        return sql.SQL("true")
    found = [
        sql.SQL("coalesce(t.{} IN (SELECT link.key FROM ({}) AS link), false)").format(sql.Identifier(column), keys)
        for column, keys in links(table, schema)
    ]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(found)) if found else sql.SQL("false")


def links(table: Table, schema: str) -> list[Link]:
    """By which of its columns a table's rows are held, with the keys that each hold holds there."""
    return list(_links(table, schema))


def _links(table: Table, schema: str) -> Iterator[Link]:
    columns = columns_of(table.model)
    if Key.STUDENT in columns:
        by = sql.SQL("SELECT b.hold_id, b.student_id AS key FROM ({}) AS b").format(held_by(schema))
        yield Key.STUDENT.value, by
    if Key.SCHOOL in columns:
        yield Key.SCHOOL.value, sql.SQL(SCHOOLS).format(hold=sql.Identifier(schema, "holds_legalhold"))
    if Key.GUARDIAN in columns:
        names = sql.Identifier(schema, "rostering_studentguardian")
        yield Key.GUARDIAN.value, sql.SQL(GUARDIANS).format(by=held_by(schema), links=names)
    if table.key is Key.PARENT and table.of is not None:
        parent = next(each for suite in suites() for each in suite.tables if each.model is table.of)
        yield table.parent, _rows_held(parent, schema, "id")
    for child, column in _pointing(table):  # a child that is keyed by this very table is held with it
        if has_links(child) and not (child.key is Key.PARENT and child.of is table.model):
            yield "id", _rows_held(child, schema, column)


def _rows_held(table: Table, schema: str, column: str) -> sql.Composable:
    """A query of (hold_id, key) over the held rows of another table, by one of its columns."""
    return sql.SQL(" UNION ").join(
        sql.SQL("SELECT link.hold_id, p.{} AS key FROM {} AS p JOIN ({}) AS link ON link.key = p.{}").format(
            sql.Identifier(column), sql.Identifier(schema, table.name), keys, sql.Identifier(own)
        )
        for own, keys in links(table, schema)
    )


def _pointing(table: Table) -> Iterator[tuple[Table, str]]:
    """The small tables of the suites whose rows point to this one's by a foreign key, each with the column."""
    for suite in suites():
        for other in suite.tables:
            if other.fact or other is table:
                continue
            for field in other.model._meta.concrete_fields:
                if field.remote_field is not None and field.related_model is table.model:
                    yield other, str(field.column)


def has_links(table: Table) -> bool:
    """Whether rows of a table can be on hold without the whole district's being."""
    columns = columns_of(table.model)
    return table.key is Key.PARENT or any(key in columns for key in (Key.STUDENT, Key.SCHOOL, Key.GUARDIAN))


def _held_years(table: Table, name: str, schema: str, years: tuple[int, ...], whole: bool) -> tuple[int, ...]:
    """The years of a live table, or of its twin, with rows on hold, in one query; the first such row is enough."""
    if not years:
        return ()
    condition = is_held(table, schema, Held(True, whole))
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {year} WHERE EXISTS (SELECT FROM {name} AS t WHERE t.school_year = {year} AND {held})").format(
            year=sql.Literal(year), name=sql.Identifier(schema, name), held=condition
        )
        for year in years
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return tuple(sorted(int(row[0]) for row in cursor.fetchall()))


def students_held(schema: str) -> dict[int, int]:
    """How many students each hold holds."""
    query = sql.SQL("SELECT b.hold_id, count(*) FROM ({}) AS b GROUP BY 1").format(held_by(schema))
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


def exclusions(rows: dict[int, int], schema: str) -> list[dict[str, Any]]:
    """What holds left out, as the ledger says it: number, scope, ground and counts, and never the reason."""
    if not rows:
        return []
    students = students_held(schema)
    return [
        {
            "hold": hold.pk,
            "scope": str(hold.scope),
            "ground": str(hold.ground),
            "rows": rows[hold.pk],
            "students": students.get(hold.pk, 0),
        }
        for hold in active_holds().filter(pk__in=rows).order_by("pk")
    ]


def parents_in_use(table: Table, schema: str) -> sql.Composable:
    """The condition on `t` for rows that another row still points to by a foreign key of the suite."""
    found = [
        sql.SQL("EXISTS (SELECT FROM {} AS c WHERE c.{} = t.id)").format(
            sql.Identifier(schema, child.name), sql.Identifier(column)
        )
        for child, column in _pointing(table)
    ]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(found)) if found else sql.SQL("false")
