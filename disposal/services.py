"""Requests for export and destruction: asking, deciding, and the job that does them."""

import datetime as dt
import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction

from disposal import terms
from disposal.destroying import destroy_student, preview_student
from disposal.errors import DisposalError
from disposal.exporting import write_export
from disposal.leaving import check_leaving, destroy_district, preview_district
from disposal.models import Case, CaseKind, CaseScope, CaseState
from disposal.requests.models import Asker, DisposalRequest
from ledger.services import append_entry
from tenants import clock
from tenants.jobs.services import enqueue_job
from tenants.locks import Lock, take_lock
from tenants.models import District, Job
from tenants.schema import current_schema

KIND = "dispose"
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
    at: dt.datetime,
    as_of: dt.date,
    waived_reason: str = "",
) -> Case:
    """Ask for the export or destruction of a student, or of the entered district when none is named.

    An export is begun at once; a destruction waits for a second person, and is bound to the counts of now.

    Raises:
        DisposalError: a hold, a date that is too late or over, or a district that has not got its export first.
    """
    latest = terms.latest_due(kind, as_of)
    due = due_on or latest
    if not as_of <= due <= latest:
        raise DisposalError(f"Give a day from today to {latest:%B} {latest.day}: {terms.GROUNDS[CaseKind(kind)]}.")
    if kind == CaseKind.DESTRUCTION and student_id is None:
        check_leaving(district, waived_reason)
    counted = preview(district, kind, student_id)
    if student_id is not None and not counted:
        raise DisposalError("There is no such student any more.")
    is_export = kind == CaseKind.EXPORT
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        case = Case.objects.create(
            district=district,
            kind=kind,
            scope=CaseScope.DISTRICT if student_id is None else CaseScope.STUDENT,
            state=CaseState.APPROVED if is_export else CaseState.ASKED,
            asked_by=actor,
            asked_at=at,
            due_on=due,
            ceiling=counted,
            waived_reason=waived_reason.strip(),
        )
        DisposalRequest.objects.create(pk=case.pk, student_id=student_id, asker=Asker(asker), note=note.strip())
        facts = {"case": str(case.pk), "kind": kind, "scope": str(case.scope), "due_on": due.isoformat()}
        append_entry(district.pk, "disposal_asked", actor=actor, at=at, facts=facts)
        if is_export:
            _begin(case, at)
    return case


def decide(case: Case, *, approved: bool, actor: str, reason: str, at: dt.datetime) -> None:
    """Approve or refuse a destruction, as the second person.

    Raises:
        DisposalError: it was decided before, the same person asked for it, or a refusal gives no reason.
    """
    if not approved and not reason.strip():
        raise DisposalError("Give the reason: whoever asked reads it.")
    with transaction.atomic():
        take_lock(Lock.DISTRICT, case.district_id)
        kept = Case.objects.select_for_update().get(pk=case.pk)
        if kept.state != CaseState.ASKED:
            raise DisposalError("This request was decided before.")
        if kept.asked_by == actor:
            raise DisposalError("A destruction takes two people: somebody else than who asked for it decides.")
        kept.state = CaseState.APPROVED if approved else CaseState.REFUSED
        kept.decided_by, kept.decided_at, kept.decision_reason = actor, at, reason.strip()
        kept.save()
        facts = {"case": str(kept.pk), "approved": approved}
        append_entry(kept.district_id, "disposal_decided", actor=actor, at=at, facts=facts)
        if approved:
            _begin(kept, at)


def dispose(district: District, job: Job) -> None:
    """Do what a case asks for, in the entered district; done twice it does nothing more."""
    case = Case.objects.get(pk=str(job.payload["case"]))
    if case.state != CaseState.APPROVED:
        return
    if case.kind == CaseKind.EXPORT:
        write_export(district, case, at=clock.now(), as_of=clock.today_in(district.time_zone))
    elif case.scope == CaseScope.STUDENT:
        destroy_student(district, case, at=clock.now())
    else:
        destroy_district(district, case, at=clock.now())


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
        append_entry(district.pk, "export_downloaded", actor=actor, at=at, facts={"case": str(case.pk)})


def _begin(case: Case, at: dt.datetime) -> None:
    enqueue_job(case.district, KIND, str(case.pk), due_at=at, payload={"case": str(case.pk)})
