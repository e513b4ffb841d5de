"""One sync's page, from the moment of its upload: how far it is, what it did, what is wrong, what is held back."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.pages import district_of, is_htmx, own_school, page, person, sees_district, whole_number
from rostering.models import Sync, SyncState
from rostering.selectors import sync_errors
from rostering.uploads import told_progress
from rostering.views import reads
from rostering.views.words import COLUMNS, chip_of, count_rows, source_of
from tenants.models import Job, JobState


@require_safe
def sync(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A sync by its own key, or by the key of the upload that it comes from.

    While it is under way, htmx asks every second for the piece of the page that tells how far it is; without
    JavaScript the page reloads itself.
    """
    found = Sync.objects.filter(pk=key).first()
    if found is not None:
        return _known(request, found)
    job = reads.upload_named(district_of(request), key)
    if job is None:
        raise Http404("There is no such sync in this district.")
    if "sync" in job.payload:
        return _go_to(request, reverse("sync", args=[job.payload["sync"]]))
    if job.state == JobState.FAILED:
        return page(request, "rosters/upload_failed.html", "rosters", {"job": job})
    return _waiting(request, job)


def _waiting(request: HttpRequest, job: Job) -> HttpResponse:
    told = told_progress(job.key)
    context = {"job": job, "what": told[0] if told else "", "percent": round(told[1] * 100) if told else None}
    template = "rosters/parts/waiting.html" if is_htmx(request) else "rosters/waiting.html"
    return page(request, template, "rosters", context)


def _known(request: HttpRequest, found: Sync) -> HttpResponse:
    if found.state == SyncState.RUNNING:
        template = "rosters/parts/waiting.html" if is_htmx(request) else "rosters/waiting.html"
        return page(request, template, "rosters", {"sync": found, "what": "", "percent": None})
    if is_htmx(request):
        return _go_to(request, reverse("sync", args=[found.pk]))
    errors = sync_errors(found.pk, after=whole_number(request.GET.get("after", "")) or 0)
    context = {
        "sync": found,
        "chip": chip_of(found),
        "source": source_of(found),
        "columns": COLUMNS,
        "rows": count_rows(found),
        "warnings": found.warnings,
        "warned": sum(int(warning.get("count", 0)) for warning in found.warnings),
        "errors": errors.errors,
        "next_error": errors.after,
        "is_first": "after" not in request.GET,
        **_held(request, found),
    }
    return page(request, "rosters/sync.html", "rosters", context)


def _held(request: HttpRequest, found: Sync) -> dict[str, Any]:
    """What is held back: counts of one's own schools, names for whoever sees the whole district."""
    if found.state != SyncState.PARTLY_HELD:
        return {"held_schools": [], "held_total": 0}
    user = person(request)
    schools = reads.held_schools(found, own_school(user))
    named = sees_district(user)
    people, next_person = (
        reads.held_people(found, whole_number(request.GET.get("people", "")) or 0) if named else ([], None)
    )
    return {
        "held_schools": schools,
        "held_total": sum(school.students + school.educators for school in schools),
        "held_people": people,
        "next_person": next_person,
    }


def _go_to(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser to another page, also when htmx asked for a piece of this one."""
    if is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)
