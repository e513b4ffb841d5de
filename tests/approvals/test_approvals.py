"""An approval: two people, forward only, bound to what it was asked for, in the services and in the database."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.errors import ApprovalError, StaleApprovalError
from approvals.models import Approval, ApprovalState
from approvals.services import VALID, approve, ask_approval, mark_stale, refuse, use_approval, withdraw
from tenants.models import District, Job

AT = dt.datetime(2026, 7, 1, 15, tzinfo=dt.UTC)
ON = dt.date(2026, 7, 10)
BOUND: dict[str, Any] = {
    "subject": "run:1", "scope": {"schools": [3]}, "policy_version": "2023.1", "on": ON, "counts": {"rows": 110},
}  # fmt: skip


def asked(district: District) -> Approval:
    return ask_approval(
        district, "restore", subject="run:1", scope={"schools": [3]}, policy_version="2023.1", on=ON,
        ceiling={"rows": 110}, reason="The wrong date.", actor="csm:4", email="casey@vendor.example", at=AT,
    )  # fmt: skip


def test_it_is_used_once_by_what_it_was_asked_for(district: District) -> None:
    approval = asked(district)
    approve(approval, actor="superuser:1", email="sam@vendor.example", at=AT)
    assert use_approval(approval.pk, **BOUND, at=AT) == ("csm:4", "superuser:1")
    with pytest.raises(ApprovalError, match="is: used"):
        use_approval(approval.pk, **BOUND, at=AT)
    kinds = Job.objects.filter(district=district, kind="ledger_entry").values_list("payload__kind", flat=True)
    assert set(kinds) == {"approval_asked", "approval_approved"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"subject": "run:2"}, "something else"),
        ({"scope": {"schools": [3, 4]}}, "something else"),
        ({"policy_version": "2024.1"}, "policy is 2024.1 now"),
        ({"on": dt.date(2026, 7, 11)}, "date is 2026-07-11 now"),
        ({"counts": {"rows": 111}}, "111 rows, and at most 110"),
        ({"counts": {"rows": 1, "others": 1}}, "others would concern 1 rows"),
    ],
)
def test_it_goes_stale_with_what_it_was_bound_to(district: District, changed: dict[str, Any], told: str) -> None:
    approval = asked(district)
    approve(approval, actor="superuser:1", at=AT)
    with pytest.raises(StaleApprovalError, match=told):
        use_approval(approval.pk, **{**BOUND, **changed}, at=AT)
    mark_stale(approval.pk, told, at=AT)
    approval.refresh_from_db()
    assert (approval.state, approval.stale_because) == (ApprovalState.STALE, told)


def test_who_asked_does_not_decide_whatever_the_account(district: District) -> None:
    approval = asked(district)
    for who in ({"actor": "csm:4"}, {"actor": "superuser:9", "email": " CASEY@vendor.example"}):
        with pytest.raises(ApprovalError, match="second person"):
            approve(approval, at=AT, **who)
    with pytest.raises(DatabaseError, match="two people"), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(state="approved", decided_by="csm:4")


def test_it_expires_and_a_new_question_takes_the_old_ones_place(district: District) -> None:
    first, second = asked(district), asked(district)
    first.refresh_from_db()
    assert first.state == ApprovalState.WITHDRAWN
    with pytest.raises(ApprovalError, match="expired"):
        approve(second, actor="superuser:1", at=AT + VALID)
    approve(second, actor="superuser:1", at=AT)
    with pytest.raises(ApprovalError, match="expired"):
        use_approval(second.pk, **BOUND, at=AT + VALID)
    with pytest.raises(ApprovalError, match="none was given"):
        use_approval(None, **BOUND, at=AT)


@pytest.mark.parametrize("change", [{"scope": {}}, {"ceiling": {"rows": 999}}, {"on": None}, {"subject": "run:9"}])
def test_what_was_asked_for_is_never_changed(district: District, change: dict[str, Any]) -> None:
    approval = asked(district)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(**change)


STEPS = {
    "approve": lambda one: approve(one, actor="superuser:1", at=AT),
    "refuse": lambda one: refuse(one, actor="superuser:1", at=AT, reason="No."),
    "withdraw": lambda one: withdraw(one, actor="csm:4", at=AT),
    "use": lambda one: use_approval(one.pk, **BOUND, at=AT),
    "stale": lambda one: mark_stale(one.pk, "changed", at=AT),
}
NEXT = {
    ("asked", "approve"): "approved", ("asked", "refuse"): "refused", ("asked", "withdraw"): "withdrawn",
    ("approved", "use"): "used", ("approved", "stale"): "stale", ("approved", "withdraw"): "withdrawn",
}  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=6), forced=st.sampled_from(ApprovalState.values))
def test_it_only_goes_forward(district: District, steps: list[str], forced: str) -> None:
    approval = asked(district)
    state = "asked"
    for step in steps:
        try:
            STEPS[step](approval)
        except ApprovalError:
            assert (state, step) not in NEXT
        state = NEXT.get((state, step), state)
        approval.refresh_from_db()
        assert approval.state == state
    if forced != state and forced not in {to for (of, _), to in NEXT.items() if of == state}:
        with pytest.raises(DatabaseError, match="does not go"), transaction.atomic():
            Approval.objects.filter(pk=approval.pk).update(state=forced)
