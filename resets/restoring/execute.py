"""Executing a restore: one transaction under the district's lock, verified like a reset before it commits.

What is O(rows) comes first; the exclusive locks are taken last. Running it twice is harmless: the second waits for the
district's lock, and then finds the restore completed.
"""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db import connection
from django_tenants.utils import schema_context

from approvals.errors import ApprovalError
from approvals.services import mark_stale, use_approval
from products.partitions import history_opened, partition_name, split_name, split_year
from resets.controls import check_going_on, confirm_going_on
from resets.engine import events
from resets.engine.errors import PermanentResetError
from resets.engine.locking import PATIENT_TIMEOUT_MS, lock_tables
from resets.engine.proof import NOTHING, Written, baseline
from resets.models import ResetRun, Restore, RestoreState
from resets.restoring.counting import Back, BySchool, count_back
from resets.restoring.errors import RestoreRefusedError
from resets.restoring.moves import move_back
from resets.restoring.plan import Fact, RestorePlan, Small, compile_restore
from resets.restoring.record import record_restore, scope_of, subject_of
from resets.restoring.refusals import refusal_of
from resets.restoring.statements import bring_back, put_back, take_from_archive
from resets.restoring.verify import verify_answers, verify_writes
from tenants import clock
from tenants.errors import describe_error
from tenants.schema import current_schema, enter_district

FINAL = (RestoreState.COMPLETED, RestoreState.FAILED)


def execute_restore(restore_id: UUID | str) -> RestoreState:
    """Execute a restore; returns the state in which it is afterwards. A completed or failed one is left as it is.

    Raises:
        WorkStoppedError: a person has stopped all destructive work; nothing was changed, and it waits.
        Exception: this attempt did not succeed and nothing was changed; another may.
    """
    with schema_context("public"):
        restore = Restore.objects.select_related("run__district").get(pk=restore_id)
        if restore.state in FINAL:
            return RestoreState(restore.state)
        check_going_on()
        Restore.objects.filter(pk=restore.pk).update(state=RestoreState.RUNNING, attempts=restore.attempts + 1)
    try:
        with enter_district(restore.run.district), history_opened(restore.run.district):
            _execute_in_transaction(restore)
    except (PermanentResetError, ApprovalError) as error:
        fail_restore(restore.pk, describe_error(error))
        return RestoreState.FAILED
    events.reached("restore_committed")
    return RestoreState.COMPLETED


def fail_restore(restore_id: UUID, error: str) -> None:
    """End a restore that did not succeed, in words; its approval is of no use any more."""
    with schema_context("public"):
        open_ones = Restore.objects.filter(pk=restore_id).exclude(state__in=FINAL)
        if open_ones.update(state=RestoreState.FAILED, error=error, finished_at=clock.now()):
            mark_stale(Restore.objects.get(pk=restore_id).approval_id, error, at=clock.now())


def _execute_in_transaction(restore: Restore) -> None:
    """Everything up to the commit; another delivery that came first has done it."""
    if Restore.objects.filter(pk=restore.pk, state__in=FINAL).exists():
        return
    run = ResetRun.objects.select_related("district").get(pk=restore.run_id)
    schools = None if restore.schools is None else tuple(restore.schools)
    if reason := refusal_of(run, schools):
        raise RestoreRefusedError(reason)
    before = baseline(current_schema())
    plan = compile_restore(run, schools)
    locks = [(small.part.relation, "SHARE") for small in plan.small]  # writers wait from here on, readers do not
    lock_tables(sorted(locks), tell=lambda _: None, timeout_ms=PATIENT_TIMEOUT_MS)
    back = count_back(plan)
    approvers = use_approval(
        restore.approval_id, subject=subject_of(run), scope=scope_of(schools), policy_version=plan.plan.policy.version,
        counts={"rows": back.rows}, at=clock.now(),
    )  # fmt: skip
    events.reached("restore_counted")
    answers, taken = _bring_back(plan, back, before)
    events.reached("restore_changed")
    verify_answers(back, answers, taken)
    verify_writes(plan, back, before)
    record_restore(restore, plan, back, approvers, clock.now())
    events.reached("restore_recorded")
    move_back(plan)
    confirm_going_on()
    events.reached("restore_moved")


Answers = dict[Fact | Small, BySchool]


def _bring_back(plan: RestorePlan, back: Back, before: dict[str, Written]) -> tuple[Answers, Answers]:
    """Rows of single schools from the archive, and the small tables; whole years are moved later.

    Args:
        before: the session's baseline of statistics; what is renamed keeps its own.

    Returns:
        rows that came, and rows that left the archive, by part and school.
    """
    answers: Answers = defaultdict(dict)
    taken: Answers = defaultdict(dict)
    coming = [fact for fact in plan.facts if not fact.whole and back.facts[fact]]
    for fact in coming:
        if split_year(current_schema(), fact.table, fact.year):
            usual = partition_name(fact.table.name, fact.year)
            before[split_name(fact.table.name, fact.year)] = before.pop(usual, NOTHING)
    split = compile_restore(plan.run, plan.undone) if coming else plan
    for fact in coming:
        answers[fact] = _do(bring_back(fact, split))
        taken[fact] = _do(take_from_archive(fact, split))
    for small in reversed(plan.small):
        answers[small] = _do(put_back(small, plan))
    return answers, taken


def _do(statement: Any) -> BySchool:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {school: int(rows) for school, rows in cursor.fetchall()}
