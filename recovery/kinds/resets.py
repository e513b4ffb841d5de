"""Resets and restores, done again."""

import datetime as dt
from uuid import UUID

from django_tenants.utils import schema_context

from ledger.chain import Entry
from ledger.replaying import ReplayError
from resets.engine.execute import execute
from resets.models import ResetRun, ResetSchedule, Restore, RestoreState, RunState
from resets.restoring.execute import execute_restore
from tenants.models import District

INSTEAD = "Ended: after a restore from a backup the run that the ledger knows was done again."
REASON = "Done again from the ledger after a restore from a backup."
OPEN_RUNS = (RunState.QUEUED, RunState.RUNNING)
OPEN_RESTORES = (RestoreState.ASKED, RestoreState.QUEUED, RestoreState.RUNNING)


def reset_again(district: District, entry: Entry) -> None:
    """Reset once more what the backup brought back: the same run, on its date, by its policy.

    Raises:
        ReplayError: the run did not complete; nothing was changed.
    """
    said, at = entry.facts, entry.happened_at
    on = dt.date.fromisoformat(said["on"])
    key = {"district": district, "suite": said["suite"], "school_year": said["school_year"]}
    with schema_context("public"):
        others = ResetRun.objects.filter(**key, state__in=OPEN_RUNS).exclude(pk=said["run"])
        others.update(state=RunState.FAILED, error=INSTEAD, finished_at=at)
        schedule, _ = ResetSchedule.objects.get_or_create(**key, defaults={"on": on})
        if schedule.on != on:
            ResetSchedule.objects.filter(pk=schedule.pk).update(on=on)
        run, _ = ResetRun.objects.get_or_create(
            pk=said["run"],
            defaults={
                **key, "schedule": schedule, "on": on, "actor": entry.actor, "created_at": at,
                "approval_id": said.get("approval"),
            },
        )  # fmt: skip
    state = execute(run.pk)
    with schema_context("public"):
        if state != RunState.COMPLETED:
            raise ReplayError(f"the reset did not complete: {ResetRun.objects.get(pk=run.pk).error}")
        ResetRun.objects.filter(pk=run.pk).update(finished_at=at)


def restore_again(district: District, entry: Entry) -> None:
    """Undo once more a reset that was undone.

    Raises:
        ReplayError: it did not complete; nothing was changed.
    """
    said, at = entry.facts, entry.happened_at
    with schema_context("public"):
        others = Restore.objects.filter(run_id=said["run"], state__in=OPEN_RESTORES).exclude(pk=said["restore"])
        others.update(state=RestoreState.FAILED, error=INSTEAD, finished_at=at)
        schools = None if said["whole"] else said["schools"]
        Restore.objects.get_or_create(
            pk=said["restore"],
            defaults={
                "run_id": UUID(said["run"]), "schools": schools, "approval_id": said["approval"], "actor": entry.actor,
                "reason": REASON, "created_at": at,
            },
        )  # fmt: skip
        Restore.objects.filter(pk=said["restore"], state=RestoreState.ASKED).update(state=RestoreState.QUEUED)
    state = execute_restore(said["restore"])
    with schema_context("public"):
        if state != RestoreState.COMPLETED:
            raise ReplayError(f"the restore did not complete: {Restore.objects.get(pk=said['restore']).error}")
        Restore.objects.filter(pk=said["restore"]).update(finished_at=at)
        ResetRun.objects.filter(pk=said["run"]).update(undone_at=at)
