"""What holds leave out of a reset: counted per hold before it, and the rows of small tables marked for later."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from resets.engine.counting import due
from resets.engine.held import DISTRICT, exclusions, is_held, links
from resets.engine.plan import Ground, Part, Plan, Work
from resets.engine.relations import relation

POSTPONED = "holds_postponedrow"
MARK = """
INSERT INTO {postponed} (run_id, position, relation, row_id)
SELECT {run}, {position}, {name}, t.id FROM {table} AS t WHERE {due} AND {held}
"""


def count_exclusions(plan: Plan) -> list[dict[str, Any]]:
    """What each hold leaves out of a plan's deletions, in the ledger's words; empty where nothing is on hold."""
    rows: Counter[int] = Counter()
    if plan.ground.held.anything:
        with connection.cursor() as cursor:
            for part in plan.doing(Work.DELETE):
                cursor.execute(_by_hold(part, plan.ground))
                rows.update({int(hold): int(count) for hold, count in cursor.fetchall()})
    return exclusions(dict(rows), plan.ground.schema)


def mark_postponed(run_id: UUID, plan: Plan) -> set[str]:
    """Note the rows of small tables that a run leaves because of holds; returns the relation that was written to."""
    if not plan.ground.held.anything:
        return set()
    with connection.cursor() as cursor:
        for part in plan.doing(Work.DELETE):
            if not part.table.fact:
                cursor.execute(_mark(run_id, part, plan.ground))
    return {POSTPONED}


def _mark(run_id: UUID, part: Part, ground: Ground) -> sql.Composed:
    return sql.SQL(MARK).format(
        postponed=relation(ground, POSTPONED),
        run=sql.Literal(run_id),
        position=sql.Literal(part.position),
        name=sql.Literal(part.relation),
        table=relation(ground, part.relation),
        due=due(part, ground),
        held=is_held(part.table, ground.schema, ground.held),
    )


def _by_hold(part: Part, ground: Ground) -> sql.Composed:
    """Rows per hold that the part would have deleted; a row on several holds counts for each, once."""
    table, condition = relation(ground, part.relation), due(part, ground)
    found = [
        sql.SQL(
            "SELECT link.hold_id, t.tableoid, t.ctid FROM {} AS t JOIN ({}) AS link ON link.key = t.{} WHERE {}"
        ).format(table, keys, sql.Identifier(column), condition)
        for column, keys in links(part.table, ground.schema)
    ]
    if ground.held.whole_district:
        whole = sql.SQL(DISTRICT).format(hold=relation(ground, "holds_legalhold"))
        found.append(
            sql.SQL("SELECT d.hold_id, t.tableoid, t.ctid FROM {} AS t CROSS JOIN ({}) AS d WHERE {}").format(
                table, whole, condition
            )
        )
    rows = sql.SQL(" UNION ").join(found) if found else sql.SQL("SELECT 0 AS hold_id WHERE false")
    return sql.SQL("SELECT held.hold_id, count(*) FROM ({}) AS held GROUP BY 1").format(rows)
