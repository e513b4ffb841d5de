"""The record of a restore, in its transaction: the run, the archive, the ledger, and what students may expect."""

import datetime as dt
from typing import Any

from django.db import connection

from ledger.services import append_entry
from resets.engine.record import by_category
from resets.models import ResetRun, Restore, RestoreState
from resets.restoring.counting import Back
from resets.restoring.plan import RestorePlan
from resets.restoring.statements import forget
from resets.signals import reset_undone
from rostering.services import except_from_return_window

KIND = "restore"


def subject_of(run: ResetRun) -> str:
    """What an approval of a restore is about."""
    return f"run:{run.pk}"


def scope_of(schools: tuple[int, ...] | None) -> dict[str, Any]:
    """What exactly an approval of a restore allows."""
    return {"schools": None if schools is None else sorted(schools)}


def record_restore(
    restore: Restore, plan: RestorePlan, back: Back, approvers: tuple[str, str], at: dt.datetime
) -> None:
    """Write down everything that a restore changes in the records; another reset may follow, with an approval."""
    run, lines = plan.run, back.lines
    schools = None if plan.undone is None else list(plan.schools)
    with connection.cursor() as cursor:
        for small in plan.small:
            cursor.execute(forget(small, plan))
    run.undone_at = at
    run.restored_schools = [] if schools is None else sorted({*run.restored_schools, *schools})
    run.undo_tables = [] if schools is None else run.undo_tables
    run.save(update_fields=["undone_at", "restored_schools", "undo_tables"])
    except_from_return_window(run.pk, schools)
    reset_undone.send(sender=ResetRun, run=run, schools=schools, lines=lines)
    facts: dict[str, Any] = {
        "run": str(run.pk), "restore": str(restore.pk), "suite": run.suite, "school_year": run.school_year,
        "on": run.on.isoformat(), "policy": plan.plan.policy.version, "schools": list(plan.schools),
        "whole": schools is None, "categories": by_category(lines), "approval": str(restore.approval_id),
        "approvers": list(approvers), "since": dict(back.since), "lost": dict(back.lost),
    }  # fmt: skip
    number = append_entry(run.district_id, KIND, actor=restore.actor, at=at, facts=facts)
    evidence = {
        "categories": facts["categories"], "since": facts["since"], "lost": facts["lost"], "rows": back.rows,
        "ledger_entry": number, "approvers": list(approvers),
    }  # fmt: skip
    Restore.objects.filter(pk=restore.pk).update(
        state=RestoreState.COMPLETED, finished_at=at, evidence=evidence, error=""
    )
