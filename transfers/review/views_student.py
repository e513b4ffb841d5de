"""Review Student Data: one incoming student beside the records of this site, and what the reviewer decides."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.asked import whole
from accounts.pages import own_school, page, person, whole_number
from accounts.searching import query_without
from rostering.models import School, Student
from tenants import clock
from tenants.templatetags.words import GRADES
from transfers.imports.errors import TransferRefusedError
from transfers.imports.models import IncomingStudent
from transfers.review.asking import NEXT, asked_filters, asked_search, keep_record_search, own_import
from transfers.review.comparing import compare
from transfers.review.deciding import create_new_student, match_student, review_refusal
from transfers.review.errors import AlreadyDecidedError, RecordTakenError
from transfers.review.finding import found_students
from transfers.review.records import Choice, choices_of, records_within, state_id_owner
from transfers.review.reviewers import people_behind
from transfers.review.students import flag_words, import_as, next_student
from transfers.review.views_list import SECTION

SAVED = {
    "match": "Saved: the student will be imported as the record that you matched.",
    "new": "Saved: the student will be imported as a new student.",
    "later": "Nothing was changed: you can decide later.",
}
UNCHECKED = "Check the student on your site first, then select Match Student. Nothing was changed."


@require_http_methods(["GET", "HEAD", "POST"])
def review_student(request: HttpRequest, key: UUID, incoming: int) -> HttpResponse:
    """The page; a POST searches for a record, or decides."""
    transfer = own_import(request, key)
    row = IncomingStudent.objects.filter(transfer=transfer, pk=incoming).first()
    if row is None:
        messages.warning(request, "That student is not to be reviewed any more.")
        return redirect("transfers_review", key)
    row.transfer = transfer
    if request.method != "POST":
        return _shown(request, row)
    if "decision" not in request.POST:
        return HttpResponseRedirect(keep_record_search(request, row))
    request.session[NEXT] = "next" in request.POST
    try:
        done = _decided(request, row)
    except TransferRefusedError as refused:
        return _shown(request, row, refused)
    messages.success(request, SAVED[done])
    return _onwards(request, row)


def _decided(request: HttpRequest, row: IncomingStudent) -> str:
    """Do what was asked; returns what it was."""
    user, decision = person(request), request.POST["decision"]
    version = whole_number(request.POST.get("version", ""))
    if decision not in SAVED or version is None:
        raise TransferRefusedError("Select Match Student, Create New Student or Decide Later. Nothing was changed.")
    if decision == "new":
        create_new_student(row.pk, version, actor=user.actor, at=clock.now())
    if decision == "match":
        student = whole_number(request.POST.get("student", ""))
        if student is None or not records_within(row, own_school(user)).filter(pk=student).exists():
            raise TransferRefusedError(UNCHECKED)
        match_student(row.pk, student, version, actor=user.actor, at=clock.now())
    return decision


def _onwards(request: HttpRequest, row: IncomingStudent) -> HttpResponse:
    """ "You will either go to the previous page or to the next student, depending on the check box"."""
    query = query_without(request, "compare", "in_grade", "in_school")
    if request.session[NEXT]:
        following = next_student(row.transfer, asked_filters(request, row.transfer), row)
        if following is not None:
            address = reverse("transfers_review_student", args=[row.transfer_id, following.pk])
            return HttpResponseRedirect(f"{address}?{query}" if query else address)
        messages.info(request, "That was the last student of the list.")
    address = reverse("transfers_review", args=[row.transfer_id])
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


def _shown(request: HttpRequest, row: IncomingStudent, refused: TransferRefusedError | None = None) -> HttpResponse:
    """The page as the student is now; after a refusal with what somebody else decided."""
    if refused is not None:
        transfer, row = row.transfer, IncomingStudent.objects.filter(pk=row.pk).first() or row
        row.transfer = transfer
    own = own_school(person(request))
    records = records_within(row, own)
    match = records.filter(pk=row.match_key).first() if row.match_key is not None else None
    finding = _finding(request, row, own)
    choices = choices_of(row, match, finding.pop("results"))
    beside = _beside(whole(request, "compare"), match, choices, records)
    context = {
        "transfer": row.transfer,
        "incoming": row,
        "import_as": import_as(row),
        "flag": flag_words(row),
        "who": people_behind([row.decided_by]).get(row.decided_by, ""),
        "match": match,
        "beside": beside,
        "comparison": compare(row, beside, previous=row.transfer.source_school),
        "known": [one for one in choices if one.likely or one.student == match],
        "found": [one for one in choices if not one.likely and one.student != match],
        "state_id_owner": state_id_owner(row),
        "chosen": whole_number(request.POST.get("student", "")) or (match.pk if match else None),
        "go_on": request.session.get(NEXT, False),
        "list_query": query_without(request, "compare", "in_grade", "in_school"),
        "look_query": query_without(request, "compare"),
        "closed": review_refusal(row.transfer, clock.now()),
        **finding,
        **(_told(refused) if refused else {}),
    }
    return page(request, "transfers/review/student.html", SECTION, context, status=409 if refused else 200)


def _finding(request: HttpRequest, row: IncomingStudent, own: int | None) -> dict[str, Any]:
    """The search for another record, and what it finds."""
    search = asked_search(request, row)
    results, more = found_students(search, own)
    return {
        "search": search,
        "results": results,
        "more": more,
        "schools": list(School.objects.filter(is_active=True)) if own is None else [],
        "own_only": own is not None,
        "grades": GRADES,
    }


def _beside(
    asked: int | None, match: Student | None, choices: Sequence[Choice], records: QuerySet[Student]
) -> Student | None:
    """The record to compare with: the one that was asked for, the match, or the likeliest that nobody else has."""
    if asked is not None and (found := records.filter(pk=asked).first()):
        return found
    likely = sorted((one for one in choices if one.likely), key=lambda one: one.holder is not None)
    likeliest = next((one.student for one in likely), None)
    return match or (records.filter(pk=likeliest.pk).first() if likeliest else None)


def _told(refused: TransferRefusedError) -> dict[str, Any]:
    """What was refused, and who was first."""
    told: dict[str, Any] = {"refused": str(refused)}
    if isinstance(refused, AlreadyDecidedError):
        now = refused.incoming
        told["first"] = people_behind([now.decided_by]).get(now.decided_by, "Somebody")
        told["first_decision"] = now.get_decision_display()
        told["first_at"] = now.decided_at
    if isinstance(refused, RecordTakenError):
        told["taken_by"], told["taken_key"] = refused.name, refused.incoming
    return told
