"""A date before the window's earliest one: asked for by one person, approved by a second, picked by either.

The source lets districts choose "any date June 19th or after"; an earlier one is outside of the policy's automatic
path.
"""

import datetime as dt

from approvals.models import Approval, ApprovalState
from resets import dates
from resets.approved import EARLY, EARLY_SCOPE
from resets.asking import ask_for_reset, last_asked
from resets.errors import DateRefusedError, ScheduleError
from resets.models import ResetSchedule
from resets.selectors import pick_refusals, window_of
from resets.services import schedule_reset
from tenants.models import District


def ask_early(
    district: District,
    suite: str,
    school_year: int,
    on: dt.date,
    *,
    reason: str,
    actor: str,
    email: str = "",
    at: dt.datetime,
    as_of: dt.date,
) -> Approval:
    """Ask a second person for an early date. The date that there is stays until it is approved and picked.

    Raises:
        DateRefusedError: something else is against the date as well, which nobody can approve.
        ScheduleError: it is no early date.
        ApprovalError: no reason is given.
    """
    refused = pick_refusals(district, window_of(suite, school_year), on, as_of=as_of)
    if not refused:
        raise ScheduleError("It is no early date: pick it as it is.")
    if not dates.is_early_only(refused):
        raise DateRefusedError(refused)
    return ask_for_reset(
        EARLY, district, suite, school_year, on, scope=EARLY_SCOPE, reason=reason, actor=actor, email=email, at=at
    )


def early_asked(district: District, suite: str, school_year: int, on: dt.date) -> Approval | None:
    """What was asked last for an early date of a suite and year, where it was this one."""
    found = last_asked(EARLY, district.pk, suite, school_year)
    return found if found is not None and found.on == on else None


def pick_early(
    district: District, suite: str, school_year: int, on: dt.date, *, actor: str, as_of: dt.date, seen: int | None
) -> ResetSchedule:
    """Pick the early date that was approved.

    Raises:
        ScheduleError: it is not approved, or the date breaks another rule by now.
    """
    approval = early_asked(district, suite, school_year, on)
    if approval is None or approval.state != ApprovalState.APPROVED:
        raise ScheduleError("An early date needs the approval of a second person first.")
    reason = f"An early date, approved: {approval.reason}"[:300]
    return schedule_reset(
        district, suite, school_year, on, actor=actor, as_of=as_of, reason=reason, seen=seen, approval=approval
    )
