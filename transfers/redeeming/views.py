"""Importing the data with the transfer code: the tab, what the code is for, and Continue.

The code that somebody types is neither put into an address nor kept: the session remembers which row it was.
"""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.pages import district_of, is_visitor, own_school, page, person, whole_number
from rostering.models import School
from tenants import clock
from transfers.codes.errors import CodeError
from transfers.codes.models import TransferCode
from transfers.codes.services import CodePreview, find_code, preview_code, redeem_code
from transfers.codes.subscribed import NO_RENAISSANCE, has_renaissance
from transfers.moves import what_moves
from transfers.review.tables import import_tables
from transfers.warnings import transfer_warnings

SECTION: Final = "people"
KEPT: Final = "transfer_code_entered"


@require_safe
def transfers(request: HttpRequest) -> HttpResponse:
    """The tab "Import Student Data": enter a code, pending and completed imports, how to request data."""
    return _tab(request)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """A POST looks a code up; the page that follows shows the previous district and school, and asks for the school."""
    if request.method == "POST":
        return _enter(request)
    entered = _entered(request)
    if entered is None:
        return redirect("transfers")
    try:
        seen = preview_code(entered)
    except CodeError as refused:
        return _forget(request, str(refused))
    return page(request, "transfers/code.html", SECTION, _shown(request, seen))


@require_POST
def continue_import(request: HttpRequest) -> HttpResponse:
    """Continue: the code is used, and the import is at the top of Pending Imports. Or Go Back."""
    entered, user, district = _entered(request), person(request), district_of(request)
    if "back" in request.POST or entered is None:
        request.session.pop(KEPT, None)
        return redirect("transfers")
    school = schools_for(request).filter(pk=whole_number(request.POST.get("school", "")) or 0).first()
    try:
        if school is None:
            context = {**_shown(request, preview_code(entered)), "school_missing": True}
            return page(request, "transfers/code.html", SECTION, context, status=400)
        redeem_code(district, entered, school=school, actor=user.actor, at=clock.now())
    except CodeError as refused:
        return _forget(request, str(refused))
    request.session.pop(KEPT, None)
    messages.success(
        request,
        "The data is being analyzed in preparation for the import preview. When you import, new students are enrolled "
        f"in {school.name}. You can leave this page and come back later to see if the import preview is ready.",
    )
    return redirect("transfers")


def schools_for(request: HttpRequest) -> Any:
    """The schools that somebody may enroll students into; a school admin's own only."""
    own = own_school(person(request))
    schools = School.objects.filter(is_active=True)
    return schools if own is None else schools.filter(pk=own)


def _tab(request: HttpRequest, refused: str = "", typed: str = "", status: int = 200) -> HttpResponse:
    user, at = person(request), clock.now()
    context = {
        **import_tables(request),
        "tab": "import",
        "refused": refused,
        "typed": typed,
        "no_renaissance": "" if has_renaissance(district_of(request), at) else NO_RENAISSANCE,
        "may_act": not is_visitor(user),
    }
    return page(request, "transfers/import.html", SECTION, context, status=status)


def _enter(request: HttpRequest) -> HttpResponse:
    typed = request.POST.get("code", "")
    request.session.pop(KEPT, None)
    try:
        found = find_code(district_of(request), typed, actor=person(request).actor, at=clock.now())
        preview_code(found)
    except CodeError as refused:
        return _tab(request, refused=str(refused), typed=typed[:60], status=400)
    request.session[KEPT] = str(found.pk)
    return redirect("transfers_code")


def _entered(request: HttpRequest) -> TransferCode | None:
    kept = request.session.get(KEPT)
    return TransferCode.objects.select_related("district").filter(pk=UUID(kept)).first() if kept else None


def _shown(request: HttpRequest, seen: CodePreview) -> dict[str, Any]:
    warned = transfer_warnings(seen.district, at=clock.now(), expires_at=seen.code.expires_at)
    return {
        "tab": "import",
        "seen": seen,
        "schools": list(schools_for(request)),
        "moves": what_moves(),
        "warnings": warned,
        "school_missing": False,
    }


def _forget(request: HttpRequest, refused: str) -> HttpResponse:
    request.session.pop(KEPT, None)
    return _tab(request, refused=refused, status=400)
