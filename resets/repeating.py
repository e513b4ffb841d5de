"""Another reset after one that was undone: asked for by one person, approved by a second, started by either."""

import datetime as dt

from django_tenants.utils import schema_context

from approvals.models import Approval, ApprovalState
from approvals.services import ask_approval
from resets.approved import REPEAT, ceiling_for, is_repeat, subject_of_reset
from resets.engine.preview import preview
from resets.errors import ScheduleError
from resets.models import ResetRun, ResetSchedule
from resets.policies.registry import policy_for
from resets.services import request_run


def ask_repeat(run: ResetRun, *, actor: str, email: str = "", reason: str, at: dt.datetime) -> Approval:
    """Ask a second person for another reset of a suite and year that was undone.

    Raises:
        ScheduleError: it was not undone, or has no date.
        ApprovalError: no reason is given.
    """
    key = {"district": run.district, "suite": run.suite, "school_year": run.school_year}
    with schema_context("public"):
        schedule = ResetSchedule.objects.filter(**key).first()
        if schedule is None or not is_repeat(run.district, run.suite, run.school_year):
            raise ScheduleError("It was not undone: there is nothing to reset again.")
    lines = preview(run.district, run.suite, run.school_year, schedule.on).lines
    rows = sum(line.archived + line.deleted + line.changed for line in lines)
    return ask_approval(
        run.district, REPEAT, subject=subject_of_reset(run.district_id, run.suite, run.school_year), scope={},
        policy_version=policy_for(run.suite).version, on=schedule.on, ceiling=ceiling_for(rows), reason=reason,
        actor=actor, email=email, at=at,
    )  # fmt: skip


def repeat_of(run: ResetRun) -> Approval | None:
    """What was asked last for another reset of a run's suite and year."""
    subject = subject_of_reset(run.district_id, run.suite, run.school_year)
    return Approval.objects.filter(kind=REPEAT, subject=subject).order_by("-asked_at").first()


def start_repeat(run: ResetRun, *, actor: str, at: dt.datetime) -> ResetRun:
    """Ask for the other reset that was approved; the worker does the rest.

    Raises:
        ScheduleError: it is not approved, or its date has not come.
        RunExistsError: it is being reset already.
    """
    approval = repeat_of(run)
    if approval is None or approval.state != ApprovalState.APPROVED:
        raise ScheduleError("It needs the approval of a second person first.")
    return request_run(run.district, run.suite, run.school_year, actor=actor, now=at, approval=approval.pk)
