"""Executing a reset: one district, one suite, one school year, one transaction, all schools at once.

The principle: whatever is O(facts) happens before anybody is kept waiting; whatever cannot be proven rolls back; the
exclusive locks come last. Running it twice is harmless: the district's lock makes the second wait, and it then finds
the run completed.
"""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django_tenants.utils import schema_context

from products.partitions import archive_opened, partition_name
from products.registry import suite_named
from resets.approved import approved_by, note_unfit
from resets.controls import check_going_on, confirm_going_on
from resets.engine import moves, record, verify
from resets.engine.counting import PartTally, add_up, count_plan
from resets.engine.errors import PermanentResetError
from resets.engine.excluded import count_exclusions, mark_postponed
from resets.engine.files import keep_file_names
from resets.engine.followups import enqueue_followups
from resets.engine.ground import read_ground
from resets.engine.locking import PATIENT_TIMEOUT_MS, lock_tables
from resets.engine.plan import Part, Plan, Work, compile_plan
from resets.engine.progress import Progress, told
from resets.engine.proof import APPROVALS, Written, baseline
from resets.engine.ready import check_ground, check_partitions, check_roster
from resets.engine.statements import statement_for
from resets.engine.undo import undo_name, write_undo
from resets.exports.gate import check_run
from resets.models import ResetRun, ResetWindow, RunState
from resets.policies.registry import policy_for
from resets.signals import reset_completed
from tenants import clock
from tenants.errors import NotNowError, describe_error
from tenants.locks import Lock, take_lock
from tenants.schema import current_schema, enter_district

FINAL = (RunState.COMPLETED, RunState.FAILED)


@dataclass
class Reset:
    """A run under way, with what it has learned and written so far."""

    run: ResetRun
    plan: Plan
    progress: Progress
    before: dict[str, Written]
    evidence: dict[str, Any]
    counted: list[PartTally] = field(default_factory=list)
    answers: dict[tuple[Part, int | None], int] = field(default_factory=lambda: defaultdict(int))
    joined: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    undo: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    written: dict[str, Written] = field(default_factory=dict)

    def reach(self, point: str, step: str) -> None:
        """Tell the step that begins, and go no further if a person has stopped it meanwhile."""
        self.progress.reach(point, step)
        check_going_on(self.run.schedule_id)


def execute(run_id: UUID | str) -> RunState:
    """Execute a run; returns the state in which it is afterwards. A completed or failed run is left as it is.

    What an attempt saw before it failed is kept in the run's evidence, from a second connection.

    Raises:
        WorkStoppedError: a person has stopped it, or it waits for the download of the year's data; nothing was changed.
        ResetError: this attempt did not succeed and nothing was changed; unless the cause is permanent, in which case
            the run is failed and its state is returned, another attempt may.
    """
    with schema_context("public"):
        run = ResetRun.objects.select_related("district", "schedule").get(pk=run_id)
    if run.state in FINAL:
        return RunState(run.state)
    check_going_on(run.schedule_id)
    with enter_district(run.district), told(run.pk) as progress:
        progress.start()
        evidence: dict[str, Any] = {}
        try:
            with transaction.atomic():
                taken = _execute_in_transaction(run, progress, evidence)
        except NotNowError as stopped:
            progress.put_off(str(stopped))
            raise
        except PermanentResetError as error:
            progress.fail(describe_error(error), evidence, final=True)
            note_unfit(run, error)
            return RunState.FAILED
        except Exception as error:  # whatever it is, the attempt is told before the next one
            progress.fail(describe_error(error), evidence, final=False)
            raise
        if taken is None:
            return _state_of(run)
        progress.note(f"exclusive locks were held for {(time.perf_counter() - taken) * 1000:.0f} ms")
        progress.reach("committed", "")
    return RunState.COMPLETED


def _state_of(run: ResetRun) -> RunState:
    return RunState(ResetRun.objects.values_list("state", flat=True).get(pk=run.pk))


def _execute_in_transaction(run: ResetRun, progress: Progress, evidence: dict[str, Any]) -> float | None:
    """Everything up to the commit.

    Returns:
        when the exclusive locks were taken (perf_counter); None when another delivery has ended the run.
    """
    progress.reach("started", "waiting for the district's lock")
    take_lock(Lock.DISTRICT, run.district_id)
    if ResetRun.objects.filter(pk=run.pk, state__in=FINAL).exists():
        return None
    if export := check_run(run, clock.now()):
        evidence["export"] = export
    with archive_opened(current_schema()):
        before = baseline(current_schema())
        check_roster(run.school_year)
        suite = suite_named(run.suite)
        plan = compile_plan(policy_for(run.suite), suite, read_ground(suite, run.school_year, run.on))
        evidence["plan"] = plan.as_text().splitlines()
        check_partitions(plan)
        reset = Reset(run, plan, progress, before, evidence)
        _lock_and_count(reset)
        _change_rows(reset)
        _verify(reset)
        _record(reset)
        return _move(reset)


def _lock_and_count(reset: Reset) -> None:
    """Writers wait from here on, readers do not."""
    reset.reach("locked", "counting")
    names = dict.fromkeys(part.table.name for part in reset.plan.parts)
    partitions = [
        partition_name(part.table.name, year)
        for part in reset.plan.parts
        if part.table.fact and not part.in_archive
        for year in reset.plan.ground.live_years.get(part.table.name, ())
    ]
    locks = [(name, "SHARE") for name in sorted({*names, *partitions})]
    lock_tables(locks, tell=reset.progress.note, timeout_ms=PATIENT_TIMEOUT_MS)
    check_ground(reset.plan)
    reset.counted = count_plan(reset.plan)
    reset.evidence["categories"] = record.by_category(add_up(reset.counted))
    if excluded := count_exclusions(reset.plan):
        reset.evidence["exclusions"] = excluded
    reset.evidence |= approved_by(reset.run, reset.counted, clock.now())
    reset.reach("counted", "changing rows")


def _change_rows(reset: Reset) -> None:
    """Undo tables first, then the set-based statements; children before their parents."""
    ground, run_id = reset.plan.ground, reset.run.pk
    with connection.cursor() as cursor:
        for part in reset.plan.doing(Work.SET, Work.UNASSIGN):
            cursor.execute(write_undo(run_id, part, ground))
            reset.undo.append(undo_name(run_id, part))
        reset.files = keep_file_names(cursor, run_id, reset.plan)
        reset.progress.reach("undo_written", "changing rows")
        reset.own |= mark_postponed(run_id, reset.plan)
        for part, year in reset.plan.joining():
            cursor.execute(moves.join_statement(part, year, ground.schema))
            reset.joined[part.table.archive_name] += cursor.rowcount
        for part in reversed(reset.plan.doing(*verify.ROWWISE)):
            cursor.execute(statement_for(run_id, part, ground))
            for school, rows in cursor.fetchall():
                reset.answers[part, school] += rows
    reset.reach("rows_changed", "verifying")


def _verify(reset: Reset) -> None:
    plan, counted = reset.plan, reset.counted
    verify.verify_answers(counted, reset.answers)
    verify.verify_joined(plan, counted, reset.joined)
    verify.verify_recount(plan, counted)
    verify.verify_references()
    also = frozenset({APPROVALS} if reset.run.approval_id else ())
    own = {*reset.undo, *reset.files, *reset.own}
    reset.written = verify.verify_writes(plan, counted, reset.before, own, reset.joined, also)
    reset.evidence["written"] = reset.written
    reset.reach("verified", "recording")


def _record(reset: Reset) -> None:
    """Everything that is recorded, but for the run's own row, which other connections still read and write."""
    run, plan = reset.run, reset.plan
    lines = add_up(reset.counted)
    record.record_counts(run, plan, lines)
    excluded = reset.evidence.get("exclusions", [])
    reset.evidence["ledger_entry"] = record.record_in_ledger(
        run, plan, lines, written=reset.written, exclusions=excluded, at=clock.now(),
        approvers=reset.evidence.get("approvers", []), export=reset.evidence.get("export", {}),
    )  # fmt: skip
    window = ResetWindow.objects.filter(suite=run.suite, school_year=run.school_year).first()
    record.open_the_summer(run, plan, window.pauses_syncs if window else True)
    reset_completed.send(sender=ResetRun, run=run, lines=lines)
    enqueue_followups(run, reset.written, reset.files, clock.now())
    reset.reach("recorded", "waiting for exclusive locks")


def _move(reset: Reset) -> float:
    """Take the exclusive locks, move, check the catalogue, and complete the run: the commit follows at once."""
    plan = reset.plan
    places = moves.places_of(plan)
    tries = moves.take_exclusive_locks(plan, reset.progress.note)
    taken = time.perf_counter()
    reset.progress.reach("exclusive", "moving partitions")
    moves.move_partitions(plan)
    moves.verify_places(plan, places)
    confirm_going_on(reset.run.schedule_id)
    reset.evidence["moves"] = record.describe_moves(plan.doing(Work.MOVE, Work.DROP))
    reset.evidence["lock_tries"] = tries
    reset.progress.reach("moved", "committing")
    record.complete_run(reset.run, plan, reset.evidence, reset.undo, clock.now())
    return taken
