"""A student who is on the roster twice: finding the other record, comparing, merging, and undoing it."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.pages import district_of, page, person, whole_number
from accounts.searching import keep_search, searched
from reports.people.sight import Sight, sight_of, students_in
from reports.people.twins import compared, found_twins, likely_twins, merged_lines
from resets.merging import MergeError, merge_students, preview_merge, undo_merge, undo_refusal
from resets.merging.people import enrolled_now
from rostering.models import Student, StudentMerge
from tenants import clock

PLACE = "twins"


@require_http_methods(["GET", "HEAD", "POST"])
def student_twice(request: HttpRequest, student: int) -> HttpResponse:
    """Finding the other record of a student. A POST keeps the word that is searched by."""
    if request.method == "POST":
        return keep_search(request, PLACE)
    sight = sight_of(person(request))
    found = get_object_or_404(_mergeable(sight), pk=student)
    term = searched(request, PLACE)
    context = {
        "student": found,
        "likely": likely_twins(found, sight),
        "term": term,
        "results": found_twins(found, sight, term),
    }
    return page(request, "people/twice.html", "people", context)


@require_http_methods(["GET", "HEAD", "POST"])
def student_merge(request: HttpRequest, student: int, other: int) -> HttpResponse:
    """Two records side by side, what merging them moves, and doing it.

    The form says which record stays and what was shown; when the counts have changed since, nothing is merged.
    """
    user, sight = person(request), sight_of(person(request))
    if student == other:
        raise Http404("A record cannot be merged with itself.")
    found = {one.pk: one for one in _mergeable(sight).filter(pk__in=[student, other])}
    if len(found) < 2:
        raise Http404("There is no such student.")
    pair = found[student], found[other]
    asked = request.POST if request.method == "POST" else request.GET
    stays, goes = pair if asked.get("stays") != str(other) else (pair[1], pair[0])
    if request.method == "POST":
        try:
            merge = merge_students(
                district_of(request), stays.pk, goes.pk, actor=user.actor, at=clock.now(), shown=_shown(request)
            )
        except MergeError as error:
            messages.error(request, str(error))
        else:
            request.session.pop(f"search_{PLACE}", None)
            messages.success(request, "The two records are one now. You can undo it here.")
            return redirect("people_merge", merge.pk)
    context = {
        "pair": pair,
        "compared": compared(*pair),
        "stays": stays,
        "goes": goes,
        "enrolled": enrolled_now(stays, goes),
        "preview": preview_merge(stays.pk, goes.pk),
    }
    return page(request, "people/merge.html", "people", context)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One merge: what it did, and undoing it as long as that is possible."""
    user, sight, district = person(request), sight_of(person(request)), district_of(request)
    found = get_object_or_404(StudentMerge, pk=key)
    both = [found.student_id, found.merged_id]
    if sight.school_id is not None and students_in(sight).filter(pk__in=both).count() < len(both):
        raise Http404("There is no such merge at this school.")
    if request.method == "POST":
        try:
            undo_merge(district, found.pk, actor=user.actor, at=clock.now())
        except MergeError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "They are two records again, each with what was theirs.")
        return redirect("people_merge", found.pk)
    context: dict[str, Any] = {
        "merge": found,
        "student": Student.objects.select_related("identity", "school").filter(pk=found.student_id).first(),
        "lines": merged_lines(found),
        "refusal": undo_refusal(district, found),
    }
    return page(request, "people/merged.html", "people", context)


def _mergeable(sight: Sight) -> QuerySet[Student]:
    """The students within sight who may be merged: on the roster or left, with a name."""
    students = students_in(sight).filter(status__in=["active", "inactive"], identity__isnull=False)
    return students.select_related("school", "identity", "demographics")


def _shown(request: HttpRequest) -> tuple[int, int]:
    """What the page said that would move and be put aside; what makes no sense was never shown."""
    numbers = [whole_number(request.POST.get(name, "")) for name in ("moved", "aside")]
    moved, aside = (-1 if number is None else number for number in numbers)
    return moved, aside
