"""Choosing the students of a page, and counting all whom a report concerns.

A page of 25 must not read the facts of everybody: names are walked in their order, and for each the index of the facts
tells whether there is anything of them in the scope. `OFFSET 0` keeps the planner from turning that round. Where few of
the district are in the scope (one school's, or a filter's that fits hardly anybody) a walk would ask of everybody in
vain: then whoever there is something of is put in order.
"""

from collections.abc import Iterable

from django.db import connection
from psycopg import sql

from reports.yearend.compile.conditions import where
from reports.yearend.compile.relation import Relation, relation
from reports.yearend.compile.text import Text, all_of, compose, listed, roster
from reports.yearend.scope import Scope
from reports.yearend.words import Part, Report, Totals
from rostering.models import StudentIdentity

WALK = """
SELECT i.student_id FROM (
    SELECT i.* FROM {identity} AS i WHERE {where} ORDER BY i.family_name, i.given_name, i.student_id LIMIT {names}
) AS i
WHERE {there} ORDER BY i.family_name, i.given_name, i.student_id LIMIT {limit}
"""
NAMES = 2_000
"""So many names are walked: a few hundredths of a second."""
IN_ORDER = """
SELECT i.student_id FROM {identity} AS i WHERE {where} AND i.student_id IN ({rows})
ORDER BY i.family_name, i.given_name, i.student_id LIMIT {limit}
"""
THERE = "EXISTS ({rows} OFFSET 0)"
COUNT = "SELECT count(*) FROM ({all}) AS everybody"
AFTER = "(i.family_name, i.given_name, i.student_id) {sign} ({family}, {given}, {key})"


def categories_of(report: Report, part: Part | None = None) -> list[Relation]:
    """The relations that a report, or one of its tables, reads."""
    codes: dict[str, None] = {}
    for each in [part] if part else report.parts:
        codes[each.category] = None
        if isinstance(each, Totals):
            codes.update(dict.fromkeys(measure.of for measure in each.measures if measure.of))
    return [relation(report.suite, code) for code in codes]


def next_students(report: Report, relations: list[Relation], scope: Scope, begin: list[Text], limit: int) -> list[int]:
    """The next students with a name of whom there is something in the scope, by name; `limit` at most.

    Args:
        relations: what there must be something of, any of them.
        begin: the conditions on a name `i` from which it goes on.
    """
    if not _is_narrow(scope):
        there = [there_is(report, each, scope, sql.SQL("i.student_id")) for each in relations]
        walked = _chosen(WALK, begin, limit, there=listed(there, " OR "), names=sql.Literal(NAMES))
        if len(walked) == limit:
            return walked
    rows = [each.rows(["student_id"], where(report, each, scope)) for each in relations]
    return _chosen(IN_ORDER, begin, limit, rows=listed(rows, " UNION ALL "))


def _is_narrow(scope: Scope) -> bool:
    """Whether few of the district's students can be in the scope."""
    own = (scope.sight.school_id, scope.sight.educator_id)
    return any(key is not None for key in (*own, scope.school, scope.section, scope.group, scope.student))


def _chosen(template: str, begin: list[Text], limit: int, **parts: sql.Composable) -> list[int]:
    table, most = roster("studentidentity"), sql.Literal(limit)
    with connection.cursor() as cursor:
        cursor.execute(compose(template, identity=table, where=all_of(begin), limit=most, **parts))
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
