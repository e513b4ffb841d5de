"""Educators: the list, removing the ones who left, and bringing them back."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.asked import choice, whole
from accounts.models import Role, User
from accounts.pages import is_visitor, own_school, page, person, today, whole_number
from accounts.searching import keep_search, query_without, searched
from reports.people.educator_list import EducatorFilters, educator_page, roles_there_are
from reports.people.educator_rows import educator_rows
from rostering.errors import NobodyToRemoveError
from rostering.models import EducatorRemoval, RemovedEducator, School
from rostering.removal import judge_removal
from rostering.services import bring_back_educators, remove_educators
from tenants import clock
from tenants.templatetags.words import counted

PLACE = "educators"
MOST = 500
"""More than anybody ticks; a longer list is not a page of this site's."""


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Where "People" begins: with the educators, for educators with their own students."""
    return redirect("people_students" if person(request).role == Role.EDUCATOR else "people_educators")


@require_http_methods(["GET", "HEAD", "POST"])
def educators(request: HttpRequest) -> HttpResponse:
    """The list. A POST keeps the word that is searched by."""
    if request.method == "POST":
        return keep_search(request, PLACE)
    user, school = person(request), own_school(person(request))
    schools = list(School.objects.values("pk", "name", "is_active"))
    filters = EducatorFilters(
        status=choice(request, "status", ("active", "inactive")),
        school=whole(request, "school"),
        role=request.GET.get("role", ""),
        signed_in=choice(request, "signed_in", ("", "yes", "never", "none")),
        term=searched(request, PLACE),
    )
    names = {each["pk"]: each["name"] for each in schools}
    found = educator_page(filters, names, own_school=school, after=whole(request, "after"))
    context = {
        "found": found,
        "filters": filters,
        "schools": [each for each in schools if each["is_active"]] if school is None else [],
        "roles": roles_there_are(),
        "is_first": "after" not in request.GET,
        "query": query_without(request, "after"),
        "removals": [] if is_visitor(user) else _removals(school),
        "may_remove": filters.status == "active" and not is_visitor(user),
    }
    return page(request, "people/educators.html", "people", context)


@require_http_methods(["GET", "HEAD", "POST"])
def educators_remove(request: HttpRequest) -> HttpResponse:
    """What removing the ticked educators would do, in words and counts; then, when that is confirmed, doing it."""
    user, school = person(request), own_school(person(request))
    keys = _keys(request)
    if not keys:
        if request.method == "POST":
            messages.error(request, "Nobody was ticked. Tick the educators who have left.")
        return redirect("people_educators")
    judged = judge_removal(keys, by=user, school_id=school)
    leaving = [each for each in judged if not each.refusal]
    if "confirm" in request.POST and request.POST.get("shown") == str(len(leaving)):
        return _remove(request, user, keys, school)
    if "confirm" in request.POST:
        messages.error(request, f"The number has changed since the page was opened. It is now {len(leaving):,}.")
    context = {
        "leaving": leaving,
        "refused": [each for each in judged if each.refusal],
        "assignments": sum(each.assignments for each in leaving),
        "accounts": sum(len(each.account_ids) for each in leaving),
    }
    return page(request, "people/educators_remove.html", "people", context)


def _remove(request: HttpRequest, user: User, keys: list[int], school: int | None) -> HttpResponse:
    try:
        removal = remove_educators(keys, by=user, school_id=school, as_of=today(request), at=clock.now())
    except NobodyToRemoveError as error:
        messages.error(request, str(error))
        return redirect("people_educators")
    gone = counted(removal.educators.count(), "educator has,educators have")
    messages.success(request, f"{gone} left the roster. Nothing was deleted; you can bring them back here.")
    return redirect("people_removal", removal.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What one removal did, and bringing back whom it removed."""
    user, school = person(request), own_school(person(request))
    found = get_object_or_404(EducatorRemoval, pk=key)
    if school is not None and found.school_id != school:
        raise Http404("There is no such removal at this school.")
    rows = {row.educator_id: row for row in RemovedEducator.objects.filter(removal=found)}
    if request.method == "POST":
        back = bring_back_educators(found.pk, set(_keys(request)) & rows.keys(), by=user, at=clock.now())
        if back:
            words = counted(back, "educator is,educators are")
            messages.success(request, f"{words} on the roster again, with classes and log-in as before.")
        else:
            messages.error(request, "Nobody was ticked. Tick whom to bring back.")
        return redirect("people_removal", found.pk)
    names = dict(School.objects.values_list("pk", "name"))
    removed = [{"educator": each, "row": rows[each.key]} for each in educator_rows(list(rows), names)]
    removed.sort(key=lambda each: str(each["educator"].name))  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "removal": found,
        "removed": removed,
        "open": sum(row.back_at is None for row in rows.values()),
        "assignments": sum(len(row.assignments) for row in rows.values()),
        "accounts": sum(len(row.accounts) for row in rows.values()),
    }
    return page(request, "people/removal.html", "people", context)


def _keys(request: HttpRequest) -> list[int]:
    """The educators who were ticked; all of the page's where that button was pressed."""
    names = request.POST.getlist("page" if "everybody" in request.POST else "educator")
    return [key for text in names[:MOST] if (key := whole_number(text)) is not None]


def _removals(school: int | None) -> list[EducatorRemoval]:
    """The newest removals of a school, or of the district."""
    removals = EducatorRemoval.objects.all()
    return list((removals if school is None else removals.filter(school_id=school))[:5])
