"""Undoing a reset beside making it, in a district of 50,000 students; the tables are row for row as they were."""

import statistics
from collections.abc import Iterator

from django.db import connection
from psycopg import sql

from approvals.models import Approval
from approvals.services import approve
from benchmarks.database import copy_database, drop_database, use_database
from benchmarks.measure import Result, seconds
from benchmarks.reset import make_run, run_reset
from benchmarks.reset_data import reset_database, the_district
from resets.models import ResetRun, RestoreState
from resets.restoring.execute import execute_restore
from resets.restoring.services import ask_restore, start_restore
from tenants import clock

ROUNDS = 5
STUDENTS = 50_000
FACTS_PER_STUDENT = 100
NEVER_BACK = ("literacy_avatar", "literacy_avataraccessory")
"""What the policy deletes, and leaves no undo of."""
WRITTEN_BY_THE_RUNS = ("rostering_returnwindow", "rostering_syncpause")
"""What a reset and its restore note about themselves."""
TABLES = """
SELECT c.relname FROM pg_class AS c
WHERE c.relnamespace = to_regnamespace(quote_ident(%s)) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND c.relname <> ALL(%s)
"""
"""Partitions count with their parents: whether a year is live or archived is a matter of whose it is."""
DIGEST = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 7)::numeric), 0) FROM {} AS t"
Digests = dict[str, tuple[int, int]]


def measure() -> Iterator[Result]:
    """A year that is archived and restored, in turn; each time every table is held against what it was.

    Raises:
        RuntimeError: a table is not as it was, or one of both was not done.
    """
    own = str(connection.settings_dict["NAME"])
    facts = STUDENTS * FACTS_PER_STUDENT
    pristine = reset_database(own, facts, STUDENTS)
    archiving, restoring = [], []
    for _ in range(ROUNDS):
        use_database(copy_database(pristine, f"{pristine}_product"))
        before = _digests()
        run = make_run()
        archiving.append(seconds(lambda run=run: run_reset(run)))  # type: ignore[misc]
        between = _digests()
        changed = sum(rows for name, (rows, _) in before.items() if between.get(name) != before[name])
        restoring.append(_seconds_to_undo(run))
        _check_same(before, _digests())
        compared = sum(rows for rows, _ in before.values())
    drop_database(f"{pristine}_product")
    use_database(own)
    note = (
        f"the whole reset that it undoes; {STUDENTS:,} students, {facts:,} facts; "
        f"{compared:,} rows compared, {changed:,} of them in tables that the reset had changed"
    )
    work = f"undoing a reset, {STUDENTS:,} students"
    yield Result(work, statistics.median(restoring), statistics.median(archiving), 1.5, note)


def _seconds_to_undo(run: ResetRun) -> float:
    """How long it takes to undo a completed run, once two people have agreed."""
    run.refresh_from_db()
    at = clock.now()
    restore = ask_restore(run, None, actor="csm:1", reason="To be measured.", at=at)
    approve(Approval.objects.get(pk=restore.approval_id), actor="csm:2", at=at)
    start_restore(restore, at=at)
    taken = seconds(lambda: execute_restore(restore.pk))
    restore.refresh_from_db()
    if restore.state != RestoreState.COMPLETED:
        raise RuntimeError(f"the restore is {restore.state}: {restore.error}")
    return taken


def _digests() -> Digests:
    """Rows and a digest of them, whatever their order, of each table that a restore brings back or leaves alone."""
    schema = the_district().schema_name
    found: Digests = {}
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [schema, [*NEVER_BACK, *WRITTEN_BY_THE_RUNS]])
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL(DIGEST).format(sql.Identifier(schema, name)))
            found[name] = cursor.fetchone()
    return found


def _check_same(before: Digests, after: Digests) -> None:
    if differing := sorted(name for name in before if before[name] != after.get(name)):
        raise RuntimeError(f"not as before the reset: {', '.join(differing)}")
    if added := sorted(name for name in after.keys() - before.keys() if after[name][0]):
        raise RuntimeError(f"rows in tables that were not there before the reset: {', '.join(added)}")
