"""A date before the earliest one: two people, one date, one policy, a ceiling of rows; and never by itself."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from approvals.errors import ApprovalError
from approvals.models import Approval, ApprovalState
from approvals.services import approve
from ledger.models import LedgerEntry
from products.literacy.models import Reward
from resets import asking, dates
from resets.conflicts import refresh_conflicts
from resets.early import ask_early, early_asked, pick_early
from resets.engine import execute
from resets.errors import DateRefusedError, ScheduleError
from resets.models import ResetRun, ResetSchedule, ResetWindow, RunState
from resets.planner import start_due_runs
from resets.services import open_school_year, schedule_reset
from tenants.models import District
from tenants.schema import enter_district
from tests.resets.conftest import filled

__all__ = ["filled"]
EARLY = dt.date(2026, 6, 10)
ASKED_AT = dt.datetime(2026, 5, 4, 15, tzinfo=dt.UTC)
AS_OF = ASKED_AT.date()
CSM, OTHER = "csm:4", "superuser:1"


@pytest.fixture
def early(filled: Callable[..., District], clock: Callable[[str], Any]) -> District:
    """A district whose school year ends in May, filled with literacy data."""
    clock(ASKED_AT.isoformat())
    district = filled(suites="literacy", students=40)
    district.school_year_ends_on = dt.date(2026, 5, 22)
    district.summer_session_ends_on = None
    district.save()
    open_school_year(2026)
    return district


def ask(district: District, on: dt.date = EARLY) -> Approval:
    return ask_early(district, "literacy", 2026, on, reason="The building closes.", actor=CSM, at=ASKED_AT, as_of=AS_OF)


def pick(district: District, on: dt.date = EARLY) -> ResetSchedule:
    return pick_early(district, "literacy", 2026, on, actor=CSM, as_of=AS_OF, seen=None)


def due_run(clock: Callable[[str], Any]) -> ResetRun:
    assert start_due_runs(clock("2026-06-10T09:00+00:00")) == 1
    run = ResetRun.objects.get()
    assert run.on == EARLY
    return run


def test_two_people_stand_for_it_and_the_run_says_so(early: District, clock: Callable[[str], Any]) -> None:
    with pytest.raises(DateRefusedError, match="any date June 19"):
        schedule_reset(early, "literacy", 2026, EARLY, actor=CSM, as_of=AS_OF)
    approval = ask(early)
    with pytest.raises(ScheduleError, match="approval of a second person first"):
        pick(early)
    with pytest.raises(ApprovalError, match="second person"):
        approve(approval, actor=CSM, at=ASKED_AT)
    approve(approval, actor=OTHER, at=ASKED_AT)
    schedule = pick(early)
    assert (schedule.on, schedule.approval_id, schedule.early_on) == (EARLY, approval.pk, EARLY)
    refresh_conflicts(ResetSchedule.objects.all())
    assert ResetSchedule.objects.get().conflicts == ""

    run = due_run(clock)
    assert execute(run.pk) == RunState.COMPLETED, ResetRun.objects.get().error
    assert early_asked(early, "literacy", 2026, EARLY).state == ApprovalState.USED  # type: ignore[union-attr]
    assert LedgerEntry.objects.get(kind="reset").facts["approvers"] == [CSM, OTHER]


def test_another_date_makes_it_stale(early: District) -> None:
    approval = ask(early)
    approve(approval, actor=OTHER, at=ASKED_AT)
    pick(early)
    schedule = schedule_reset(early, "literacy", 2026, dt.date(2026, 6, 22), actor=CSM, as_of=AS_OF)
    approval.refresh_from_db()
    assert (approval.state, approval.stale_because) == (ApprovalState.STALE, "Another date was picked.")
    assert (schedule.approval_id, schedule.early_on) == (None, None)


@pytest.mark.parametrize("change", ["ceiling", "no approval"])
def test_what_was_not_approved_is_not_done(
    early: District, clock: Callable[[str], Any], change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if change == "ceiling":
        monkeypatch.setattr(asking, "ceiling_for", lambda _: {"rows": 5})
    approval = ask(early)
    approve(approval, actor=OTHER, at=ASKED_AT)
    pick(early)
    run = due_run(clock)
    if change == "no approval":
        ResetRun.objects.filter(pk=run.pk).update(approval_id=None)
    with enter_district(early):
        before = list(Reward.objects.order_by("pk").values_list("booster_bits", flat=True))
    assert execute(run.pk) == RunState.FAILED
    run.refresh_from_db()
    approval.refresh_from_db()
    with enter_district(early):
        assert list(Reward.objects.order_by("pk").values_list("booster_bits", flat=True)) == before
    if change == "ceiling":
        assert "at most 5 were approved" in run.error
        assert (approval.state, "at most 5" in approval.stale_because) == (ApprovalState.STALE, True)
    else:
        assert "before the earliest date" in run.error
        assert approval.state == ApprovalState.APPROVED


def test_nobody_can_approve_what_else_is_against_a_date(early: District) -> None:
    with pytest.raises(DateRefusedError, match="school year ends on May 22"):
        ask(early, dt.date(2026, 5, 20))
    with pytest.raises(ScheduleError, match="no early date"):
        ask(early, dt.date(2026, 6, 20))
    window = ResetWindow.objects.get(suite="literacy", school_year=2026)
    assert window.earliest_on == dt.date(2026, 6, 19)
    assert dates.CONFLICTS["earliest"]
