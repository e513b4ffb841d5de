"""The pages "Requests": what is due, a new request with its preview, and one request with its result."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.asked import whole
from accounts.pages import district_admin, district_of, is_visitor, page, person, today
from accounts.searching import keep_search, searched
from approvals.services import actor_and_email
from disposal import terms
from disposal.approving import approval_of, is_to_ask_again
from disposal.counting import ask_for_count, kept_count
from disposal.errors import DisposalError
from disposal.forms import RequestForm
from disposal.models import Case, CaseKind
from disposal.requests.models import DisposalRequest
from disposal.selectors import cases_of
from disposal.services import ask_again, note_download, open_case, preview, take_back
from disposal.showing import by_category, due_chip, whom
from holds.people import MOST_FOUND, found_students
from rostering.models import StudentIdentity
from tenants import clock
from tenants.models import District, JobState

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
    district_admin(request)
    district = district_of(request)
    if asked not in KINDS:
        raise Http404("There is no such kind of request.")
    kind = CaseKind(asked)
    identity = _identity(request)
    key = identity.student_id if identity else None
    word = (identity.student_number or identity.family_name) if identity else district.name
    form = RequestForm(request.POST or None, kind=kind, word=word, is_student=bool(identity))
    context: dict[str, Any] = {"form": form, "kind": kind, "identity": identity, "section_page": "true"}
    try:
        context |= _concerned(district, kind, key)
        if request.GET.get("part") == "counts":
            return page(request, "disposal/parts/counts.html", RECORDS, context)
        if request.method == "POST" and form.is_valid():
            case = _open(request, kind, key, form)
            messages.success(request, "The request is made.")
            return redirect("request", case.pk)
    except DisposalError as error:
        context["refusal"] = str(error)
        form.errors  # noqa: B018 - the form is shown with its own errors too
    context["name"] = f"{identity.given_name} {identity.family_name}" if identity else district.name
    context |= {"latest": terms.latest_due(kind, today(request)), "kept_days": terms.KEPT}
    status = 400 if "refusal" in context or form.errors else 200
    return page(request, "disposal/new.html", RECORDS, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def request_shown(request: HttpRequest, case: UUID) -> HttpResponse:
    """One request: how far it is, what it concerns, and an export's download. A POST takes it back, or asks again."""
    found = get_object_or_404(Case, pk=case, district=district_of(request))
    refusal = ""
    if request.method == "POST":
        try:
            messages.success(request, _act(request, found))
            return redirect("request", found.pk)
        except DisposalError as error:
            refusal = str(error)
            found.refresh_from_db()
    about = DisposalRequest.objects.select_related("student__identity").filter(pk=found.pk).first()
    approval, may_change = approval_of(found), not is_visitor(person(request))
    again = is_to_ask_again(found, approval, clock.now())
    counts = _counts_now(district_of(request), found, about) if again else found.counts
    context = {
        "case": found,
        "about": about,
        "approval": approval,
        "again": again,
        "whom": whom(found, about),
        "chip": due_chip(found, today(request)),
        **_rows(counts),
        **_file(found, about, today(request), may_change=may_change),
        "may_change": may_change and found.is_open and found.kind == CaseKind.DESTRUCTION,
        "refusal": refusal,
        "section_page": "true",
    }
    return page(request, "disposal/request.html", RECORDS, context, status=400 if refusal else 200)


def _file(case: Case, about: DisposalRequest | None, as_of: dt.date, *, may_change: bool) -> dict[str, bool]:
    """Of an export: whether its file can be downloaded, and whether it is not there any more, in time or before."""
    has_file = bool(about and about.file)
    is_over = bool(case.kept_until and case.kept_until < as_of)
    return {"can_download": has_file and may_change, "is_over": is_over, "gone_early": not has_file and not is_over}


def _act(request: HttpRequest, case: Case) -> str:
    """Take a request back, or ask again; returns what was done, in words."""
    user = district_admin(request)
    if request.POST.get("do") == "again":
        ask_again(district_of(request), case, **actor_and_email(user), at=clock.now())
        return "Asked again, with today's counts."
    take_back(case, actor=user.actor, at=clock.now())
    return "Taken back. Nothing will be destroyed."


def _counts_now(district: District, case: Case, about: DisposalRequest | None) -> Mapping[str, int]:
    """What asking again would ask for: of a whole district as counted last, as it was where a hold is against it."""
    if about is None or about.student_id is None:
        counted = kept_count(district)
        return dict(counted.rows if counted else case.counts)
    try:
        return preview(district, case.kind, about.student_id)
    except DisposalError:
        return dict(case.counts)


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


def _open(request: HttpRequest, kind: CaseKind, student_id: int | None, form: RequestForm) -> Case:
    said = {name: form.cleaned_data[name] for name in ("asker", "note", "due_on")}
    waived = form.cleaned_data.get("waived_reason", "")
    user = person(request)
    return open_case(
        district_of(request), kind, student_id=student_id, **said, actor=user.actor, email=user.email, at=clock.now(),
        as_of=today(request), waived_reason=waived,
    )  # fmt: skip


def _concerned(district: District, kind: CaseKind, student_id: int | None) -> dict[str, Any]:
    """What a request concerns: of a student counted now; of the whole district as a worker counted it last.

    Raises:
        DisposalError: a destruction is refused because of a legal hold.
    """
    if student_id is not None:
        return _rows(preview(district, kind, student_id))
    counted, now = kept_count(district), clock.now()
    job = ask_for_count(district, counted, now)
    failed = job is not None and job.state == JobState.FAILED
    told = {"counted_at": counted and counted.counted_at, "is_counting": job is not None and not failed}
    return {**_rows(counted.rows if counted else {}), **told, "failed": failed}


def _rows(counted: Mapping[str, int]) -> dict[str, Any]:
    return {"lines": by_category(counted), "total": sum(counted.values())}


def _identity(request: HttpRequest) -> StudentIdentity | None:
    """The student who is named in the address or the form; None for the whole district."""
    said = request.POST.get("student") or request.GET.get("student", "")
    if not said:
        return None
    if not said.isascii() or not said.isdigit() or len(said) > 18:
        raise Http404("There is no such student.")
    return get_object_or_404(StudentIdentity, pk=int(said))
