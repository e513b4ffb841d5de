"""The second person for a destruction: what the approval is bound to, and how the request follows it.

Bound to the policy's version, the due date, whose data, and the most students and rows. Products go on writing until it
is done, so that a tenth more rows than were counted still fit; another student, or many more rows, make it stale.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from approvals.models import Approval, ApprovalState
from approvals.services import VALID, ask_approval, use_approval
from approvals.signals import approval_settled
from disposal.models import Case, CaseScope, CaseState
from disposal.requests.models import Asker
from resets.approved import ceiling_for
from resets.policies.registry import policy_for
from tenants.jobs.services import enqueue_job
from tenants.models import District, Job

APPROVAL: Final = "destruction"
KIND: Final = "dispose"
STUDENTS: Final = "rostering_student"
ASKED_BY: Final = {
    Asker.PARENT: "A parent or guardian, or the student when of age, asked for it.",
    Asker.DISTRICT: "The district itself asked for it.",
}
FOLLOWS: Final = {
    ApprovalState.APPROVED: CaseState.APPROVED,
    ApprovalState.REFUSED: CaseState.REFUSED,
    ApprovalState.WITHDRAWN: CaseState.WITHDRAWN,
    ApprovalState.STALE: CaseState.STALE,
}


def ask_for_destruction(
    district: District, case: Case, counted: Mapping[str, int], *, asker: str, actor: str, email: str, at: dt.datetime
) -> Approval:
    """Ask a second person for a case's destruction, in the caller's transaction.

    Args:
        counted: what it would concern now, in rows by relation.
        email: of who asks: the same address cannot decide, whatever account it uses.
    """
    counts = counts_of(counted)
    waived = f" No export first: {case.waived_reason}" if _waives(case) else ""
    return ask_approval(
        district, APPROVAL, subject=subject_of(case), scope=scope_of(case), on=case.due_on,
        policy_version=policy_for("disposal").version,
        ceiling={**ceiling_for(counts["rows"]), "students": counts["students"]},
        reason=f"{ASKED_BY[Asker(asker)]}{waived}", actor=actor, email=email, at=at,
        good_until=dt.datetime.combine(case.due_on, dt.time(), dt.UTC) + VALID,
    )  # fmt: skip


def use_for(case: Case, counted: Mapping[str, int], at: dt.datetime) -> tuple[str, str]:
    """Use up a case's approval, in the destroying transaction.

    Returns:
        who asked and who approved.

    Raises:
        StaleApprovalError: what would be destroyed is not what was approved.
        ApprovalError: it is not approved, or has expired.
    """
    return use_approval(
        case.approval_id, subject=subject_of(case), scope=scope_of(case), policy_version=policy_for("disposal").version,
        on=case.due_on, counts=counts_of(counted), at=at,
    )  # fmt: skip


def approval_of(case: Case) -> Approval | None:
    """What was asked last for a case; None for an export."""
    return Approval.objects.filter(pk=case.approval_id).first() if case.approval_id else None


def is_to_ask_again(case: Case, approval: Approval | None, at: dt.datetime) -> bool:
    """Whether nobody can approve an open request as it was asked: it is stale, or was not decided in time."""
    if case.state == CaseState.STALE:
        return True
    return case.state == CaseState.ASKED and approval is not None and at >= approval.expires_at


def subject_of(case: Case) -> str:
    """What an approval of a destruction is about."""
    return f"case:{case.pk}"


def scope_of(case: Case) -> dict[str, Any]:
    """Whose data; and of a leaving district, whether it wants no export first."""
    if case.scope == CaseScope.STUDENT:
        return {"whose": "one student"}
    return {"whose": "the whole district", "no export first": _waives(case)}


def counts_of(counted: Mapping[str, int]) -> dict[str, int]:
    """By the names of the ceiling: students (records that were merged into them too), and rows of every kind."""
    return {"students": counted.get(STUDENTS, 0), "rows": sum(counted.values())}


def begin(case: Case, at: dt.datetime) -> None:
    """Put what a case asks for on the list; once more under another key when it was begun before."""
    earlier = Job.objects.filter(district=case.district_id, kind=KIND, key=str(case.pk)).exists()
    key = f"{case.pk} {case.approval_id}" if earlier else str(case.pk)
    enqueue_job(case.district, KIND, key, due_at=at, payload={"case": str(case.pk)})


def follow_approval(approval: Approval, at: dt.datetime, **_: Any) -> None:
    """Let a case follow its approval, in the transaction that settles it; an approved one begins."""
    case = (
        Case.objects.select_for_update(of=("self",)).select_related("district").filter(approval_id=approval.pk).first()
    )
    if case is None or not case.is_open:
        return
    case.state = FOLLOWS[ApprovalState(approval.state)]
    case.save(update_fields=["state"])
    if case.state == CaseState.APPROVED:
        begin(case, at)


def hear_of_approvals() -> None:
    """Connect the receiver; called when the app is ready."""
    approval_settled.connect(follow_approval, dispatch_uid="disposal.approving")


def _waives(case: Case) -> bool:
    return bool(case.waived_reason)
