"""What came of a change of many dates: who was changed, who was not and why; also as a file."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from resets.bulk.judge import batches
from resets.desk.csv_answer import csv_answer
from resets.desk.suites import suite_names
from resets.models import BulkChange, ResetSchedule
from tenants.desk import actor_of, is_superuser, own_book, school_years

SHOWN = 50
HEADER = ("district", "host", "suite", "school year", "changed", "from", "to", "why not")


@require_safe
def bulk_result_page(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The result's page: its numbers, and the first of those that stay as they were."""
    change = _own(request, key)
    context = {
        **admin.site.each_context(request),
        "title": "Many dates changed",
        "change": change,
        "number_refused": len(change.refused),
        "refused": list(_refused(request, change, change.refused[:SHOWN])),
        "changed": change.changes.select_related("schedule__district").order_by("schedule")[:SHOWN],
    }
    return render(request, "admin/resets/bulk_result.html", context)


@require_safe
def bulk_result_csv(request: HttpRequest, key: uuid.UUID) -> StreamingHttpResponse:
    """Everybody who was changed, then everybody who was not, with the reason."""
    change = _own(request, key)
    return csv_answer(f"dates-{change.at:%Y-%m-%d}", HEADER, _lines(request, change))


def _own(request: HttpRequest, key: uuid.UUID) -> BulkChange:
    """A change that whoever asks has made; a superuser may see everybody's."""
    change = BulkChange.objects.filter(pk=key).first()
    if change is None or (change.actor != actor_of(request) and not is_superuser(request)):
        raise Http404("There is no such change of yours.")
    return change


def _lines(request: HttpRequest, change: BulkChange) -> Iterator[tuple[object, ...]]:
    changed = change.changes.select_related("schedule__district").order_by("schedule")
    for line in changed.iterator(chunk_size=1000):
        yield (*_named(line.schedule), "yes", line.from_on, line.to_on, "")
    for keys in batches(range(len(change.refused))):
        for schedule, wanted, why in _refused(request, change, change.refused[keys[0] : keys[-1] + 1]):
            yield (*_named(schedule), "no", schedule.on, wanted, why)


def _refused(request: HttpRequest, change: BulkChange, lines: list[Any]) -> Iterator[tuple[ResetSchedule, str, str]]:
    """Those of the own book, with the date that was wished for them and why they have not got it."""
    found = ResetSchedule.objects.filter(district__in=own_book(request)).select_related("district")
    schedules = found.in_bulk([key for key, _, _ in lines])
    for key, wanted, why in lines:
        if key in schedules:
            yield schedules[key], wanted or "", why


def _named(schedule: ResetSchedule) -> tuple[object, ...]:
    district = schedule.district
    suite = suite_names().get(schedule.suite, schedule.suite)
    return district.name, district.slug, suite, school_years(schedule.school_year)
