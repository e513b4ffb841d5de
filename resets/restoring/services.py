"""Asking for a restore, and starting it when a second person has approved it."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django_tenants.utils import schema_context

from approvals.models import Approval, ApprovalState
from approvals.services import ask_approval
from resets.approved import ceiling_for
from resets.controls import check_going_on
from resets.models import ResetRun, Restore, RestoreState, RunCount
from resets.policies.registry import policy_for
from resets.restoring.counting import Back, count_back, rostered_since
from resets.restoring.errors import RestoreRefusedError
from resets.restoring.plan import archived_schools, compile_restore
from resets.restoring.record import KIND, scope_of, subject_of
from resets.restoring.refusals import refusal_of
from tenants.jobs.services import enqueue_job
from tenants.schema import enter_district

JOB = "restore"


@dataclass(frozen=True)
class RestorePreview:
    """What a restore would bring back.

    Attributes:
        refusal: why it cannot be done; empty when it can.
        returned: students of the schools who are rostered in a newer year by now.
        left: students of the schools who have left the roster.
        never: categories that the policy deleted, which nothing brings back.
        schools: the schools of which something could come back.
    """

    refusal: str
    back: Back
    returned: int
    left: int
    never: tuple[str, ...]
    schools: tuple[int, ...]


def preview_restore(run: ResetRun, schools: tuple[int, ...] | None) -> RestorePreview:
    """Count what undoing a run would bring back, and what clashes with what came since. Takes no lock.

    Args:
        schools: keys of schools; None for the whole suite.
    """
    with enter_district(run.district):
        refusal = refusal_of(run, schools)
        plan = compile_restore(run, schools)
        back = Back() if refusal else count_back(plan)
        returned, left = rostered_since(plan)
        gone = RunCount.objects.filter(run=run, deleted__gt=0).order_by("position", "category")
        never = [plan.plan.suite.category(code).label for code in gone.values_list("category", flat=True)]
        return RestorePreview(refusal, back, returned, left, tuple(dict.fromkeys(never)), archived_schools(run))


def ask_restore(
    run: ResetRun, schools: tuple[int, ...] | None, *, actor: str, email: str = "", reason: str, at: dt.datetime
) -> Restore:
    """Ask a second person to approve that a reset is undone.

    Raises:
        RestoreRefusedError: it cannot be undone, or somebody has asked already; nothing was changed.
        ApprovalError: no reason is given.
    """
    found = preview_restore(run, schools)
    if found.refusal:
        raise RestoreRefusedError(found.refusal)
    with schema_context("public"):
        try:
            with transaction.atomic():
                _settle_dead(run)
                approval = ask_approval(
                    run.district, KIND, subject=subject_of(run), scope=scope_of(schools),
                    policy_version=policy_for(run.suite).version, ceiling=ceiling_for(found.back.rows),
                    reason=reason, actor=actor, email=email, at=at,
                )  # fmt: skip
                return Restore.objects.create(
                    run=run, schools=scope_of(schools)["schools"], approval_id=approval.pk, actor=actor,
                    reason=approval.reason, created_at=at,
                )  # fmt: skip
        except IntegrityError:
            raise RestoreRefusedError("A restore of this run is under way already.") from None


def start_restore(restore: Restore, *, at: dt.datetime) -> None:
    """Put an approved restore on the list; the worker does the rest.

    Raises:
        RestoreRefusedError: it is not approved, or begun already.
        WorkStoppedError: all destructive work is stopped.
    """
    with schema_context("public"), transaction.atomic():
        check_going_on()
        found = Restore.objects.select_for_update().select_related("run__district").get(pk=restore.pk)
        approval = Approval.objects.get(pk=found.approval_id)
        if found.state != RestoreState.ASKED or approval.state != ApprovalState.APPROVED:
            raise RestoreRefusedError(f"It cannot be started: {approval.get_state_display().lower()}.")
        found.state = RestoreState.QUEUED
        found.save(update_fields=["state"])
        enqueue_job(found.run.district, JOB, str(found.pk), due_at=at, payload={"restore": str(found.pk)})


def notes_on(preview: RestorePreview) -> list[str]:
    """What whoever asks and whoever approves must know, in words."""
    said = []
    if preview.returned:
        said.append(
            f"{preview.returned:,} students of these schools are rostered in the new year already. They keep what came "
            "since; last year's data is added to it."
        )
    if preview.left:
        said.append(f"{preview.left:,} students of these schools have left the roster. Their data comes back too.")
    for category, rows in sorted(preview.back.since.items()):
        if rows:
            said.append(f"{category}: in {rows:,} rows something came since; it is kept, and what was is added to it.")
    for category, rows in sorted(preview.back.lost.items()):
        if rows:
            said.append(
                f"{category}: {rows:,} rows cannot come back: who or what they belong to is gone, or assigned anew."
            )
    if preview.never:
        said.append(f"Not restorable, because the policy deletes it: {', '.join(preview.never)}.")
    return said


def _settle_dead(run: ResetRun) -> None:
    """A restore whose approval was refused, withdrawn, stale or has expired makes room for the next."""
    for waiting in Restore.objects.filter(run=run, state=RestoreState.ASKED):
        approval = Approval.objects.get(pk=waiting.approval_id)
        if approval.state != ApprovalState.APPROVED:
            Restore.objects.filter(pk=waiting.pk).update(
                state=RestoreState.FAILED, error=approval.get_state_display(), finished_at=approval.decided_at
            )
