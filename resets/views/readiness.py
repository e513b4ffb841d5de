"""After the reset: the checklist, each item computed, with the people behind its number, as a page and as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.pages import Chip, district_of, own_school, page, person, sees_district, today, whole_number
from resets.desk.csv_answer import csv_answer
from resets.readiness.behind import behind_page, everybody_behind
from resets.readiness.ground import ground_of
from resets.readiness.outcomes import outcome_of, outcomes
from resets.readiness.registry import item_named, items_for
from resets.selectors import subscribed_suites
from rostering.models import School
from rostering.readiness import Ground, Item, State, Subject
from rostering.selectors import latest_import, open_pauses

CHIPS = {
    State.OK: Chip("In order", "good", "✓"),
    State.LOOK: Chip("To look at", "warn", "!"),
    State.NOT_YET: Chip("Not yet", "", "○"),
}


@require_safe
def readiness(request: HttpRequest) -> HttpResponse:
    """The checklist; a school admin's is of their school."""
    district = district_of(request)
    ground = ground_of(district, today(request), own_school(person(request)))
    found = outcomes(items_for(subscribed_suites(district, ground.as_of)), ground)
    context = {
        "rows": [{"item": item, "outcome": outcome, "chip": CHIPS[outcome.state]} for item, outcome in found],
        "ready": sum(outcome.state is State.OK for _, outcome in found),
        "ground": ground,
        "received": latest_import(),
        "pauses": list(open_pauses()),
        "school": _school(ground.school_id),
    }
    return page(request, "readiness/list.html", "readiness", context)


@require_safe
def readiness_item(request: HttpRequest, item: str) -> HttpResponse:
    """What is behind one item's number: one page by key, of one school if `?school=` says so."""
    found, ground = _item(item), _ground(request)
    outcome = outcome_of(found, ground)
    after = whole_number(request.GET.get("after", ""))
    behind = behind_page(found, ground, after if after is not None else -1)
    context: dict[str, Any] = {
        "item": found,
        "outcome": outcome,
        "chip": CHIPS[outcome.state],
        "rows": behind.rows,
        "next": behind.after,
        "is_first": after is None,
        "ground": ground,
        "schools": _choices(request, found),
        "section_page": "true",
        "student_link": found.subject is Subject.STUDENT,
        "class_link": found.subject is Subject.SECTION,
    }
    return page(request, "readiness/item.html", "readiness", context)


@require_safe
def readiness_csv(request: HttpRequest, item: str) -> HttpResponseBase:
    """Everybody behind an item's number, as a file for a spreadsheet."""
    found, ground = _item(item), _ground(request)
    header = ("name", "ID", "school", "grade", "what is noticed", "what to do")
    rows = everybody_behind(found, ground)
    lines = ((row.name, row.number, row.school, row.grade, row.why, found.todo) for row in rows)
    return csv_answer(f"readiness-{found.code}-{ground.as_of}", header, lines)


def _item(code: str) -> Item:
    try:
        return item_named(code)
    except LookupError as error:
        raise Http404("There is no such item on the checklist.") from error


def _ground(request: HttpRequest) -> Ground:
    """The ground of one's own school, or of the school that is asked for."""
    own = own_school(person(request))
    asked = own if own is not None else whole_number(request.GET.get("school", ""))
    return ground_of(district_of(request), today(request), asked)


def _choices(request: HttpRequest, item: Item) -> list[School]:
    """The schools to choose from, for whoever sees more than one."""
    if not sees_district(person(request)) or item.subject in (Subject.SESSION, Subject.NOTHING):
        return []
    return list(School.objects.filter(is_active=True))


def _school(key: int | None) -> School | None:
    return None if key is None else School.objects.filter(pk=key).first()
