"""Agreeing dates and asking for runs. Every change of a date is kept: who, when, from, to, why."""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django_tenants.utils import schema_context

from approvals.models import Approval, ApprovalState
from approvals.services import mark_stale
from events.services import note_events
from resets import dates
from resets.approved import is_repeat
from resets.controls import check_going_on
from resets.errors import ChangedMeanwhileError, DateRefusedError, NotSubscribedError, RunExistsError, ScheduleError
from resets.exports.gate import check_export
from resets.models import Answer, ResetRun, ResetSchedule, RunState, ScheduleChange
from resets.planner import ensure_schedules, start_due_runs
from resets.selectors import date_refusals, has_suite, limits_of, newest_change, window_of
from resets.told import another_date, first_date
from resets.windows import open_school_year
from tenants import clock
from tenants.jobs.services import enqueue_job
from tenants.models import District

__all__ = [
    "agree_to_date",
    "ask_for_date",
    "ensure_schedules",
    "open_school_year",
    "request_run",
    "schedule_reset",
    "start_due_runs",
]

OPEN = (RunState.QUEUED, RunState.RUNNING, RunState.COMPLETED)


def schedule_reset(
    district: District,
    suite: str,
    school_year: int,
    on: dt.date,
    *,
    actor: str,
    as_of: dt.date,
    reason: str = "",
    exception_reason: str = "",
    seen: int | None = None,
    approval: Approval | None = None,
) -> ResetSchedule:
    """Pick a date for a district's suite ("Districts that want a different reset date must contact their CSM").

    Args:
        exception_reason: why the window's range is left; kept only where the date leaves it.
        seen: the newest change that whoever picks has seen (see `newest_change`); None not to ask.
        approval: of a second person, for a date before the earliest one (see `resets.early`).

    Raises:
        DateRefusedError: carries every rule that the date breaks, and the nearest valid date.
        ChangedMeanwhileError: somebody else changed it since.
        NoWindowError, NotSubscribedError, RunExistsError: as they say.
    """
    early_on = approval.on if approval and approval.state == ApprovalState.APPROVED else None
    limits = limits_of(district, window_of(suite, school_year), exception_reason, early_on)
    refused = dates.refusals(on, limits, as_of)
    if refused:
        raise DateRefusedError(refused)
    if not has_suite(district, suite, on):
        raise NotSubscribedError(
            f"{district.slug} subscribes to no product of {suite} on {on}, nor did in the year before"
        )
    with schema_context("public"), transaction.atomic():
        key = {"district": district, "suite": suite, "school_year": school_year}
        _, is_first = ResetSchedule.objects.get_or_create(**key, defaults={"on": on})
        schedule = _locked_schedule(district, suite, school_year)
        if seen is not None and newest_change(schedule) != seen:
            raise ChangedMeanwhileError("somebody else changed the date since you saw it; look at it, then pick again")
        before = None if is_first else schedule.on
        if schedule.approval_id and on != before:
            mark_stale(schedule.approval_id, "Another date was picked.", at=clock.now())
        schedule.approval_id = approval.pk if approval and on == early_on else None
        schedule.conflicts = ""  # the date was checked just now
        kept = exception_reason if dates.needs_exception(on, limits) else ""
        return _change(schedule, on, Answer.CUSTOM, before, actor=actor, reason=reason, exception_reason=kept)


def agree_to_date(
    district: District, suite: str, school_year: int, *, actor: str, as_of: dt.date, reason: str = ""
) -> ResetSchedule:
    """Record that the district agrees to the date that it has.

    Raises:
        ScheduleError: there is no date to agree to, or it has passed.
        RunExistsError: the suite was reset already.
    """
    with schema_context("public"), transaction.atomic():
        schedule = _locked_schedule(district, suite, school_year)
        if schedule.on < as_of:
            raise ScheduleError(f"{schedule.on} has passed")
        kept = schedule.exception_reason
        on = schedule.on
        return _change(schedule, on, Answer.AGREED, on, actor=actor, reason=reason, exception_reason=kept)


def ask_for_date(
    district: District, suite: str, school_year: int, on: dt.date, *, actor: str, as_of: dt.date, reason: str
) -> ResetSchedule:
    """Record that the district asks for another date: the date stays until its CSM has picked it.

    Raises:
        DateRefusedError: the date could not be picked.
        RunExistsError: the suite was reset already.
    """
    refused = date_refusals(district, suite, school_year, on, as_of=as_of, exception_reason=reason)
    if refused:
        raise DateRefusedError(refused)
    with schema_context("public"), transaction.atomic():
        schedule = _locked_schedule(district, suite, school_year)
        text = f"Asks for {on}: {reason}"[:300]
        kept = schedule.exception_reason
        kept_on = schedule.on
        return _change(
            schedule, kept_on, Answer.ASKED, kept_on, actor=actor, reason=text, exception_reason=kept, asked_on=on
        )


def request_run(
    district: District,
    suite: str,
    school_year: int,
    *,
    actor: str,
    now: dt.datetime,
    approval: UUID | None = None,
) -> ResetRun:
    """Ask for the run of a suite's schedule now, for example after one that failed; the worker does the rest.

    Args:
        approval: of a second person, for a run after one that was undone; the engine holds the run to it.

    Raises:
        ScheduleError: the suite has no schedule, its date has not come, or a second reset has no approval.
        RunExistsError: it was reset already, or is being reset.
        WorkStoppedError: all work is stopped, this reset is held, or it waits for the download of the year's data.
    """
    with schema_context("public"), transaction.atomic():
        schedule = _locked_schedule(district, suite, school_year)
        check_going_on(schedule.pk)
        if schedule.on > clock.date_in(now, district.time_zone):
            raise ScheduleError(f"the reset is scheduled for {schedule.on}: pick another date first")
        if approval is None and is_repeat(district, suite, school_year):
            raise ScheduleError("it was reset and restored: another reset needs the approval of a second person")
        check_export(schedule, now)
        try:
            with transaction.atomic():
                run = ResetRun.objects.create(
                    district=district,
                    schedule=schedule,
                    suite=suite,
                    school_year=school_year,
                    on=schedule.on,
                    actor=actor,
                    created_at=now,
                    approval_id=approval or schedule.approval_id,
                )
        except IntegrityError as error:
            raise RunExistsError(f"{suite} of {school_year} was reset already, or is being reset") from error
        enqueue_job(district, "reset", str(run.pk), due_at=now, payload={"run_id": str(run.pk)})
        return run


def _locked_schedule(district: District, suite: str, school_year: int) -> ResetSchedule:
    """The schedule, held until the transaction ends."""
    found = ResetSchedule.objects.select_for_update().filter(district=district, suite=suite, school_year=school_year)
    schedule = found.first()
    runs = ResetRun.objects.filter(district=district, suite=suite, school_year=school_year, state__in=OPEN)
    runs = runs.filter(undone_at=None)
    if runs.exists():  # asked under the schedule's lock, which the planner holds while it starts a run
        raise RunExistsError(f"{suite} of {school_year} was reset already, or is being reset")
    if schedule is None:
        raise ScheduleError(f"{district.slug} has no reset date for {suite} of {school_year}")
    return schedule


def _change(
    schedule: ResetSchedule,
    on: dt.date,
    answer: Answer,
    before: dt.date | None,
    *,
    actor: str,
    reason: str,
    exception_reason: str,
    asked_on: dt.date | None = None,
) -> ResetSchedule:
    ScheduleChange.objects.create(
        schedule=schedule,
        from_on=before,
        to_on=on,
        answer=answer,
        asked_on=asked_on,
        actor=actor,
        reason=reason,
        at=clock.now(),
    )
    schedule.on, schedule.answer, schedule.exception_reason = on, answer, exception_reason
    schedule.save(update_fields=["on", "answer", "exception_reason", "conflicts", "approval_id"])
    if on != before:
        now = clock.now()
        note_events([first_date(schedule, now) if before is None else another_date(schedule, before, on, now)])
    return schedule
