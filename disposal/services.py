"""Requests for export and destruction: asking, deciding, and the job that does them."""

import datetime as dt
import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction

from approvals.errors import ApprovalError
from approvals.models import ApprovalState
from approvals.services import approve, mark_stale, refuse, withdraw
from disposal import terms
from disposal.approving import approval_of, ask_for_destruction, begin, is_to_ask_again
from disposal.destroying import destroy_student, preview_student
from disposal.errors import DisposalError
from disposal.exporting import write_export
from disposal.leaving import check_leaving, destroy_district, preview_district
from disposal.models import OPEN, Case, CaseKind, CaseScope, CaseState
from disposal.requests.models import Asker, DisposalRequest
from ledger.services import append_entry
from tenants import clock
from tenants.errors import describe_error
from tenants.locks import Lock, take_lock
from tenants.models import District, Job
from tenants.schema import current_schema

REMOVE = "remove_export"


def preview(district: District, kind: str, student_id: int | None) -> dict[str, int]:
    """What a request concerns, in rows by relation of the entered district.

    Raises:
        DisposalError: a destruction is refused because of a legal hold.
    """
    if student_id is None:
        return preview_district()
    return preview_student(district, student_id, refuse_held=kind == CaseKind.DESTRUCTION)


def open_case(
    district: District,
    kind: str,
    *,
    student_id: int | None,
    asker: str,
    note: str,
    due_on: dt.date | None,
    actor: str,
    email: str = "",
    at: dt.datetime,
    as_of: dt.date,
    waived_reason: str = "",
) -> Case:
    """Ask for the export or destruction of a student, or of the entered district when none is named.

    An export is begun at once; a destruction waits for a second person's approval, which is bound to the counts of now.

    Args:
        asker: who asked the district, an `Asker`.
        actor: who makes the request here, and `email` their address.
        due_on: by when; None for the latest day.

    Raises:
        DisposalError: a hold, a date that is too late or over, or a district that has not got its export first.
    """
    due = _due(kind, due_on, as_of)
    counted = _count(district, kind, student_id, waived_reason)
    case = Case(district=district, kind=kind, asked_by=actor, asked_at=at, due_on=due, counts=counted)
    case.waived_reason = waived_reason.strip()
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        _keep(case, DisposalRequest(pk=case.pk, student_id=student_id, asker=Asker(asker), note=note.strip()))
        if kind == CaseKind.EXPORT:
            begin(case, at)
        else:
            _ask(district, case, counted, asker=asker, actor=actor, email=email, at=at)
    return case


def ask_again(district: District, case: Case, *, actor: str, email: str = "", at: dt.datetime) -> None:
    """Ask anew for a destruction of the entered district whose approval is stale or has expired, with today's counts.

    Raises:
        DisposalError: it waits for its decision, or is settled; or a legal hold is against it.
    """
    if not is_to_ask_again(case, approval_of(case), at):
        raise DisposalError("There is nothing to ask again: this request waits for its decision, or is settled.")
    about = DisposalRequest.objects.get(pk=case.pk)
    if about.student_id is None:
        check_leaving(district, case.waived_reason)
    counted = preview(district, case.kind, about.student_id)
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        _ask(district, case, counted, asker=about.asker, actor=actor, email=email, at=at)


def decide(case: Case, *, approved: bool, actor: str, email: str = "", reason: str, at: dt.datetime) -> None:
    """Approve or refuse a destruction, as the second person. The request follows its approval.

    Raises:
        DisposalError: it was decided before, the same person asked for it, or a refusal gives no reason.
    """
    approval = approval_of(case)
    if approval is None:
        raise DisposalError("There is nothing to decide.")
    settle = approve if approved else refuse
    try:
        settle(approval, actor=actor, email=email, at=at, reason=reason)
    except ApprovalError as error:
        raise DisposalError(str(error)) from None


def take_back(case: Case, *, actor: str, at: dt.datetime) -> None:
    """Take back a destruction that is not done yet.

    Raises:
        DisposalError: it is settled.
    """
    approval = approval_of(case)
    if approval is None:
        raise DisposalError("There is nothing to take back.")
    if approval.state == ApprovalState.STALE:
        case.state = CaseState.STALE
        _take_back_itself(case, actor, at)
        return
    try:
        withdraw(approval, actor=actor, at=at)
    except ApprovalError as error:
        raise DisposalError(str(error)) from None


def end_orphans(district: District, *, actor: str, at: dt.datetime) -> int:
    """End the entered district's open requests about students who were anonymized or destroyed meanwhile.

    Nobody could do them any more, and they would be overdue for ever. Returns how many.
    """
    open_ones = Case.objects.filter(district=district, scope=CaseScope.STUDENT, state__in=OPEN)
    known = set(DisposalRequest.objects.exclude(student=None).values_list("pk", flat=True))
    orphans = [case for case in open_ones if case.pk not in known]
    for case in orphans:
        if case.kind == CaseKind.EXPORT or case.state == CaseState.STALE:
            _take_back_itself(case, actor, at)
        else:
            take_back(case, actor=actor, at=at)
    return len(orphans)


def dispose(district: District, job: Job) -> None:
    """Do what a case asks for, in the entered district; done twice it does nothing more.

    What was approved and does not fit any more is not done: the request is to be asked again.
    """
    case = Case.objects.get(pk=str(job.payload["case"]))
    if case.state != CaseState.APPROVED:
        return
    if case.kind == CaseKind.EXPORT:
        write_export(district, case, at=clock.now(), as_of=clock.today_in(district.time_zone))
        return
    destroy = destroy_student if case.scope == CaseScope.STUDENT else destroy_district
    try:
        destroy(district, case, at=clock.now())
    except ApprovalError as error:
        mark_stale(case.approval_id, describe_error(error), at=clock.now())


def give_up_disposal(_district: District, job: Job, error: str) -> None:
    """A destruction that could not be done for weeks (a legal hold, say) is to be asked for again."""
    case = Case.objects.get(pk=str(job.payload["case"]))
    if case.approval_id is not None:
        mark_stale(case.approval_id, error, at=clock.now())


def remove_export(_district: District, job: Job) -> None:
    """Remove an export whose days are over, in the entered district."""
    DisposalRequest.objects.filter(pk=str(job.payload["case"])).update(file="")
    shutil.rmtree(Path(settings.MEDIA_ROOT) / current_schema() / "exports" / job.key, ignore_errors=True)


def note_download(district: District, case: Case, *, actor: str, at: dt.datetime) -> None:
    """Write down that an export was handed out."""
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        kept = Case.objects.select_for_update().get(pk=case.pk)
        kept.downloads += 1
        kept.save(update_fields=["downloads"])
        append_entry(district.pk, "disposal_downloaded", actor=actor, at=at, facts={"case": str(case.pk)})


def _due(kind: str, due_on: dt.date | None, as_of: dt.date) -> dt.date:
    latest = terms.latest_due(kind, as_of)
    due = due_on or latest
    if not as_of <= due <= latest:
        raise DisposalError(f"Give a day from today to {latest:%B} {latest.day}: {terms.GROUNDS[CaseKind(kind)]}.")
    return due


def _count(district: District, kind: str, student_id: int | None, waived_reason: str) -> dict[str, int]:
    """What is asked for, in rows by relation, if it may be asked for."""
    if kind == CaseKind.DESTRUCTION and student_id is None:
        check_leaving(district, waived_reason)
    counted = preview(district, kind, student_id)
    if student_id is not None and not counted:
        raise DisposalError("There is no such student any more.")
    return counted


def _keep(case: Case, about: DisposalRequest) -> None:
    """Write both sides of a new request down, and its entry in the ledger."""
    case.scope = CaseScope.DISTRICT if about.student_id is None else CaseScope.STUDENT
    case.state = CaseState.APPROVED if case.kind == CaseKind.EXPORT else CaseState.ASKED
    case.save(force_insert=True)
    about.save(force_insert=True)
    facts = {"case": str(case.pk), "kind": case.kind, "scope": str(case.scope), "due_on": case.due_on.isoformat()}
    append_entry(case.district_id, "disposal_asked", actor=case.asked_by, at=case.asked_at, facts=facts)


def _take_back_itself(case: Case, actor: str, at: dt.datetime) -> None:
    """Its approval is settled, or it needs none: the request says itself that it was taken back."""
    with transaction.atomic():
        take_lock(Lock.DISTRICT, case.district_id)
        if not Case.objects.filter(pk=case.pk, state=case.state).update(state=CaseState.WITHDRAWN):
            raise DisposalError("This request is settled.")
        append_entry(case.district_id, "disposal_withdrawn", actor=actor, at=at, facts={"case": str(case.pk)})


def _ask(
    district: District, case: Case, counted: dict[str, int], *, asker: str, actor: str, email: str, at: dt.datetime
) -> None:
    approval = ask_for_destruction(district, case, counted, asker=asker, actor=actor, email=email, at=at)
    case.approval_id, case.state, case.counts = approval.pk, CaseState.ASKED, counted
    case.save(update_fields=["approval_id", "state", "counts"])
