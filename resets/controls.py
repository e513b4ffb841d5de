"""The switch for all destructive work, the ceiling of districts per hour, and holds. Every use is kept, with why.

What is guaranteed: once `stop_work` or `hold_schedule` has returned, no reset and no anonymization commits that it
speaks of. Work that is about to commit takes the switch's lock in its shared form, looks a last time, and holds the
lock until its commit (`confirm_going_on`); whoever turns the switch takes the lock alone, and so waits for those that
have looked already, which are milliseconds from their end. Everybody else finds the switch turned and rolls back whole.

What follows a commit (storage rewritten, files removed) goes on: it finishes what has been decided and recorded.
"""

import datetime as dt
from typing import Final

from django.db import transaction
from django_tenants.utils import schema_context

from ledger.services import append_entry, append_later
from resets.errors import SwitchError, WorkStoppedError
from resets.models import ControlChange, EngineControl, ResetRun, ResetSchedule, RunState
from tenants.jobs.services import wake_stopped
from tenants.locks import Lock, share_lock, take_lock

THE_ROW: Final = 1
EVERY_DISTRICT: Final = 0
"""Whose ledger tells of what concerns them all: no district has this number."""
STOPPED: Final = "All destructive work is stopped: {reason} It waits until somebody lets it go on; nothing was changed."
HELD: Final = "This reset is held: {reason} It waits until somebody releases it; nothing was changed."


def engine_control() -> EngineControl:
    """How the switch and the ceiling stand; without a row work goes on, without a ceiling."""
    return EngineControl.objects.filter(pk=THE_ROW).first() or EngineControl(pk=THE_ROW)


def stop_work(*, actor: str, reason: str, at: dt.datetime) -> None:
    """Stop all resets and anonymizations. When this returns, none commits any more.

    Raises:
        SwitchError: no reason is given, or it is stopped already.
    """
    with schema_context("public"), transaction.atomic():
        control = _turned(reason)
        if control.stopped_at is not None:
            raise SwitchError("All destructive work is stopped already.")
        control.stopped_at, control.stopped_by, control.stopped_reason = at, actor, reason
        control.save()
        _keep("work_stopped", at, actor, "stopped all destructive work", reason)


def resume_work(*, actor: str, reason: str, at: dt.datetime) -> None:
    """Let everything go on: what has become due meanwhile begins with the next tick.

    Raises:
        SwitchError: no reason is given, or it is not stopped.
    """
    with schema_context("public"), transaction.atomic():
        control = _turned(reason)
        if control.stopped_at is None:
            raise SwitchError("It is not stopped: work goes on.")
        control.stopped_at, control.stopped_by, control.stopped_reason = None, "", ""
        control.save()
        _keep("work_resumed", at, actor, "let all work go on", reason)
        wake_stopped()


def set_ceiling(districts_per_hour: int | None, *, actor: str, reason: str, at: dt.datetime) -> None:
    """Bound how many districts' resets begin by themselves within any hour; None takes the bound away.

    Raises:
        SwitchError: no reason is given, or the number is not a positive one.
    """
    if districts_per_hour is not None and districts_per_hour < 1:
        raise SwitchError("Give a number of districts of 1 or more; to let nothing begin, stop the work.")
    with schema_context("public"), transaction.atomic():
        control = _turned(reason)
        control.districts_per_hour = districts_per_hour
        control.save()
        bound = f"{districts_per_hour:,} districts per hour" if districts_per_hour else "no bound"
        _keep("ceiling_set", at, actor, f"set the ceiling to {bound}", reason)


def hold_schedule(schedule: ResetSchedule, *, actor: str, reason: str, at: dt.datetime) -> None:
    """Hold one district's suite: nothing of it is reset until it is released, also when its date has come.

    Raises:
        SwitchError: no reason is given, it is held already, or it was reset.
    """
    with schema_context("public"), transaction.atomic():
        _turned(reason)
        kept = ResetSchedule.objects.select_for_update().get(pk=schedule.pk)
        if kept.held_at is not None:
            raise SwitchError("It is held already.")
        if ResetRun.objects.filter(schedule=kept, state=RunState.COMPLETED).exists():
            raise SwitchError("It was reset already: there is nothing to hold.")
        ResetSchedule.objects.filter(pk=kept.pk).update(held_at=at, held_by=actor, held_reason=reason)
        _keep("reset_held", at, actor, "held the reset", reason, kept)


def release_schedule(schedule: ResetSchedule, *, actor: str, reason: str, at: dt.datetime) -> None:
    """Release a held reset; if its date has come it begins with the next tick, unless rostering has begun.

    Raises:
        SwitchError: no reason is given, or it is not held.
    """
    with schema_context("public"), transaction.atomic():
        _turned(reason)
        if not ResetSchedule.objects.exclude(held_at=None).filter(pk=schedule.pk).exists():
            raise SwitchError("It is not held.")
        ResetSchedule.objects.filter(pk=schedule.pk).update(held_at=None, held_by="", held_reason="")
        _keep("reset_released", at, actor, "released the reset", reason, schedule)
        wake_stopped()


def check_going_on(schedule_id: int | None = None) -> None:
    """Look at the switch, and at a schedule's hold, without a lock: before work begins.

    Raises:
        WorkStoppedError: says by whom it was stopped, and why.
    """
    control = engine_control()
    if control.stopped_at is not None:
        raise WorkStoppedError(STOPPED.format(reason=_sentence(control.stopped_reason)))
    held = ResetSchedule.objects.exclude(held_at=None).filter(pk=schedule_id).first() if schedule_id else None
    if held is not None:
        raise WorkStoppedError(HELD.format(reason=_sentence(held.held_reason)))


def confirm_going_on(schedule_id: int | None = None) -> None:
    """Look a last time, right before a commit, and keep the switch from being turned until then.

    Raises:
        WorkStoppedError: it was turned meanwhile; the transaction is to roll back.
    """
    share_lock(Lock.SWITCH)
    check_going_on(schedule_id)


def _turned(reason: str) -> EngineControl:
    """The control, with the switch's lock held alone until the transaction ends."""
    if not reason.strip():
        raise SwitchError("Give the reason: it is kept, and shown to everybody who waits.")
    take_lock(Lock.SWITCH)
    control, _ = EngineControl.objects.get_or_create(pk=THE_ROW)
    return control


def _keep(
    kind: str, at: dt.datetime, actor: str, change: str, reason: str, schedule: ResetSchedule | None = None
) -> None:
    """Write it down: for people with its reason, and in the ledger by its number.

    A hold's entry is appended by a worker: the district's lock may be a reset's, for which a hold does not wait.
    """
    kept = ControlChange.objects.create(at=at, actor=actor, change=change, reason=reason, schedule=schedule)
    facts = {"control_change": kept.pk}
    if schedule is None:
        take_lock(Lock.DISTRICT, EVERY_DISTRICT)
        append_entry(EVERY_DISTRICT, kind, actor=actor, at=at, facts=facts)
    else:
        own = {**facts, "suite": schedule.suite, "school_year": schedule.school_year}
        append_later(schedule.district, kind, f"{kind} {kept.pk}", actor=actor, at=at, facts=own)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
