"""Another reset after one that was undone: asked for by one person, approved by a second, started by either."""

import datetime as dt

from django_tenants.utils import schema_context

from approvals.models import Approval, ApprovalState
from resets.approved import REPEAT, is_repeat
from resets.asking import ask_for_reset, last_asked
from resets.errors import ScheduleError
from resets.models import ResetRun, ResetSchedule
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
    return ask_for_reset(
        REPEAT, run.district, run.suite, run.school_year, schedule.on, scope={}, reason=reason, actor=actor,
        email=email, at=at,
    )  # fmt: skip


def repeat_of(run: ResetRun) -> Approval | None:
    """What was asked last for another reset of a run's suite and year."""
    return last_asked(REPEAT, run.district_id, run.suite, run.school_year)


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
