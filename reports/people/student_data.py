"""A student's data in every suite that the district has: how many rows, the newest few in words, and their fate."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from products.datamap import Key, Suite, Table, columns_of
from products.models import Subscription
from products.registry import product_named, suites
from reports.people.fact_words import fact_words
from resets.explain import NEVER, Explanation, explain_student, whens_of
from resets.explain_words import When
from resets.policies.registry import policy_for
from rostering.models import Student
from tenants.models import District
from tenants.schema import district_table

NEWEST = 3
DATED = ("occurred_on", "assigned_on", "decided_on", "created_on")
"""By which of its columns a table's rows are new; the keys where it has none."""
ROWS = """
(SELECT {name} AS relation, count(*) OVER () AS rows, to_jsonb(t) - {hidden}::text[] AS row
 FROM {relation} AS t WHERE t.student_id = %(student)s
 ORDER BY {newest} DESC LIMIT {limit})
"""


@dataclass(frozen=True)
class CategoryData:
    """One category: its explanation, and the newest of the student's rows in words."""

    said: Explanation
    newest: list[str]


@dataclass(frozen=True)
class SuiteData:
    """One suite: the categories that keep rows for each student, and what is said of the others."""

    suite: Suite
    when: When
    own: list[CategoryData]
    others: list[Explanation]

    @property
    def resettable(self) -> bool:
        """Whether the suite has an end-of-year reset at all."""
        return policy_for(self.suite.code).resettable

    @property
    def rows(self) -> int:
        """How many rows the student has in all."""
        return sum(category.said.live + category.said.archived for category in self.own)


def student_data(
    student: Student, district: District, subscriptions: Iterable[Subscription], as_of: dt.date
) -> list[SuiteData]:
    """What each suite keeps of a student of the entered district. The number of queries is constant.

    A suite counts as the district's when it was ever subscribed to, or still holds rows of the student.

    Args:
        subscriptions: all of the district.
    """
    counted, newest = _read(student.pk)
    subscribed = {product_named(one.product)[0].code for one in subscriptions}
    shown = [suite for suite in suites() if suite.code in subscribed or _holds_rows(suite, counted)]
    found, whens = [], whens_of(district)
    for suite in shown:
        when = whens.get(suite.code, NEVER)
        said = explain_student(
            student, suite, suite.categories, district=district, as_of=as_of, counted=counted, when=when
        )
        own = [CategoryData(each, newest[suite.code, each.category]) for each in said if each.is_own]
        found.append(SuiteData(suite, when, own, [each for each in said if not each.is_own]))
    return sorted(found, key=lambda each: not each.rows)  # what has nothing comes last


def _holds_rows(suite: Suite, counted: dict[str, int]) -> bool:
    return any(counted.get(table.name) or counted.get(table.archive_name) for table in suite.tables)


def _read(student_id: int) -> tuple[dict[str, int], dict[tuple[str, str], list[str]]]:
    """A student's rows by relation, and the newest ones in words, by suite and category: one query for all tables.

    Nothing personal is read.
    """
    tables = {
        name: (suite, category.code, table)
        for suite in suites()
        for category in suite.categories
        for table in category.tables
        if table.key is Key.STUDENT
        for name in (table.name, table.archive_name)
        if name
    }
    counted: dict[str, int] = {}
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    query = sql.SQL(" UNION ALL ").join(_rows(name, table) for name, (_, _, table) in tables.items())
    with connection.cursor() as cursor:
        cursor.execute(query, {"student": student_id})
        for name, counted[name], text in cursor.fetchall():
            row = json.loads(text)
            suite, code, table = tables[name]
            date = next((str(row[column]) for column in DATED if row.get(column)), "")
            found[suite.code, code].append((date, fact_words(table, row, is_archived=name == table.archive_name)))
    newest = {key: [words for _, words in sorted(rows, reverse=True)[:NEWEST]] for key, rows in found.items()}
    return counted, defaultdict(list, newest)


def _rows(name: str, table: Table) -> sql.Composed:
    columns = columns_of(table.model)
    newest = next((column for column in DATED if column in columns), "student_id")
    return sql.SQL(ROWS).format(
        name=sql.Literal(name),
        relation=district_table(name),
        hidden=sql.Literal(list(table.personal)),
        newest=sql.SQL("t.{}").format(sql.Identifier(newest)),
        limit=sql.Literal(NEWEST),
    )
