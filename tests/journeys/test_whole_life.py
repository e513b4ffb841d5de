"""A district's year from the reset to the last certificate: every state, every count, and nobody left to be found."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

from django_tenants.utils import schema_context

from approvals.models import Approval
from approvals.services import approve
from archiving.planner import plan_anonymizations
from archiving.years.models import ArchivedYear
from certificates.models import Certificate
from certificates.planner import issue_due_certificates
from disposal.models import Case, CaseState
from disposal.services import decide, dispose, open_case
from holds.models import HoldScope, LegalHold
from holds.services import lift_hold, place_hold
from ledger.models import LedgerEntry
from ledger.verifying import verify_district
from products.literacy.models import StudentAccount, UsageArchive
from resets.engine import execute
from resets.models import ResetRun, ResetSchedule, RestoreState, RunState
from resets.repeating import ask_repeat, start_repeat
from resets.restoring.execute import execute_restore
from resets.restoring.services import ask_restore, start_restore
from rostering.models import Student, StudentIdentity
from sweeps.models import Incident, Sweep
from tenants.models import District, Job, JobState
from tenants.schema import enter_district
from tests.resets.conftest import filled, make_run
from tests.support.jobs import do_jobs

__all__ = ["filled", "make_run"]
SECOND = dt.date(2026, 8, 5)
CSM, OTHER = "csm:4", "superuser:1"


def do(district: District, *kinds: str) -> None:
    """Do a district's open jobs as the worker would, kind by kind, and close them."""
    with enter_district(district):
        for kind in kinds:
            for job in Job.objects.filter(district=district, kind=kind, state=JobState.WAITING).order_by("pk"):
                do_jobs(district, [job])
                with schema_context("public"):
                    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
                    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)


def undo_school(run: ResetRun, school: int, at: dt.datetime) -> None:
    restore = ask_restore(run, (school,), actor=CSM, reason="Lincoln had its summer school.", at=at)
    approve(Approval.objects.get(pk=restore.approval_id), actor=OTHER, at=at)
    start_restore(restore, at=at)
    assert execute_restore(restore.pk) == RestoreState.COMPLETED


def reset_again(run: ResetRun, at: dt.datetime) -> ResetRun:
    ResetSchedule.objects.create(district=run.district, suite="literacy", school_year=2026, on=SECOND)
    approve(ask_repeat(run, actor=CSM, reason="The summer school is over.", at=at), actor=OTHER, at=at)
    second = start_repeat(run, actor=CSM, at=at)
    assert execute(second.pk) == RunState.COMPLETED, ResetRun.objects.get(pk=second.pk).error
    return second


def destroy(district: District, student: int | None, at: dt.datetime) -> Case:
    case = open_case(
        district, "destruction", student_id=student, asker="parent", note="", due_on=None, actor="district_admin:1",
        at=at, as_of=at.date(), waived_reason="" if student else "Moves to another vendor.",
    )  # fmt: skip
    decide(case, approved=True, actor=CSM, reason="", at=at)
    dispose(district, Job.objects.get(kind="dispose", key=str(case.pk)))
    return case


def named() -> set[int]:
    return set(StudentIdentity.objects.values_list("student_id", flat=True))


def test_from_the_reset_to_the_last_certificate(
    filled: Callable[..., District], make_run: Callable[..., ResetRun], clock: Callable[[str], Any]
) -> None:
    clock("2026-07-28T08:00+00:00")
    district = filled(suites="literacy", students=400)
    first = make_run(district, "literacy")
    assert execute(first.pk) == RunState.COMPLETED
    with enter_district(district):
        archived = Counter(UsageArchive.objects.filter(school_year=2026).values_list("school_id", flat=True))
        school = min(archived)
        concerned = set(StudentAccount.objects.values_list("student_id", flat=True))
        there = {
            key: set(Student.objects.filter(pk__in=concerned, school_id=key).values_list("pk", flat=True))
            for key in archived
        }
        early, late, held, gone = sorted(set().union(*(there[key] for key in archived if key != school)))[:4]

    first.refresh_from_db()
    undo_school(first, school, clock("2026-08-03T15:00+00:00"))
    second = reset_again(ResetRun.objects.get(pk=first.pk), clock("2026-08-05T15:00+00:00"))
    with enter_district(district):
        again = Counter(UsageArchive.objects.filter(school_year=2026).values_list("school_id", flat=True))
        assert again == archived

        hold_at = clock("2026-10-01T15:00+00:00")
        hold = place_hold(
            district, HoldScope.STUDENT, ground="litigation", reason="A suit.", actor=CSM, at=hold_at, student_id=held
        )
        for key in (early, late):  # on day 89 and on day 90, by the roster of the new year
            Student.objects.filter(pk=key).update(school_year=2027)
        everybody = named()

    clock("2026-10-27T04:30+00:00")  # half past eleven on day 90 in Chicago
    assert plan_anonymizations() == 0
    clock("2026-10-27T05:30+00:00")
    assert plan_anonymizations() == 1
    do(district, "anonymize", "rewrite_storage", "remove_files", "sweep")
    others = set().union(*(there[key] for key in archived if key != school)) - {early, late, held}
    with enter_district(district):
        assert named() == everybody - others
        assert gone in others
        assert Student.objects.filter(status="anonymized").count() == len(others)

    clock("2026-11-04T15:00+00:00")  # day 91 of the second reset: the school that was restored
    assert plan_anonymizations() == 1
    do(district, "anonymize", "rewrite_storage", "remove_files", "sweep")
    with enter_district(district):
        assert named() == everybody - others - there[school]
        lift_hold(district, hold.pk, reason="Settled.", actor=CSM, at=clock("2026-11-05T15:00+00:00"))
    do(district, "postponed", "rewrite_storage", "remove_files", "sweep")
    with enter_district(district):
        assert held not in named()
        assert LegalHold.objects.get().reason == ""
        case = destroy(district, early, clock("2026-11-06T15:00+00:00"))
        assert not Student.objects.filter(pk=early).exists()
        assert named() == everybody - others - there[school] - {held, early}
    do(district, "rewrite_storage", "remove_files", "sweep")

    case.refresh_from_db()
    assert case.state == CaseState.DONE
    assert not Incident.objects.exists()
    assert Sweep.objects.exclude(finished_at=None).count() == 4
    assert ArchivedYear.objects.get(district=district, school_year=2026).state == "anonymized"
    _check_record(district, second)


def _check_record(district: District, second: ResetRun) -> None:
    """The ledger holds, and a certificate tells of each disposition."""
    kinds = Counter(LedgerEntry.objects.filter(district_id=district.pk).values_list("kind", flat=True))
    wanted = {"reset": 2, "restore": 1, "anonymization": 2, "postponed": 1, "destruction": 1, "hold_placed": 1}
    assert wanted.items() <= dict(kinds).items()
    entry = LedgerEntry.objects.get(district_id=district.pk, kind="reset", facts__run=str(second.pk))
    assert entry.facts["approvers"] == [CSM, OTHER]
    found = verify_district(district.pk)
    assert (found.problems, found.published) == ((), found.entries)
    issue_due_certificates()
    told = set(Certificate.objects.filter(district_id=district.pk).values_list("ledger_number", flat=True))
    dispositions = LedgerEntry.objects.filter(
        district_id=district.pk, kind__in=["reset", "anonymization", "postponed", "destruction"]
    )
    assert set(dispositions.values_list("number", flat=True)) <= told
