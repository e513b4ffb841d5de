"""Asking a second person for a reset outside of its policy's automatic path: bound to its date, policy and counts."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from approvals.models import Approval
from approvals.services import ask_approval
from resets.approved import ceiling_for, subject_of_reset
from resets.engine.preview import preview
from resets.policies.registry import policy_for
from tenants.models import District

DAYS_LATE = 3
"""A run that waits for its turn, or is retried, may start days after its date."""


def ask_for_reset(
    kind: str,
    district: District,
    suite: str,
    school_year: int,
    on: dt.date,
    *,
    scope: Mapping[str, Any],
    reason: str,
    actor: str,
    email: str,
    at: dt.datetime,
) -> Approval:
    """Ask for the reset of a suite on a date, with a ceiling of what the preview counts now.

    Raises:
        ApprovalError: no reason is given.
    """
    lines = preview(district, suite, school_year, on).lines
    rows = sum(line.archived + line.deleted + line.changed for line in lines)
    return ask_approval(
        district, kind, subject=subject_of_reset(district.pk, suite, school_year), scope=scope,
        policy_version=policy_for(suite).version, on=on, ceiling=ceiling_for(rows), reason=reason, actor=actor,
        email=email, at=at, good_until=dt.datetime.combine(on + dt.timedelta(days=DAYS_LATE), dt.time(), dt.UTC),
    )  # fmt: skip


def last_asked(kind: str, district_id: int, suite: str, school_year: int) -> Approval | None:
    """What was asked last of a kind for a suite and year."""
    subject = subject_of_reset(district_id, suite, school_year)
    return Approval.objects.filter(kind=kind, subject=subject).order_by("-asked_at").first()
