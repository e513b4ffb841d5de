"""What is in the tables before and after, counted by plain SQL of the demo's own: the engine is not asked."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import connection
from psycopg import sql

from products.datamap import Category, Key, Suite, Table
from resets.policies.words import Rule, SetTo, Show
from tenants.schema import district_table

Counts = dict[str, int]


@dataclass(frozen=True)
class Seen:
    """Rows of one rule's category: where they are, and how many still show what the rule takes away.

    Attributes:
        live: rows in the live tables, by table.
        archive: rows in the archive twins, by live table.
        marked: rows that the rule's action has yet to change (not at the value; too old to keep or to show).
    """

    live: Counts = field(default_factory=dict)
    archive: Counts = field(default_factory=dict)
    marked: int = 0

    @property
    def all_live(self) -> int:
        """Rows in the live tables."""
        return sum(self.live.values())

    @property
    def all_archived(self) -> int:
        """Rows in the archive twins."""
        return sum(self.archive.values())


def see(suite: Suite, rule: Rule, reset_on: dt.date) -> Seen:
    """Count a rule's rows in the entered district."""
    categories = suite.categories if rule.category == "*" else (suite.category(rule.category),)
    tables = [(category, table) for category in categories for table in category.tables if _concerned(rule, category)]
    live = {table.name: _count(table, table.name, _schools(rule, table, reset_on)) for _, table in tables}
    archive = {
        table.name: _count(table, table.archive_name, _schools(rule, table, reset_on))
        for _, table in tables
        if table.archive
    }
    return Seen(live, archive, _marked(rule, [table for _, table in tables], reset_on))


def _concerned(rule: Rule, category: Category) -> bool:
    """A school's subscription is the contract, not the school's data: no rule destroys it."""
    return rule.category != "*" or category.code != "subscriptions"


def _count(table: Table, name: str, where: sql.Composable) -> int:
    return _number(sql.SQL("SELECT count(*) FROM {} AS t WHERE {}").format(district_table(name), where))


def _schools(rule: Rule, table: Table, reset_on: dt.date) -> sql.Composable:
    """Restrict to the schools with, or without, an active Hero subscription on the reset date."""
    if rule.where.subscribed is None or table.key is Key.PARENT:
        return sql.SQL("true")
    active = sql.SQL(
        "EXISTS (SELECT 1 FROM {} AS s WHERE s.school_id = t.school_id AND s.starts_on <= {day}"
        " AND (s.ends_on IS NULL OR s.ends_on >= {day}))"
    ).format(district_table("hero_schoolsubscription"), day=sql.Literal(reset_on))
    return active if rule.where.subscribed else sql.SQL("NOT {}").format(active)


def _marked(rule: Rule, tables: list[Table], reset_on: dt.date) -> int:
    if isinstance(rule.action, SetTo):
        differs = sql.SQL(" OR ").join(
            sql.SQL("t.{} <> {}").format(sql.Identifier(column), sql.Literal(rule.action.value))
            for column in rule.action.columns
        )
        table = tables[0]
        return _count(table, table.name, sql.SQL("({}) AND {}").format(differs, _schools(rule, table, reset_on)))
    if isinstance(rule.action, Show):
        oldest = reset_on - dt.timedelta(days=rule.action.last)
        return _count(tables[0], tables[0].name, sql.SQL("t.occurred_on < {}").format(sql.Literal(oldest)))
    since = getattr(rule.action, "since", None)
    if since is not None:
        return sum(_count(t, t.name, sql.SQL("t.school_year < {}").format(sql.Literal(since))) for t in tables)
    return 0


def _number(query: sql.Composed) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
