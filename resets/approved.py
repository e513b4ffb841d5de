"""Runs outside of their policy's automatic path, and the approvals that they are held to when they run."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from approvals.errors import ApprovalError
from approvals.services import mark_stale, use_approval
from resets.engine.counting import PartTally
from resets.engine.errors import PermanentResetError
from resets.models import ResetRun, ResetWindow, RunState
from resets.policies.registry import policy_for
from tenants import clock
from tenants.models import District

REPEAT = "repeat_reset"
EARLY = "early_reset"
EARLY_SCOPE = {"before": "the earliest date"}
MARGIN = 1.1
"""A tenth more rows than were counted when it was asked for: products go on writing until the run."""


class NotApprovedError(PermanentResetError):
    """The run is outside of its policy's automatic path, and no approval fits it."""


def is_repeat(district: District, suite: str, school_year: int) -> bool:
    """Whether a suite's year was reset and undone since: another reset does not happen by itself."""
    runs = ResetRun.objects.filter(district=district, suite=suite, school_year=school_year, state=RunState.COMPLETED)
    return runs.exclude(undone_at=None).exists()


def is_early(run: ResetRun) -> bool:
    """Whether a run is before its window's earliest date; a range is left with a reason instead (see `dates`)."""
    window = ResetWindow.objects.filter(suite=run.suite, school_year=run.school_year, latest_on=None).first()
    return window is not None and run.on < window.earliest_on


def subject_of_reset(district_id: int, suite: str, school_year: int) -> str:
    """What an approval of a reset is about."""
    return f"reset:{district_id}:{suite}:{school_year}"


def ceiling_for(rows: int) -> dict[str, int]:
    """The most rows that a run may concern, of how many were counted when it was asked for."""
    return {"rows": int(rows * MARGIN) + 1}


def approved_by(run: ResetRun, counted: Iterable[PartTally], at: dt.datetime) -> dict[str, Any]:
    """Use up the approval of a run that needs one, in its transaction; returns who stands for it, for the evidence.

    Raises:
        NotApprovedError: it needs one, and has none that fits; nothing was changed.
    """
    again = is_repeat(run.district, run.suite, run.school_year)
    if run.approval_id is None:
        if again:
            raise NotApprovedError("it was reset and restored: another reset needs the approval of a second person")
        if is_early(run):
            raise NotApprovedError("it is before the earliest date: that needs the approval of a second person")
        return {}
    rows = sum(tally.archived + tally.deleted + tally.changed for _, _, tally in counted)
    try:
        approvers = use_approval(
            run.approval_id, subject=subject_of_reset(run.district_id, run.suite, run.school_year),
            scope={} if again else EARLY_SCOPE, policy_version=policy_for(run.suite).version, on=run.on,
            counts={"rows": rows}, at=at,
        )  # fmt: skip
    except ApprovalError as error:
        raise NotApprovedError(str(error)) from None
    return {"approvers": list(approvers)}


def note_unfit(run: ResetRun, error: Exception) -> None:
    """The approval of a run that it did not fit is of no use any more; called after the transaction has rolled back."""
    if isinstance(error, NotApprovedError) and run.approval_id is not None:
        mark_stale(run.approval_id, str(error), at=clock.now())
