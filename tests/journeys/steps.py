"""What people do in a district's year, one step each: for tests that live through more than one of them."""

import datetime as dt

from django_tenants.utils import schema_context

from approvals.models import Approval
from approvals.services import approve
from disposal.models import Case
from disposal.services import decide, dispose, open_case
from resets.engine import execute
from resets.models import ResetRun, ResetSchedule, RestoreState, RunState
from resets.repeating import ask_repeat, start_repeat
from resets.restoring.execute import execute_restore
from resets.restoring.services import ask_restore, start_restore
from tenants.models import District, Job, JobState
from tenants.schema import enter_district
from tests.support.jobs import do_jobs

SECOND = dt.date(2026, 8, 5)
CSM, OTHER = "csm:4", "superuser:1"
AFTERWARDS = ("rewrite_storage", "remove_files", "sweep")
"""The jobs that follow a disposition."""


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
    """A school's reset is undone, by two people."""
    restore = ask_restore(run, (school,), actor=CSM, reason="Lincoln had its summer school.", at=at)
    approve(Approval.objects.get(pk=restore.approval_id), actor=OTHER, at=at)
    start_restore(restore, at=at)
    assert execute_restore(restore.pk) == RestoreState.COMPLETED


def reset_again(run: ResetRun, at: dt.datetime) -> ResetRun:
    """The district is reset a second time, by two people."""
    ResetSchedule.objects.create(district=run.district, suite="literacy", school_year=2026, on=SECOND)
    approve(ask_repeat(run, actor=CSM, reason="The summer school is over.", at=at), actor=OTHER, at=at)
    second = start_repeat(run, actor=CSM, at=at)
    assert execute(second.pk) == RunState.COMPLETED, ResetRun.objects.get(pk=second.pk).error
    return second


def destroy(district: District, student: int | None, at: dt.datetime) -> Case:
    """A parent asks for a student's destruction, or the district for its own; it is agreed to and done."""
    case = open_case(
        district, "destruction", student_id=student, asker="parent", note="", due_on=None, actor="district_admin:1",
        at=at, as_of=at.date(), waived_reason="" if student else "Moves to another vendor.",
    )  # fmt: skip
    decide(case, approved=True, actor=CSM, reason="", at=at)
    dispose(district, Job.objects.get(kind="dispose", key=str(case.pk)))
    return case
