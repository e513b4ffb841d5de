"""The page "Legal holds": what is on hold, why and by whom; placing a hold, and lifting it."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.asked import whole
from accounts.pages import Chip, district_admin, district_of, is_visitor, page, person, whole_number
from accounts.searching import keep_search, searched
from holds.errors import HoldError
from holds.forms import LiftForm, PlaceForm
from holds.models import HoldScope, LegalHold
from holds.people import MOST_FOUND, found_students, names_of
from holds.services import lift_hold, place_hold
from rostering.models import School, Student
from tenants import clock

PLACE: Final = "holds"
PER_PAGE: Final = 25
ACTIVE, LIFTED = Chip("On hold", "warn", "■"), Chip("Lifted", "", "○")
RECORDS: Final = "records"


@dataclass(frozen=True)
class Whom:
    """What a hold is about, as a page names it, with the fields that say so in a form."""

    scope: str
    words: str
    student_id: int | None = None
    school_id: int | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def holds(request: HttpRequest) -> HttpResponse:
    """The list, the newest first. A POST keeps the word that a student is searched by."""
    if request.method == "POST":
        return keep_search(request, PLACE)
    after = whole(request, "after")
    rows = _listed(after)
    shown = rows[:PER_PAGE]
    names = names_of(actor for hold in shown for actor in (hold.placed_by, hold.lifted_by) if actor)
    may_change = not is_visitor(person(request))
    term = searched(request, PLACE) if may_change else ""
    context = {
        "rows": [_row(hold, names) for hold in shown],
        "next": shown[-1].pk if len(rows) > PER_PAGE else None,
        "is_first": after is None,
        "may_change": may_change,
        "term": term,
        "found": found_students(term),
        "most": MOST_FOUND,
        "schools": list(School.objects.filter(is_active=True)) if may_change else [],
    }
    return page(request, "holds/list.html", RECORDS, context)


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """The form of one hold: whom it is about, what it does, and why; a POST places it."""
    user, district = district_admin(request), district_of(request)
    whom = _whom(request)
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hold = place_hold(
                district,
                whom.scope,
                ground=form.cleaned_data["ground"],
                reason=form.cleaned_data["reason"],
                student_id=whom.student_id,
                school_id=whom.school_id,
                actor=user.actor,
                at=clock.now(),
            )
        except HoldError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Hold {hold.pk} is placed: nothing of {whom.words} is deleted or anonymized.")
            return redirect("holds")
    context = {"form": form, "whom": whom, "section_page": "true"}
    return page(request, "holds/place.html", RECORDS, context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, hold: int) -> HttpResponse:
    """Lifting a hold: what follows is said first."""
    user, district = district_admin(request), district_of(request)
    found = get_object_or_404(_named(LegalHold.objects.filter(lifted_at=None)), pk=hold)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lift_hold(district, found.pk, reason=form.cleaned_data["reason"], actor=user.actor, at=clock.now())
        except HoldError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Hold {found.pk} is lifted. What was postponed for it is done now.")
            return redirect("holds")
    context = {"form": form, "hold": found, "whom": whom_words(found), "section_page": "true"}
    return page(request, "holds/lift.html", RECORDS, context, status=400 if form.errors else 200)


def whom_words(hold: LegalHold) -> str:
    """Whom a hold is about, in words; a student who has no name any more by their number here."""
    if hold.scope == HoldScope.DISTRICT:
        return "the whole district"
    if hold.school is not None:
        return hold.school.name
    identity = getattr(hold.student, "identity", None)
    return f"{identity.given_name} {identity.family_name}" if identity else f"student {hold.student_id}"


def _row(hold: LegalHold, names: dict[str, str]) -> tuple[LegalHold, Chip, str, str, str]:
    """A hold with its state, whom it is about, who placed it and who lifted it."""
    chip = LIFTED if hold.lifted_at else ACTIVE
    return hold, chip, whom_words(hold), names.get(hold.placed_by, ""), names.get(hold.lifted_by, "")


def _listed(after: int | None) -> list[LegalHold]:
    """One more than a page shows, by key: those on hold and those that were."""
    rows = _named(LegalHold.objects.order_by("-pk"))
    return list((rows.filter(pk__lt=after) if after else rows)[: PER_PAGE + 1])


def _named(rows: QuerySet[LegalHold]) -> QuerySet[LegalHold]:
    return rows.select_related("school", "student__identity")


def _whom(request: HttpRequest) -> Whom:
    """What the address, or the form that was sent, asks to hold.

    Raises:
        Http404: there is no such student or school.
    """
    asked: Any = request.POST if request.method == "POST" else request.GET
    scope = asked.get("scope", "")
    key = asked.get(scope, "")
    number = whole_number(key) or 0
    if scope == HoldScope.DISTRICT:
        return Whom(scope, "the whole district")
    if scope == HoldScope.SCHOOL:
        return Whom(scope, get_object_or_404(School, pk=number).name, school_id=number)
    if scope == HoldScope.STUDENT:
        students = Student.objects.filter(status__in=("active", "inactive")).select_related("identity")
        student = get_object_or_404(students, pk=number)
        return Whom(scope, f"{student.identity.given_name} {student.identity.family_name}", student_id=number)
    raise Http404("Say whom the hold is about.")
