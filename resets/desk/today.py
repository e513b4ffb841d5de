"""What a CSM sees first: what waits for an answer, what failed, and which resets come next."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format

from products.registry import suites
from resets.models import Answer, ResetRun, ResetSchedule, RunState
from tenants import clock
from tenants.desk import own_book, school_years

NEXT = 10
DATES = "admin:resets_resetschedule_changelist"


def add_today(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Put `cards` and `upcoming` into the context of the admin's first page; both speak of the own book only."""
    as_of = clock.today_in("UTC")
    return {**context, "cards": _cards(request, as_of), "upcoming": _upcoming(request, as_of)}


def _cards(request: HttpRequest, as_of: dt.date) -> list[dict[str, Any]]:
    districts = own_book(request).filter(removed_at=None)
    ahead = ResetSchedule.objects.filter(district__in=districts, on__gte=as_of).aggregate(
        silent=Count("pk", filter=Q(answer=Answer.NONE)), asked=Count("pk", filter=Q(answer=Answer.ASKED))
    )
    failed = ResetRun.objects.filter(district__in=districts, state=RunState.FAILED)
    mended = ResetRun.objects.exclude(state=RunState.FAILED).exclude(schedule=None).values("schedule")
    dates, runs = reverse(DATES), reverse("admin:resets_resetrun_changelist")
    return [
        _card("Another date asked for", ahead["asked"], "Pick it, or agree on one.", f"{dates}?answer__exact=asked"),
        _card("No answer yet", ahead["silent"], "Reset on the default date.", f"{dates}?answer__exact=none"),
        _card(
            "Resets that failed",
            failed.exclude(schedule__in=mended).values("schedule").distinct().count(),
            "Nothing was changed. Ask for another run.",
            f"{runs}?state__exact=failed",
        ),
        _card("Districts", districts.count(), "In the book, in use.", reverse("admin:tenants_district_changelist")),
    ]


def _card(title: str, number: int, text: str, address: str) -> dict[str, Any]:
    return {"title": title, "number": number, "text": text, "address": address}


def _upcoming(request: HttpRequest, as_of: dt.date) -> dict[str, Any]:
    names = {suite.code: suite.name for suite in suites()}
    found = ResetSchedule.objects.filter(district__in=own_book(request).filter(removed_at=None), on__gte=as_of)
    rows = [
        [
            date_format(schedule.on, "M j, Y"),
            schedule.district.name,
            names.get(schedule.suite, schedule.suite),
            school_years(schedule.school_year),
            schedule.get_answer_display(),
        ]
        for schedule in found.select_related("district").order_by("on", "district__name", "pk")[:NEXT]
    ]
    return {"headers": ["Reset date", "District", "Suite", "School year", "Answer"], "rows": rows}
