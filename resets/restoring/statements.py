"""The SQL of a restore: set-based, schema-qualified."""

from collections.abc import Iterable

from django.db import models
from psycopg import sql

from products.datamap import columns_of
from products.partitions import partition_name, split_name
from resets.engine.plan import Ground, Work
from resets.engine.relations import relation
from resets.policies.words import SetTo
from resets.restoring.plan import Fact, RestorePlan, Small

BY_SCHOOL = sql.SQL("WITH done AS ({}) SELECT school_id, count(*) FROM done GROUP BY 1")


def archived_rows(fact: Fact, plan: RestorePlan) -> sql.Composed:
    """(school, rows) of an archived year that come back."""
    return sql.SQL("SELECT t.school_id, count(*) FROM {} AS t WHERE {} GROUP BY 1").format(
        archived(fact, plan.ground), _of_schools(fact, plan)
    )


def bring_back(fact: Fact, plan: RestorePlan) -> sql.Composed:
    """Copy the schools' archived rows to the live partition of their year."""
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in columns_of(fact.table.model))
    return BY_SCHOOL.format(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} AS t WHERE {} RETURNING school_id").format(
            relation(plan.ground, fact.table.name),
            columns,
            columns,
            archived(fact, plan.ground),
            _of_schools(fact, plan),
        )
    )


def take_from_archive(fact: Fact, plan: RestorePlan) -> sql.Composed:
    """Delete what was copied from the archive."""
    return BY_SCHOOL.format(
        sql.SQL("DELETE FROM {} AS t WHERE {} RETURNING t.school_id").format(
            archived(fact, plan.ground), _of_schools(fact, plan)
        )
    )


def archived(fact: Fact, ground: Ground) -> sql.Composable:
    """The archive twin's rows of a year, as a relation: pruned to its partition by the year."""
    return relation(ground, archived_name(fact, ground))


def archived_name(fact: Fact, ground: Ground) -> str:
    """The archived partition's name: its own where the year is live too."""
    is_split = fact.year in ground.live_years.get(fact.table.name, ())
    return (split_name if is_split else partition_name)(fact.table.name, fact.year)


def undone_rows(small: Small, plan: RestorePlan) -> sql.Composed:
    """(school, rows in the undo table, rows that come back, rows with something new since) of a small table."""
    table, undo = relation(plan.ground, small.part.relation), relation(plan.ground, small.undo)
    comes: sql.Composable = sql.SQL("t.id IS NOT NULL")
    joined: sql.Composable = sql.SQL(" LEFT JOIN {} AS t ON t.id = u.id").format(table)
    since = _changed_since(small) if small.part.work is Work.SET else _taken(small, plan)
    if small.part.work is not Work.SET:
        comes, joined = sql.SQL("{} AND NOT ({})").format(_parents(small, plan), since), sql.SQL("")
    return sql.SQL(
        "SELECT u.undo_school_id, count(*), count(*) FILTER (WHERE {}), count(*) FILTER (WHERE {})"
        " FROM {} AS u{} WHERE {} GROUP BY 1"
    ).format(comes, since, undo, joined, _undone(plan))


def put_back(small: Small, plan: RestorePlan) -> sql.Composed:
    """Give a small table back what the reset took; what was earned since is added to it."""
    return BY_SCHOOL.format(_add(small, plan)) if small.part.work is Work.SET else _assign(small, plan)


def forget(small: Small, plan: RestorePlan) -> sql.Composed:
    """Take what was put back out of the undo table: a whole suite's is dropped."""
    undo = relation(plan.ground, small.undo)
    if plan.undone is None:
        return sql.SQL("DROP TABLE {}").format(undo)
    return sql.SQL("DELETE FROM {} AS u WHERE {}").format(undo, _undone(plan))


def _add(small: Small, plan: RestorePlan) -> sql.Composed:
    changes = sql.SQL(", ").join(
        sql.SQL("{0} = u.{0} + t.{0} - {1}").format(sql.Identifier(name), value) for name, value in _set_to(small)
    )
    return sql.SQL(
        "UPDATE {} AS t SET {} FROM {} AS u WHERE u.id = t.id AND {} RETURNING u.undo_school_id AS school_id"
    ).format(relation(plan.ground, small.part.relation), changes, relation(plan.ground, small.undo), _undone(plan))


def _assign(small: Small, plan: RestorePlan) -> sql.Composed:
    names = list(columns_of(small.part.table.model))
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    values = sql.SQL(", ").join(sql.SQL("u.{}").format(sql.Identifier(name)) for name in names)
    return sql.SQL(
        "WITH chosen AS (SELECT u.* FROM {undo} AS u WHERE {which} AND {parents} AND NOT ({taken})),"
        " made AS (INSERT INTO {table} ({columns}) SELECT {values} FROM chosen AS u RETURNING id)"
        " SELECT u.undo_school_id, count(*) FROM made JOIN chosen AS u ON u.id = made.id GROUP BY 1"
    ).format(
        undo=relation(plan.ground, small.undo), which=_undone(plan), parents=_parents(small, plan),
        taken=_taken(small, plan), table=relation(plan.ground, small.part.relation), columns=columns, values=values,
    )  # fmt: skip


def _set_to(small: Small) -> list[tuple[str, sql.Literal]]:
    action = small.part.rule.action
    if not isinstance(action, SetTo):
        raise TypeError(f"{small.part.text}: the rule sets nothing")
    return [(name, sql.Literal(action.value)) for name in action.columns]


def _changed_since(small: Small) -> sql.Composable:
    return sql.SQL(" OR ").join(
        sql.SQL("t.{} IS DISTINCT FROM {}").format(sql.Identifier(name), value) for name, value in _set_to(small)
    )


def _parents(small: Small, plan: RestorePlan) -> sql.Composable:
    """What a row of the undo table points to is still there: the student, the playlist."""
    found = []
    for field in small.part.table.model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            other = field.related_model._meta
            found.append(
                sql.SQL("(u.{0} IS NULL OR EXISTS (SELECT FROM {1} AS p WHERE p.{2} = u.{0}))").format(
                    sql.Identifier(field.column), relation(plan.ground, other.db_table),
                    sql.Identifier(str(other.pk.column)),
                )
            )  # fmt: skip
    return sql.SQL(" AND ").join(found) if found else sql.SQL("true")


def _taken(small: Small, plan: RestorePlan) -> sql.Composable:
    """There is such a row again: assigned anew since, or under the same key."""
    meta = small.part.table.model._meta
    sets: list[Iterable[str]] = [("id",), *(constraint.fields for constraint in meta.total_unique_constraints)]
    columns = {field.name: str(field.column) for field in meta.concrete_fields}
    table = relation(plan.ground, small.part.relation)
    return sql.SQL(" OR ").join(
        sql.SQL("EXISTS (SELECT FROM {} AS t WHERE {})").format(
            table,
            sql.SQL(" AND ").join(sql.SQL("t.{0} = u.{0}").format(sql.Identifier(columns[name])) for name in names),
        )
        for names in sets
    )


def _of_schools(fact: Fact, plan: RestorePlan) -> sql.Composable:
    if fact.whole:
        return sql.SQL("true")
    return sql.SQL("t.school_id = ANY({}::bigint[])").format(sql.Literal(list(plan.schools)))


def _undone(plan: RestorePlan) -> sql.Composable:
    """The rows of an undo table `u` that come back."""
    if plan.undone is None:
        return sql.SQL("true")
    return sql.SQL("u.undo_school_id = ANY({}::bigint[])").format(sql.Literal(list(plan.schools)))
