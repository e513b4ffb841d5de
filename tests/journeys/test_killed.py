"""kill -9 in what a lifted hold had postponed, in a restore, in a destruction: nothing is lost, nothing is repeated.

Each attempt is a process of its own that does the job as a worker does; when it is killed the lease runs out, and the
next tick finds the job again.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django_tenants.utils import schema_context

from approvals.models import Approval
from approvals.services import approve
from disposal.services import decide, open_case
from holds.models import HoldScope
from holds.services import lift_hold, place_hold
from ledger.models import LedgerEntry
from ledger.verifying import verify_district
from products.math.models import StudentAccount
from resets.engine import events, execute
from resets.models import ResetRun, RunState
from resets.restoring.services import ask_restore, start_restore
from rostering.models import Student
from tenants.clock import now
from tenants.jobs.services import claim_due_jobs
from tenants.jobs.tasks import run_job
from tenants.models import District, Job, JobState
from tenants.schema import enter_district
from tests.resets.conftest import filled, make_run
from tests.support.hashing import hash_schema
from tests.support.killing import killed_at
from tests.support.waiting import wait_for

__all__ = ["filled", "make_run"]
CSM, OTHER, ADMIN = "csm:4", "superuser:1", "district_admin:1"
ALL = (events.POSTPONED_POINTS, events.RESTORE_POINTS, events.DESTRUCTION_POINTS)
FEW = (("postponed_recorded",), ("restore_moved",), ("destruction_deleted", "destruction_committed"))
"""In the gate: right before a commit, in the middle, and right after."""


def work_to_the_end(district: District, kind: str, points: tuple[str, ...]) -> None:
    """Do the newest job of a kind: killed once at each point, then to its end, and once more."""
    with schema_context("public"):
        job = Job.objects.filter(district=district, kind=kind, state=JobState.WAITING).latest("created_at")
    message = {"district_id": district.pk, "schema_name": district.schema_name}
    for point in points:
        assert killed_at(point, district, lambda: run_job(str(job.pk), **message)), point
        wait_for(lambda: str(job.pk) in {claimed for claimed, *_ in claim_due_jobs(now())}, 30)
    run_job(str(job.pk), **message)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, len(points) + 1)
    run_job(str(job.pk), **message)


def entries(district: District) -> Counter[str]:
    found = LedgerEntry.objects.filter(district_id=district.pk, kind__in=["postponed", "restore", "destruction"])
    return Counter(found.values_list("kind", flat=True))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("points", [FEW, pytest.param(ALL, marks=pytest.mark.scale)], ids=["few", "all"])
def test_killed_in_the_middle(
    points: tuple[tuple[str, ...], ...],
    filled: Callable[..., District],
    make_run: Callable[..., ResetRun],
    clock: Callable[[str], Any],
    settings: Any,
) -> None:
    settings.JOB_LEASE_SECONDS = 2
    at = clock("2026-07-28T08:00+00:00")
    district = filled(suites="literacy,math", students=60)
    with enter_district(district):
        held = StudentAccount.objects.order_by("student").values_list("student_id", flat=True)[0]
        said: dict[str, Any] = {"reason": "A suit.", "actor": CSM, "at": at}
        hold = place_hold(district, HoldScope.STUDENT, ground="litigation", student_id=held, **said)
    before = hash_schema(district.schema_name)
    literacy, math = make_run(district, "literacy"), make_run(district, "math")
    for run in (literacy, math):
        assert execute(run.pk) == RunState.COMPLETED

    with enter_district(district):
        lift_hold(district, hold.pk, **said)
    work_to_the_end(district, "postponed", points[0])
    left = ResetRun.objects.filter(evidence__exclusions__contains=[{"hold": hold.pk}]).count()
    assert entries(district) == {"postponed": left}

    restore = ask_restore(ResetRun.objects.get(pk=literacy.pk), None, actor=CSM, reason="A wrong date.", at=at)
    approve(Approval.objects.get(pk=restore.approval_id), actor=OTHER, at=at)
    start_restore(restore, at=at)
    work_to_the_end(district, "restore", points[1])
    after = hash_schema(district.schema_name)
    usage = {name for name in before if name.startswith("literacy_usage")}
    assert {name: after[name] for name in usage} == {name: before[name] for name in usage}

    with enter_district(district):
        others = set(Student.objects.exclude(pk=held).values_list("pk", flat=True))
        case = open_case(
            district, "destruction", student_id=held, asker="parent", note="", due_on=None, actor=ADMIN, at=at,
            as_of=at.date(),
        )  # fmt: skip
        decide(case, approved=True, actor=CSM, reason="", at=at)
    work_to_the_end(district, "dispose", points[2])
    with enter_district(district):
        assert set(Student.objects.values_list("pk", flat=True)) == others
    assert entries(district) == {"postponed": left, "restore": 1, "destruction": 1}
    assert Approval.objects.filter(state="used").count() == 2
    assert verify_district(district.pk).problems == ()
