"""What an open request waits for, and who does it: the same words on pages, in letters and among what is asked."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from approvals.models import Approval
from disposal.approving import is_to_ask_again
from disposal.models import Case, CaseKind, CaseScope, CaseState

CSM: Final = "csm"
DISTRICT: Final = "district"
WORKER: Final = "worker"
AGAIN: Final = (
    "It has to be asked for again by a district admin, under Records, Requests: what was approved is not what there is "
    "now, or it was not decided in time."
)
APPROVE: Final = "Your customer success manager has to approve it: a destruction takes two people."
APPROVED: Final = (
    "It is approved, and is done as soon as no legal hold and no stop of all destructive work is against it."
)
MADE: Final = "The export is being made."


@dataclass(frozen=True)
class Waiting:
    """What is waited for.

    Attributes:
        whose: csm, district or worker.
    """

    whose: str
    text: str


def waiting(case: Case, approval: Approval | None = None, at: dt.datetime | None = None) -> Waiting:
    """What an open request waits for.

    Args:
        approval: that of the case; with the moment it tells whether it was decided in time.
    """
    if case.state == CaseState.STALE or (at is not None and is_to_ask_again(case, approval, at)):
        return Waiting(DISTRICT, AGAIN)
    if case.state == CaseState.ASKED:
        return Waiting(CSM, APPROVE)
    return Waiting(WORKER, MADE if case.kind == CaseKind.EXPORT else APPROVED)


def what(case: Case) -> str:
    """What was requested, in words that name nobody: "destruction of one student's data"."""
    whose = "one student's data" if case.scope == CaseScope.STUDENT else "the whole district's data"
    return f"{CaseKind(case.kind).label.lower()} of {whose}"
