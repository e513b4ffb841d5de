"""Choosing the students of a page by the index of their names, and counting all whom a report concerns.

A page of 25 must not read the facts of everybody: names are walked in their order, and for each the index of the facts
tells whether there is anything of them in the scope. `OFFSET 0` keeps the planner from turning that round.
"""

from collections.abc import Iterable

from django.db import connection
from psycopg import sql

from reports.yearend.compile.conditions import only_students, where
from reports.yearend.compile.relation import Relation, relation
from reports.yearend.compile.text import Text, all_of, compose, listed, roster
from reports.yearend.scope import Scope
from reports.yearend.words import Report, Totals
from rostering.models import StudentIdentity

WALK = """
SELECT i.student_id FROM {identity} AS i WHERE {where} AND ({there})
ORDER BY i.family_name, i.given_name, i.student_id LIMIT {limit}
"""
THERE = "EXISTS ({rows} OFFSET 0)"
COUNT = "SELECT count(*) FROM ({all}) AS everybody"
AFTER = "(i.family_name, i.given_name, i.student_id) {sign} ({family}, {given}, {key})"


def categories_of(report: Report, part: Totals | None = None) -> list[Relation]:
    """The relations that a report, or one table of totals, reads."""
    codes: dict[str, None] = {}
    for each in [part] if part else report.parts:
        codes[each.category] = None
        if isinstance(each, Totals):
            codes.update(dict.fromkeys(measure.of for measure in each.measures if measure.of))
    return [relation(report.suite, code) for code in codes]


def next_students(report: Report, part: Totals, scope: Scope, after: int | None, limit: int) -> list[int]:
    """The next students with a name of whom there is something in the scope, by name; one more than `limit` at most."""
    relations = categories_of(report, part)
    mine = sql.SQL("i.student_id")
    there = [there_is(report, each, scope, mine) for each in relations]
    conditions = [*only_students(mine, relations[0], scope), *after_student(after)]
    query = compose(
        WALK,
        identity=roster("studentidentity"),
        where=all_of(conditions),
        there=listed(there, " OR "),
        limit=sql.Literal(limit + 1),
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [int(row[0]) for row in cursor.fetchall()]


def there_is(report: Report, relation: Relation, scope: Scope, who: Text, year: Text | None = None) -> Text:
    """A condition: there is something of a student in the scope.

    Args:
        year: of this school year.
    """
    conditions = where(report, relation, scope)
    for table in conditions:
        conditions[table].append(compose("{s} = {w}", s=relation.standing("student_id"), w=who))
        if year is not None:
            conditions[table].append(compose("{y} = {v}", y=relation.standing("school_year"), v=year))
    found = [
        compose(THERE, rows=relation.rows(["student_id"], {table: conditions[table]}, [table]))
        for table in relation.tables
    ]
    return listed(found, " OR ")


def after_student(key: int | None, sign: str = ">") -> list[Text]:
    """The condition that a name comes after a student's; none where the student has no name (any more)."""
    found = StudentIdentity.objects.filter(pk=key).values_list("family_name", "given_name").first() if key else None
    if found is None:
        return []
    family, given = (sql.Literal(name) for name in found)
    return [compose(AFTER, sign=sql.SQL(sign), family=family, given=given, key=sql.Literal(key))]


def students_in_report(report: Report, scope: Scope) -> int:
    """How many students a report is about in the scope, with those who have no name any more. One query."""
    parts: Iterable[sql.Composed] = (
        compose(
            "SELECT f.student_id FROM ({rows}) AS f GROUP BY f.student_id",
            rows=each.rows(["student_id"], where(report, each, scope)),
        )
        for each in categories_of(report)
    )
    with connection.cursor() as cursor:
        cursor.execute(compose(COUNT, all=listed(parts, " UNION ")))
        return int(cursor.fetchone()[0])
