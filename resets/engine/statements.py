"""The set-based statements of the small steps. Each answers with what the database did: (school, rows)."""

from uuid import UUID

from psycopg import sql

from resets.engine.counting import due, touched_by
from resets.engine.held import is_held
from resets.engine.plan import Ground, Part, Work
from resets.engine.relations import in_scope, relation, school_of
from resets.engine.undo import undo_name
from resets.policies.words import SetTo

BY_SCHOOL = sql.SQL("WITH done AS ({}) SELECT school_id, count(*) FROM done GROUP BY 1")


def statement_for(run_id: UUID, part: Part, ground: Ground) -> sql.Composed:
    """The statement of a part that changes or deletes rows."""
    if part.work is Work.SET:
        return BY_SCHOOL.format(_set_columns(run_id, part, ground))
    if part.work is Work.UNASSIGN:
        return BY_SCHOOL.format(_unassign(run_id, part, ground))
    return BY_SCHOOL.format(_delete_facts(part, ground) if part.table.fact else _delete_rows(part, ground))


def _set_columns(run_id: UUID, part: Part, ground: Ground) -> sql.Composed:
    """Set the columns of exactly the rows that the undo table has."""
    if not isinstance(part.rule.action, SetTo):
        raise TypeError(f"{part.text}: the rule sets nothing")
    value = sql.Literal(part.rule.action.value)
    columns = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), value) for name in part.rule.action.columns
    )
    return sql.SQL(
        "UPDATE {} AS t SET {} FROM {} AS u WHERE u.id = t.id RETURNING u.undo_school_id AS school_id"
    ).format(relation(ground, part.relation), columns, relation(ground, undo_name(run_id, part)))


def _unassign(run_id: UUID, part: Part, ground: Ground) -> sql.Composed:
    return sql.SQL(
        "DELETE FROM {} AS t USING {} AS u WHERE u.id = t.id RETURNING u.undo_school_id AS school_id"
    ).format(relation(ground, part.relation), relation(ground, undo_name(run_id, part)))


def _delete_facts(part: Part, ground: Ground) -> sql.Composed:
    if not ground.held.anything:
        return sql.SQL("DELETE FROM {} AS t WHERE {} RETURNING t.school_id").format(
            relation(ground, part.relation), in_scope(part, ground)
        )
    held = is_held(part.table, ground.schema, ground.held)
    return sql.SQL("DELETE FROM {} AS t WHERE {} AND NOT {} RETURNING t.school_id").format(
        relation(ground, part.relation), due(part, ground), held
    )


def _delete_rows(part: Part, ground: Ground) -> sql.Composed:
    joins, school = school_of(part.table, ground)
    return sql.SQL(
        "DELETE FROM {table} AS t USING (SELECT t.id, {school} AS school_id FROM {table} AS t{joins}"
        " WHERE ({touched}) AND {scope}) AS r WHERE r.id = t.id RETURNING r.school_id"
    ).format(
        table=relation(ground, part.relation),
        school=school,
        joins=joins,
        touched=touched_by(part, ground),
        scope=in_scope(part, ground),
    )
