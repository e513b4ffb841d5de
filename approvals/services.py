"""Asking, deciding and using an approval.

A destructive run outside of its policy's automatic path needs two people. What the second one approves is bound to the
policy's version, the date, the scope and a ceiling of counts; when one of these has changed by the time it would be
used, it is stale, and nothing is done. Each step is an entry of the district's ledger.
"""

import datetime as dt
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.db import transaction
from django_tenants.utils import schema_context

from accounts.models import User
from approvals.errors import ApprovalError, StaleApprovalError
from approvals.models import Approval, ApprovalState
from approvals.signals import approval_settled
from ledger.replaying import current_replay
from ledger.services import append_later
from tenants.models import District

VALID = dt.timedelta(days=14)
"""Long enough for a holiday of the second person, short enough that both still remember what it was about."""


def ask_approval(
    district: District,
    kind: str,
    *,
    subject: str,
    scope: Mapping[str, Any],
    policy_version: str = "",
    on: dt.date | None = None,
    ceiling: Mapping[str, int],
    reason: str,
    actor: str,
    email: str = "",
    at: dt.datetime,
    good_until: dt.datetime | None = None,
) -> Approval:
    """Ask for a second person; what was asked before for the same subject and not decided is withdrawn.

    Args:
        kind: early_reset, repeat_reset, restore or destruction.
        scope: what exactly would be done, JSON values and identifiers only.
        ceiling: the most rows of each name that it may concern when it is used.
        email: of who asks: the same address cannot decide, whatever account it uses.
        good_until: for what happens later than the usual days from now.

    Raises:
        ApprovalError: no reason is given.
    """
    if not reason.strip():
        raise ApprovalError("Give the reason: the second person decides by it.")
    with schema_context("public"), transaction.atomic():
        open_before = Approval.objects.filter(district=district, kind=kind, subject=subject, state=ApprovalState.ASKED)
        for earlier in open_before:
            withdraw(earlier, actor=actor, at=at)
        approval = Approval.objects.create(
            district=district, kind=kind, subject=subject, scope=dict(scope), policy_version=policy_version, on=on,
            ceiling=dict(ceiling), reason=reason.strip()[:300], asked_by=actor, asked_email=_hashed(email),
            asked_at=at, expires_at=max(at + VALID, good_until or at),
        )  # fmt: skip
        _record(approval, "approval_asked", actor, at)
    return approval


def approve(approval: Approval, *, actor: str, email: str = "", at: dt.datetime, reason: str = "") -> None:
    """Approve as the second person.

    Raises:
        ApprovalError: it is the one who asked, it is decided already, or it has expired; nothing was changed.
    """
    _decide(approval, ApprovalState.APPROVED, actor=actor, email=email, at=at, reason=reason)


def refuse(approval: Approval, *, actor: str, email: str = "", at: dt.datetime, reason: str) -> None:
    """Refuse as the second person.

    Raises:
        ApprovalError: no reason is given, it is the one who asked, or it is decided already; nothing was changed.
    """
    if not reason.strip():
        raise ApprovalError("Give the reason: whoever asked must know why not.")
    _decide(approval, ApprovalState.REFUSED, actor=actor, email=email, at=at, reason=reason)


def withdraw(approval: Approval, *, actor: str, at: dt.datetime) -> None:
    """Take a question back before it was used.

    Raises:
        ApprovalError: it is used, refused or gone already; nothing was changed.
    """
    with schema_context("public"), transaction.atomic():
        found = _locked(approval, ApprovalState.ASKED, ApprovalState.APPROVED)
        found.state = ApprovalState.WITHDRAWN
        found.save(update_fields=["state"])
        _record(found, "approval_withdrawn", actor, at)
        _tell(found, at)
    approval.refresh_from_db()


def use_approval(
    approval_id: Any,
    *,
    subject: str,
    scope: Mapping[str, Any],
    policy_version: str = "",
    on: dt.date | None = None,
    counts: Mapping[str, int],
    at: dt.datetime,
) -> tuple[str, str]:
    """Use an approval up, in the destructive transaction: when that rolls back it is as before.

    Args:
        counts: what would be done now, by the names of the ceiling.

    Returns:
        who asked and who approved.

    Raises:
        StaleApprovalError: what would be done is not what was approved; see `mark_stale`, which outlives the rollback.
        ApprovalError: it is not approved, or has expired.
    """
    if (replay := current_replay()) is not None:  # it was used already: the published entry says who stood for it
        asked_by, decided_by = (str(who) for who in replay.first.facts["approvers"])
        _use_again(approval_id, decided_by, at)
        return asked_by, decided_by
    with schema_context("public"):
        approval = _locked_for_use(approval_id, at)
        if because := _difference(approval, subject, dict(scope), policy_version, on, counts):
            raise StaleApprovalError(f"The approval is stale: {because} Ask for another. Nothing was changed.")
        approval.state, approval.used_at = ApprovalState.USED, at
        approval.save(update_fields=["state", "used_at"])
    return approval.asked_by, approval.decided_by


def mark_stale(approval_id: Any, because: str, *, at: dt.datetime) -> None:
    """Record that an approval does not fit any more, after the transaction that found it out has rolled back."""
    with schema_context("public"), transaction.atomic():
        approval = Approval.objects.select_for_update().filter(pk=approval_id, state=ApprovalState.APPROVED).first()
        if approval is not None:
            approval.state, approval.stale_because = ApprovalState.STALE, because[:300]
            approval.save(update_fields=["state", "stale_because"])
            _record(approval, "approval_stale", "system:approvals", at)
            _tell(approval, at)


def actor_and_email(user: User) -> dict[str, str]:
    """How a logged-in person asks and decides: `ask_approval(..., **actor_and_email(user))`."""
    return {"actor": user.actor, "email": user.email}


def is_same_person(approval: Approval, actor: str, email: str) -> bool:
    """Whether somebody is the one who asked: by account, or by e-mail address whatever its case."""
    return actor == approval.asked_by or (bool(email) and _hashed(email) == approval.asked_email)


def _decide(approval: Approval, state: ApprovalState, *, actor: str, email: str, at: dt.datetime, reason: str) -> None:
    with schema_context("public"), transaction.atomic():
        found = _locked(approval, ApprovalState.ASKED)
        if is_same_person(found, actor, email):
            raise ApprovalError("You asked for it yourself: a second person must decide.")
        if at >= found.expires_at:
            raise ApprovalError(f"It expired on {found.expires_at:%B} {found.expires_at.day}: ask for another.")
        found.state, found.decided_by, found.decided_at = state, actor, at
        found.decision_reason = reason.strip()[:300]
        found.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
        _record(found, f"approval_{state}", actor, at)
        _tell(found, at)
    approval.refresh_from_db()


def _locked(approval: Approval, *states: ApprovalState) -> Approval:
    found = Approval.objects.select_for_update().select_related("district").get(pk=approval.pk)
    if found.state not in states:
        raise ApprovalError(f"It is settled already: {found.get_state_display().lower()}.")
    return found


def _locked_for_use(approval_id: Any, at: dt.datetime) -> Approval:
    approval = Approval.objects.select_for_update().filter(pk=approval_id).first() if approval_id else None
    if approval is None:
        raise ApprovalError("It needs the approval of a second person, and none was given. Nothing was changed.")
    if approval.state != ApprovalState.APPROVED:
        state = approval.get_state_display().lower()
        raise ApprovalError(f"It needs an approval, and the one that was asked for is: {state}. Nothing was changed.")
    if at >= approval.expires_at:
        raise ApprovalError("The approval has expired. Ask for another. Nothing was changed.")
    return approval


def _difference(
    approval: Approval,
    subject: str,
    scope: dict[str, Any],
    policy_version: str,
    on: dt.date | None,
    counts: Mapping[str, int],
) -> str:
    """Why an approval does not fit what would be done now; empty when it does."""
    if (approval.subject, approval.scope) != (subject, scope):
        return "it was given for something else."
    if approval.policy_version != policy_version:
        return f"the policy is {policy_version or 'none'} now, and was {approval.policy_version or 'none'}."
    if approval.on != on:
        return f"the date is {on or 'none'} now, and was {approval.on or 'none'}."
    for name, rows in sorted(counts.items()):
        most = int(approval.ceiling.get(name, 0))
        if rows > most:
            return f"{name} would concern {rows:,} rows, and at most {most:,} were approved."
    return ""


def _use_again(approval_id: Any, decided_by: str, at: dt.datetime) -> None:
    """What the backup has of a used approval must not wait for anybody, or be used once more."""
    with schema_context("public"):
        found = Approval.objects.filter(pk=approval_id)
        found.filter(state=ApprovalState.ASKED).update(
            state=ApprovalState.APPROVED, decided_by=decided_by, decided_at=at
        )
        found.filter(state=ApprovalState.APPROVED).update(state=ApprovalState.USED, used_at=at)


def _tell(approval: Approval, at: dt.datetime) -> None:
    approval_settled.send(sender=Approval, approval=approval, at=at)


def _record(approval: Approval, kind: str, actor: str, at: dt.datetime) -> None:
    facts = {
        "approval": str(approval.pk), "kind": approval.kind, "subject": approval.subject,
        "policy": approval.policy_version, "on": approval.on.isoformat() if approval.on else None,
        "ceiling": approval.ceiling,
    }  # fmt: skip
    append_later(approval.district, kind, f"{kind} {approval.pk}", actor=actor, at=at, facts=facts)


def _hashed(email: str) -> str:
    return sha256(email.strip().casefold().encode()).hexdigest() if email else ""
