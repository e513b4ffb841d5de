"""Letting go whom a sync holds back, by a named person, after a page that says how many and where."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.pages import district_admin, page, today
from rostering.errors import NothingHeldError
from rostering.models import Sync
from rostering.services import release_removals
from rostering.views.reads import held_schools


@require_http_methods(["GET", "HEAD", "POST"])
def sync_release(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask, then release exactly the people of this sync's change set.

    The form says how many people were shown; when that has changed since, nothing is released and the new number is
    shown.
    """
    user = district_admin(request)
    sync = get_object_or_404(Sync, pk=key)
    schools = held_schools(sync)
    total = sum(school.students + school.educators for school in schools)
    if not total:
        messages.warning(request, "There is nothing to release: it was released before, or a later bundle replaced it.")
        return redirect("sync", key)
    if request.method == "POST" and request.POST.get("people") == str(total):
        try:
            released = release_removals(sync.pk, actor=user.actor, as_of=today(request))
        except NothingHeldError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, _released(released))
        return redirect("sync", key)
    if request.method == "POST":
        messages.error(request, f"The number has changed since the page was opened. It is now {total:,}. Look again.")
    context = {"sync": sync, "schools": schools, "total": total}
    return page(request, "rosters/release.html", "rosters", context)


def _released(people: int) -> str:
    who = "1 person has" if people == 1 else f"{people:,} people have"
    return f"{who} left the roster, and their enrollments have ended. Their data is kept."
