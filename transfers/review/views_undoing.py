"""Taking an import back, and taking one wrong match apart: each with a preview of what will happen."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.asked import choice, whole
from accounts.pages import district_of, own_school, page, person, whole_number
from accounts.searching import keep_search, searched
from rostering.models import School
from tenants import clock
from tenants.templatetags.words import GRADES
from transfers.imports import reasons
from transfers.imports.errors import TransferRefusedError
from transfers.imports.models import ImportedStudent
from transfers.imports.services import split_preview, split_student, undo_import, undo_preview
from transfers.review.asking import own_import
from transfers.review.finding import Search, found_students, students_within
from transfers.review.listing import listed, undo_until
from transfers.review.views_list import SECTION

SHOWN_LINES = 200
"""Students whom the preview names; the counts are of all."""


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take an import back; when the counts have changed since they were shown, nothing is done."""
    transfer, at = own_import(request, key), clock.now()
    if request.method == "POST":
        shown = tuple(whole_number(request.POST.get(name, "")) or 0 for name in ("students", "records"))
        try:
            done = undo_import(
                district_of(request), transfer.pk, actor=person(request).actor, at=at, shown=(shown[0], shown[1])
            )
        except TransferRefusedError as refused:
            messages.error(request, str(refused))
            return redirect("transfers_import_undo", key)
        students, records = done.counts
        messages.success(
            request,
            f"Taken back: {students:,} student{'s' * (students != 1)} and {records:,} record{'s' * (records != 1)}. "
            "The previous site still has everything.",
        )
        return redirect("transfers_import", key)
    plan = undo_preview(transfer, at=at)
    students, records = plan.counts
    context = {
        "transfer": transfer,
        "shown": listed([transfer], at)[0],
        "refused": plan.refused,
        "students": students,
        "records": records,
        "removed": sum(line.removes for line in plan.possible),
        "lines": plan.possible[:SHOWN_LINES],
        "hindered": [(line.line, reasons.in_words(line.refused)) for line in plan.lines if line.refused],
        "until": undo_until(transfer, at),
    }
    return page(request, "transfers/review/undo.html", SECTION, context)


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, key: UUID, line: int) -> HttpResponse:
    """A wrong match: find whom the records belong to, look at what moves, and move it. A POST also searches."""
    transfer, user = own_import(request, key), person(request)
    found = get_object_or_404(
        ImportedStudent.objects.select_related("transfer", "student__school", "student__identity"), pk=line
    )
    if found.transfer_id != transfer.pk:
        return redirect("transfers_import", key)
    place = f"split_{found.pk}"
    if request.method == "POST":
        return _split(request, found) if "to" in request.POST else _kept(request, place)
    search = Search(searched(request, place), choice(request, "in_grade", ("", *GRADES)), whole(request, "in_school"))
    own = own_school(user)
    results, more = found_students(search, own)
    target = students_within(own).filter(pk=whole(request, "to") or 0).first()
    is_new = request.GET.get("to") == "new"
    context = {
        "transfer": transfer,
        "line": found,
        "record": found.student,
        "search": search,
        "results": [one for one in results if one.pk != found.student_id],
        "more": more,
        "schools": list(School.objects.filter(is_active=True)) if own is None else [],
        "own_only": own is not None,
        "grades": GRADES,
        "target": target,
        "is_new": is_new,
        "preview": split_preview(found, to=target.pk if target else None) if target or is_new else None,
        "as_new": split_preview(found),
    }
    return page(request, "transfers/review/split.html", SECTION, context)


def _split(request: HttpRequest, line: ImportedStudent) -> HttpResponse:
    user, asked = person(request), request.POST["to"]
    to = whole_number(asked)
    try:
        if asked != "new" and not students_within(own_school(user)).filter(pk=to or 0).exists():
            raise TransferRefusedError("That record is not on this site any more. Search again.")
        shown = whole_number(request.POST.get("records", ""))
        split_student(district_of(request), line.pk, to=to, actor=user.actor, at=clock.now(), shown=shown)
    except TransferRefusedError as refused:
        messages.error(request, str(refused))
        return redirect("transfers_import_split", line.transfer_id, line.pk)
    whose = "a new" if to is None else "the other"
    moved = f"{shown or 0:,} record{'s' * (shown != 1)}"
    messages.success(request, f"Moved: {moved} went on to {whose} student. Nothing was lost.")
    return redirect("transfers_import", line.transfer_id)


def _kept(request: HttpRequest, place: str) -> HttpResponse:
    """Keep the word that is searched by, and show what is found: with the drop-downs, without an older choice."""
    kept = keep_search(request, place)
    asked = {name: request.POST.get(name, "") for name in ("in_grade", "in_school") if "clear" not in request.POST}
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value.isalnum())
    return HttpResponseRedirect(f"{request.path}?{query}#find") if kept.status_code == 302 else kept
