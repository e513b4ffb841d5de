"""The pages "Requests": what is due, a new request with its preview, and one request with its result."""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.asked import whole
from accounts.pages import district_admin, district_of, is_visitor, page, person, today
from accounts.searching import keep_search, searched
from disposal import terms
from disposal.errors import DisposalError
from disposal.forms import RequestForm
from disposal.models import Case, CaseKind
from disposal.requests.models import DisposalRequest
from disposal.selectors import cases_of
from disposal.services import note_download, open_case, preview
from disposal.showing import by_category, due_chip, whom
from holds.people import MOST_FOUND, found_students
from rostering.models import StudentIdentity
from tenants import clock

PLACE: Final = "requests"
RECORDS: Final = "records"
KINDS: Final = tuple(CaseKind)


@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest) -> HttpResponse:
    """The list: what is open by due date, then what is done. A POST keeps the word that a student is searched by."""
    if request.method == "POST":
        return keep_search(request, PLACE)
    as_of = today(request)
    found, more = cases_of(district_of(request).pk, start := whole(request, "from") or 0)
    about = DisposalRequest.objects.select_related("student__identity").in_bulk([case.pk for case in found])
    may_change = not is_visitor(person(request))
    term = searched(request, PLACE) if may_change else ""
    context = {
        "rows": [(case, due_chip(case, as_of), whom(case, about.get(case.pk))) for case in found],
        "more": start + len(found) if more else None,
        "is_first": not start,
        "may_change": may_change,
        "term": term,
        "found": found_students(term),
        "most": MOST_FOUND,
    }
    return page(request, "disposal/list.html", RECORDS, context)


@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: HttpRequest, asked: str) -> HttpResponse:
    """One request before it is made: what it concerns in counts and words; a POST makes it."""
    user, district = district_admin(request), district_of(request)
    if asked not in KINDS:
        raise Http404("There is no such kind of request.")
    kind = CaseKind(asked)
    identity = _identity(request)
    key = identity.student_id if identity else None
    word = (identity.student_number or identity.family_name) if identity else district.name
    form = RequestForm(request.POST or None, kind=kind, word=word, is_student=bool(identity))
    refusal = ""
    counted: dict[str, int] = {}
    try:
        counted = preview(district, kind, key)
        if request.method == "POST" and form.is_valid():
            said = {name: form.cleaned_data[name] for name in ("asker", "note", "due_on")}
            waived = form.cleaned_data.get("waived_reason", "")
            case = open_case(
                district, kind, student_id=key, **said, actor=user.actor, at=clock.now(), as_of=today(request),
                waived_reason=waived,
            )  # fmt: skip
            messages.success(request, "The request is made.")
            return redirect("request", case.pk)
    except DisposalError as error:
        refusal = str(error)
        form.errors  # noqa: B018 - the form is shown with its own errors too
    context: dict[str, Any] = {
        "form": form,
        "kind": kind,
        "identity": identity,
        "name": f"{identity.given_name} {identity.family_name}" if identity else district.name,
        "lines": by_category(counted),
        "total": sum(counted.values()),
        "latest": terms.latest_due(kind, today(request)),
        "refusal": refusal,
        "kept_days": terms.KEPT,
        "section_page": "true",
    }
    return page(request, "disposal/new.html", RECORDS, context, status=400 if refusal or form.errors else 200)


@require_safe
def request_shown(request: HttpRequest, case: UUID) -> HttpResponse:
    """One request: how far it is, what it concerned, and an export's download."""
    found = get_object_or_404(Case, pk=case, district=district_of(request))
    about = DisposalRequest.objects.select_related("student__identity").filter(pk=found.pk).first()
    context = {
        "case": found,
        "about": about,
        "whom": whom(found, about),
        "chip": due_chip(found, today(request)),
        "lines": by_category(found.counts or found.ceiling),
        "total": sum((found.counts or found.ceiling).values()),
        "can_download": bool(about and about.file) and not is_visitor(person(request)),
        "section_page": "true",
    }
    return page(request, "disposal/request.html", RECORDS, context)


@require_http_methods(["POST"])
def request_download(request: HttpRequest, case: UUID) -> FileResponse:
    """Hand out an export, and write down that it was handed out."""
    user, district = district_admin(request), district_of(request)
    found = get_object_or_404(Case, pk=case, district=district, kind=CaseKind.EXPORT)
    about = get_object_or_404(DisposalRequest.objects.exclude(file=""), pk=found.pk)
    path = Path(settings.MEDIA_ROOT) / district.schema_name / about.file
    if not path.is_file() or (found.kept_until and found.kept_until < today(request)):
        raise Http404("This export is not kept any more. Ask for a new one.")
    note_download(district, found, actor=user.actor, at=clock.now())
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"export-{district.slug}-{found.done_at:%Y%m%d}.zip"
    )


def _identity(request: HttpRequest) -> StudentIdentity | None:
    """The student who is named in the address or the form; None for the whole district."""
    said = request.POST.get("student") or request.GET.get("student", "")
    if not said:
        return None
    if not said.isascii() or not said.isdigit() or len(said) > 18:
        raise Http404("There is no such student.")
    return get_object_or_404(StudentIdentity, pk=int(said))
