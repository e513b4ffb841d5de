"""What a reset left because of a hold, done when the hold is lifted: in one transaction, proven like the reset.

Running it again is harmless: what was deleted is gone, and what another hold still holds stays until that is lifted.
"""

import datetime as dt
from collections import Counter
from typing import Any
from uuid import uuid4

from django.db import connection
from psycopg import sql

from ledger.services import append_entry
from products.partitions import history_opened
from products.registry import suite_named
from resets.controls import check_going_on, confirm_going_on
from resets.engine import events
from resets.engine.answers import BY_RELATION, answers
from resets.engine.counting import due
from resets.engine.errors import VerificationError
from resets.engine.excluded import POSTPONED, count_exclusions
from resets.engine.followups import enqueue_file_removal, enqueue_rewrite
from resets.engine.ground import read_ground
from resets.engine.held import is_held, parents_in_use
from resets.engine.plan import Ground, Part, Plan, Work, compile_plan
from resets.engine.proof import NOTHING, Written, baseline, written_relations
from resets.engine.record import tables_of
from resets.engine.relations import relation
from resets.engine.verify import verify_references
from resets.models import ResetRun
from resets.policies.registry import policy_for
from tenants.models import District
from tenants.schema import current_schema

MARKS_GO = """
DELETE FROM {marks} AS m WHERE m.run_id = {run} AND m.relation = {name}
  AND NOT EXISTS (SELECT FROM {table} AS t WHERE t.id = m.row_id)
"""


def delete_postponed(district: District, run: ResetRun, hold_id: int, *, actor: str, at: dt.datetime) -> int:
    """Delete what a run left because of holds, where nothing holds it any more; returns the rows.

    Raises:
        VerificationError: the database did something else; nothing was changed.
        WorkStoppedError: a person has stopped all destructive work; nothing was changed.
    """
    check_going_on(run.schedule_id)
    with history_opened(district):
        before = baseline(current_schema())
        plan = _plan(run)
        files = _keep_files(plan)
        gone: Counter[str] = Counter()
        categories: dict[str, dict[str, int]] = {}
        for part in reversed(plan.parts):
            deleted = _delete(run, part, plan.ground)
            gone.update(deleted)
            if rows := sum(deleted.values()):
                line = categories.setdefault(part.category.code, {"before": 0, "deleted": 0})
                line["before"] += rows
                line["deleted"] += rows
        marks = _forget_marks(run, plan)
        events.reached("postponed_deleted")
        if not gone:
            _drop(files, plan.ground)
            return 0
        verify_references()
        done = {name: Written(0, 0, rows) for name, rows in gone.items()}
        _verify(plan, {**done, POSTPONED: Written(0, 0, marks)}, before, own=set(files))
        prefix = f"postponed {run.pk} {hold_id}"
        _record(district, run, plan, hold_id, done, categories, prefix, actor=actor, at=at)
        for table in files:
            enqueue_file_removal(district, table, at)
        enqueue_rewrite(district, prefix, done, at)
        confirm_going_on(run.schedule_id)
        events.reached("postponed_recorded")
    events.reached("postponed_committed")
    return sum(gone.values())


def _plan(run: ResetRun) -> Plan:
    """The run's own plan, but its deletions only."""
    suite = suite_named(run.suite)
    ground = read_ground(suite, run.school_year, run.on)
    plan = compile_plan(policy_for(run.suite), suite, ground)
    return Plan(plan.policy, plan.suite, ground, tuple(plan.doing(Work.DELETE, Work.DROP)))


def _delete(run: ResetRun, part: Part, ground: Ground) -> dict[str, int]:
    statement = _delete_facts(part, ground) if part.table.fact else _delete_marked(run, part, ground)
    return answers(BY_RELATION.format(statement))


def _facts_due(part: Part, ground: Ground) -> sql.Composable:
    """A year that was over on the reset date, and rows that nothing holds any more."""
    years = sql.SQL("t.school_year <= {}").format(sql.Literal(ground.school_year))
    if part.work is Work.DROP:
        years = sql.SQL("t.school_year = ANY({}::smallint[])").format(sql.Literal(list(part.years)))
    held = is_held(part.table, ground.schema, ground.held)
    return sql.SQL("{} AND {} AND NOT {}").format(due(part, ground), years, held)


def _delete_facts(part: Part, ground: Ground) -> sql.Composed:
    return sql.SQL("DELETE FROM {} AS t WHERE {} RETURNING t.tableoid").format(
        relation(ground, part.relation), _facts_due(part, ground)
    )


def _delete_marked(run: ResetRun, part: Part, ground: Ground) -> sql.Composed:
    """Rows that the run marked, but for those that something of the new school year has come to point to."""
    return sql.SQL(
        "DELETE FROM {table} AS t USING {marks} AS m WHERE m.run_id = {run} AND m.relation = {name}"
        " AND m.position = {position} AND m.row_id = t.id AND NOT {held} AND NOT {in_use} RETURNING t.tableoid"
    ).format(
        table=relation(ground, part.relation),
        marks=relation(ground, POSTPONED),
        run=sql.Literal(run.pk),
        name=sql.Literal(part.relation),
        position=sql.Literal(part.position),
        held=is_held(part.table, ground.schema, ground.held),
        in_use=parents_in_use(part.table, ground.schema),
    )


def _forget_marks(run: ResetRun, plan: Plan) -> int:
    """Marks of rows that are gone go too; returns how many."""
    forgotten = 0
    with connection.cursor() as cursor:
        for name in sorted({part.relation for part in plan.parts if not part.table.fact}):
            parts = {"marks": relation(plan.ground, POSTPONED), "table": relation(plan.ground, name)}
            cursor.execute(sql.SQL(MARKS_GO).format(run=sql.Literal(run.pk), name=sql.Literal(name), **parts))
            forgotten += cursor.rowcount
    return forgotten


def _keep_files(plan: Plan) -> list[str]:
    """Write the names of the files of what will be deleted to tables of this lifting; returns their names."""
    kept: list[str] = []
    with connection.cursor() as cursor:
        for part in plan.parts:
            for column in part.table.files if part.table.fact else ():
                name = f"files_postponed_{uuid4().hex}"
                cursor.execute(
                    sql.SQL("CREATE TABLE {} AS SELECT t.{c} AS file FROM {} AS t WHERE t.{c} <> '' AND {}").format(
                        relation(plan.ground, name),
                        relation(plan.ground, part.relation),
                        _facts_due(part, plan.ground),
                        c=sql.Identifier(column),
                    )
                )
                kept.append(name)
    return kept


def _drop(tables: list[str], ground: Ground) -> None:
    with connection.cursor() as cursor:
        for name in tables:
            cursor.execute(sql.SQL("DROP TABLE {}").format(relation(ground, name)))


def _verify(plan: Plan, done: dict[str, Written], before: dict[str, Written], own: set[str]) -> None:
    """What the statements answered is what the database has written, and nothing else."""
    here, elsewhere = written_relations(plan.ground.schema, before)
    written = {name: rows for name, rows in here.items() if rows != NOTHING and name not in own}
    wanted = {name: rows for name, rows in done.items() if rows != NOTHING}
    if elsewhere or written != wanted:
        differ = sorted(elsewhere) + sorted(name for name in written.keys() | wanted.keys())
        raise VerificationError(f"postponed deletions and what was written differ: {', '.join(differ)}")


def _record(
    district: District,
    run: ResetRun,
    plan: Plan,
    hold_id: int,
    done: dict[str, Written],
    categories: dict[str, Any],
    prefix: str,
    *,
    actor: str,
    at: dt.datetime,
) -> None:
    facts: dict[str, Any] = {
        "run": str(run.pk),
        "hold": hold_id,
        "suite": run.suite,
        "school_year": run.school_year,
        "on": run.on.isoformat(),
        "policy": plan.policy.version,
        "categories": categories,
        "tables": tables_of(done),
        "exclusions": count_exclusions(plan),
        "rewrite": prefix,
    }
    append_entry(district.pk, "postponed", actor=actor, at=at, facts=facts)
