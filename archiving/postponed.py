"""A hold was lifted: what resets and the ninety days left out because of it is done now, once, and proven the same way.

Each reset and each window has a transaction of its own; whatever is done already is found done.
"""

import datetime as dt
from typing import Any

from django_tenants.utils import schema_context

from archiving.services import anonymize_leavers
from holds.models import LegalHold
from holds.signals import hold_lifted
from resets.engine.postponed import delete_postponed
from resets.models import ResetRun, RunState
from rostering.models import ReturnWindow
from tenants.jobs.services import enqueue_job
from tenants.models import District

KIND = "postponed"


def hear_of_lifted_holds() -> None:
    """Ask for the postponed work in the transaction that lifts a hold; called when the app is ready."""
    hold_lifted.connect(_ask, dispatch_uid="archiving-postponed")


def run_postponed(district: District, hold_id: int, *, actor: str, at: dt.datetime) -> int:
    """Do what was postponed for a hold in the entered district; returns deleted rows and anonymized students together.

    Raises:
        AnonymizationError, VerificationError: the database did something else; that transaction changed nothing.
        WorkStoppedError: a person has stopped all destructive work.
    """
    hold = LegalHold.objects.get(pk=hold_id)
    with schema_context("public"):
        runs = ResetRun.objects.filter(district=district, state=RunState.COMPLETED)
        runs = runs.exclude(undone_at__isnull=False, restored_schools=[])  # undone whole: its rule is not to run
        left = list(runs.filter(evidence__exclusions__contains=[{"hold": hold_id}]).order_by("finished_at"))
    done = sum(delete_postponed(district, run, hold_id, actor=actor, at=at) for run in left)
    for window in ReturnWindow.objects.exclude(anonymized_at=None).order_by("reset_on"):
        done += anonymize_leavers(
            district,
            window.suite,
            window.school_year,
            actor=actor,
            at=at,
            run_id=window.run_id,
            lifted=hold,
        )
    return done


def _ask(district: District, hold: LegalHold, at: dt.datetime, **_: Any) -> None:
    enqueue_job(district, KIND, f"hold {hold.pk}", due_at=at, payload={"hold": hold.pk})
