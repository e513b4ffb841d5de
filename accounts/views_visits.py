"""Support visits at a district's host: coming in with a ticket, leaving, and what the district sees of them."""

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.errors import VisitError
from accounts.models import Role, SupportVisit
from accounts.pages import Chip, district_admin, district_of, page, person, whole_number
from accounts.visiting import SESSION_KEY
from accounts.visits import SHOWN, begin_visit, end_visit, is_open, visits_before
from tenants import clock

PAGES = {
    "hero": "Hero over the summer",
    "hero_school": "Hero at one school",
    "home": "Home",
    "people_educators": "Educators",
    "people_section": "A section's students",
    "people_student": "One student",
    "people_students": "Students",
    "readiness": "After the reset",
    "readiness_item": "One item of the checklist",
    "resets": "Dates",
    "reset_preview": "What a reset will do",
    "reset_run": "What a reset did",
    "rosters": "Rosters",
    "sync": "One import of a roster",
    "visits": "Support visits",
}


@dataclass(frozen=True)
class ShownVisit:
    """A visit on the district's page.

    Attributes:
        ended: how it ended, in words; empty while it goes on.
    """

    visit: SupportVisit
    role: str
    chip: Chip
    ended: str
    pages: list[tuple[str, int]]

    @property
    def is_going_on(self) -> bool:
        """Whether it can still be ended."""
        return not self.ended


@require_GET
def visit_enter(request: HttpRequest, ticket: str) -> HttpResponse:
    """Open the visit of a ticket, in a session of this host that holds nothing else."""
    try:
        visit = begin_visit(district_of(request), ticket, at=clock.now())
    except VisitError as error:
        return render(request, "visits/refused.html", {"reason": str(error)}, status=403)
    request.session.flush()
    request.session[SESSION_KEY] = visit.pk
    return redirect("home")


@require_safe
def visit_over(request: HttpRequest) -> HttpResponse:
    """What a visitor sees when the visit is over."""
    return render(request, "visits/over.html")


@require_POST
def visit_end(request: HttpRequest) -> HttpResponse:
    """The visitor leaves."""
    end_visit(district_of(request), request.session[SESSION_KEY], actor=person(request).actor, at=clock.now())
    request.session.flush()
    return redirect("visit_over")


@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """Every support visit into this district, newest first: who, why, when, which pages."""
    now, found = clock.now(), visits_before(whole_number(request.GET.get("before", "")))
    more = len(found) > SHOWN
    context = {
        "visits": [_shown(visit, now) for visit in found[:SHOWN]],
        "older": f"?{urlencode({'before': found[SHOWN - 1].pk})}" if more else "",
        "is_first": "before" not in request.GET,
    }
    return page(request, "visits/list.html", "visits", context)


@require_POST
def visit_stop(request: HttpRequest, visit: int) -> HttpResponse:
    """The district ends a visit: the visitor's next click finds it over."""
    user = district_admin(request)
    if end_visit(district_of(request), min(visit, 2**63 - 1), actor=user.actor, at=clock.now()):
        messages.success(request, "The visit has ended: the visitor can see nothing more.")
    else:
        messages.info(request, "That visit was over already.")
    return redirect("visits")


def _shown(visit: SupportVisit, now: dt.datetime) -> ShownVisit:
    role, going_on = visit.actor.partition(":")[0], is_open(visit, at=now)
    seen = sorted(
        ((_words(name), int(times)) for name, times in visit.pages.items()), key=lambda line: (-line[1], line)
    )
    return ShownVisit(
        visit=visit,
        role=Role(role).label if role in Role.values else "Vendor staff",
        chip=Chip("Going on now", "warn", "!") if going_on else Chip("Over", "", "✓"),
        ended="" if going_on else _end_of(visit, now),
        pages=seen,
    )


def _end_of(visit: SupportVisit, now: dt.datetime) -> str:
    role = visit.ended_by.partition(":")[0]
    if not role:
        closed = "the visitor's log-in was closed, or another CSM has the district now"
        return closed if visit.is_going_on(now) else "its time was over"
    return "the visitor left" if role == Role.SUPPORT else "your district ended it"


def _words(name: str) -> str:
    return PAGES.get(name) or name.replace("_", " ").capitalize()
