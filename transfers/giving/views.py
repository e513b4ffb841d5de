"""How the administrator of the other site transfers requested data: whom, Generate Transfer Code, and the codes."""

from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.asked import whole
from accounts.pages import district_of, is_visitor, own_school, page, person, whole_number
from accounts.searching import LONGEST, query_without
from tenants import clock
from tenants.templatetags.words import GRADES
from transfers.codes.errors import CodeError
from transfers.codes.models import CodeState, Kind
from transfers.codes.services import Choice, generate_code, revoke_code
from transfers.codes.subscribed import NO_RENAISSANCE, has_renaissance
from transfers.giving.asking import TYPED, Asked, asked_of, keep_asked, options_for
from transfers.giving.listing import code_page, listed_codes, offers_in
from transfers.giving.lookups import grades_of_school, schools_to_give_from
from transfers.giving.students import BY, enrolled_students
from transfers.moves import what_moves
from transfers.warnings import transfer_warnings

SECTION: Final = "people"


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """The tab "Transfer Student Data". A POST keeps the names that are searched by."""
    user, district, at = person(request), district_of(request), clock.now()
    school_id = own_school(user)
    if request.method == "POST":
        return redirect(keep_asked(request, school_id))
    asked = asked_of(request, school_id)
    subscribed = has_renaissance(district, at)
    may_give = subscribed and not is_visitor(user)
    context = {
        "tab": "give",
        "asked": asked,
        "no_renaissance": "" if subscribed else NO_RENAISSANCE,
        "may_give": may_give,
        "codes": code_page(district, school_id, at, _uuid(request.GET.get("codes_after", ""))),
        "is_first_code": "codes_after" not in request.GET,
        **(_choices(request, asked, school_id) if may_give else {}),
    }
    return page(request, "transfers/give.html", SECTION, context)


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Teachers or classes that fit what is being typed: a piece of the page, for the type-ahead."""
    by = request.POST.get("by", "")
    word = " ".join(request.POST.get(by, "").split())[:LONGEST] if by in TYPED else ""
    options = options_for(by, word, own_school(person(request))) if word else []
    return render(request, "transfers/parts/options.html", {"by": by, "options": options, "word": word})


@require_POST
def generate(request: HttpRequest) -> HttpResponse:
    """Generate Transfer Code: the message with the code, which is shown this once."""
    user, district, at = person(request), district_of(request), clock.now()
    choice, key = _chosen(request), _uuid(request.POST.get("once", ""))
    if choice is None or key is None:
        messages.error(request, "Choose a grade or a student first. No code was generated.")
        return redirect("transfers_give")
    try:
        made = generate_code(district, choice, actor=user.actor, at=at, school_id=own_school(user), key=key)
    except CodeError as refused:
        messages.error(request, str(refused))
        return redirect("transfers_give")
    context = {
        "tab": "give",
        "made": made,
        "shown": listed_codes(district, [made.offer], at)[0],
        "moves": what_moves(),
        "warnings": transfer_warnings(district, at=at, expires_at=made.code.expires_at),
    }
    return page(request, "transfers/generated.html", SECTION, context)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, key: UUID) -> HttpResponse:
    """Revoke a code: asked first, then done."""
    user, district, at = person(request), district_of(request), clock.now()
    offer = get_object_or_404(offers_in(own_school(user)), pk=key)
    if request.method == "POST":
        try:
            revoke_code(district, offer.pk, actor=user.actor, at=at, school_id=own_school(user))
            messages.success(request, "The code was revoked: nobody can use it any more. Nothing else was changed.")
        except CodeError as refused:
            messages.error(request, str(refused))
        return redirect("transfers_give")
    shown = next(iter(listed_codes(district, [offer], at)), None)
    if shown is None or shown.code.state(at) != CodeState.OPEN:
        return redirect("transfers_give")
    return page(request, "transfers/revoke.html", SECTION, {"tab": "give", "shown": shown})


def _choices(request: HttpRequest, asked: Asked, school_id: int | None) -> dict[str, Any]:
    """What the two ways to choose need: lists, results, and a name for the form that is sent once."""
    schools = schools_to_give_from(school_id)
    school = next((one for one in schools if one.pk == asked.school), None)
    grades = grades_of_school(school.pk) if asked.kind == Kind.GRADE and school else []
    search = asked.search if asked.kind == Kind.STUDENT else None
    return {
        "schools": schools,
        "school": school,
        "grades": grades,
        "grade": next((one for one in grades if one.code == asked.grade), None),
        "all_grades": GRADES,
        "ways": {key: words for key, words in BY.items() if school_id is None or key != "school"},
        "is_own_school": school_id is not None,
        "found": enrolled_students(search, school_id, whole(request, "after")) if search else None,
        "is_first": "after" not in request.GET,
        "query": query_without(request, "after", "codes_after"),
        "once": uuid4(),
        "moves": what_moves(),
    }


def _chosen(request: HttpRequest) -> Choice | None:
    student = whole_number(request.POST.get("student", ""))
    school, grade = whole_number(request.POST.get("school", "")), request.POST.get("grade", "")
    if request.POST.get("kind") == Kind.STUDENT:
        return Choice.one_student(student) if student is not None else None
    return Choice.whole_grade(school, grade) if school is not None and grade in GRADES else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
