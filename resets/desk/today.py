"""What a CSM sees first: what waits for an answer, what failed, and which resets come next."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html

from products.registry import suites
from resets.desk.attention import attention
from resets.desk.board import BoardFilters, current_school_year
from resets.desk.export_show import shown_standings
from resets.models import ResetSchedule
from tenants import clock
from tenants.desk import own_book, school_years
from tenants.desk_waiting import what_waits

NEXT = 10


def add_today(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Put `waiting`, `cards` and `upcoming` into the context of the admin's first page, all of the own book only."""
    as_of = clock.today_in("UTC")
    shown = {"waiting": what_waits(request, clock.now()), "year": school_years(current_school_year(as_of))}
    return {**context, **shown, "cards": _cards(request, as_of), "upcoming": _upcoming(request, as_of)}


def _cards(request: HttpRequest, as_of: dt.date) -> list[dict[str, Any]]:
    """What waits for a CSM in the school year that is being closed; each leads to the board's lines behind it."""
    year = BoardFilters(school_year=current_school_year(as_of))
    counts = attention(request, year, as_of)
    board = reverse("admin:resets_board")
    return [_card(said.title, said.number, said.advice, f"{board}?{said.filters.query()}") for said in counts]


def _card(title: str, number: int, text: str, address: str) -> dict[str, Any]:
    return {"title": title, "number": number, "text": text, "address": address}


def _upcoming(request: HttpRequest, as_of: dt.date) -> dict[str, Any]:
    names = {suite.code: suite.name for suite in suites()}
    found = ResetSchedule.objects.filter(district__in=own_book(request).filter(removed_at=None), on__gte=as_of)
    schedules = list(found.select_related("district").order_by("on", "pk")[:NEXT])
    data = shown_standings(schedules, clock.now())
    rows = [
        [
            date_format(schedule.on, "M j, Y"),
            format_html(
                '<a class="d-link" href="{}">{}</a>',
                reverse("admin:resets_pick", args=[schedule.pk]),
                schedule.district.name,
            ),
            names.get(schedule.suite, schedule.suite),
            school_years(schedule.school_year),
            schedule.get_answer_display(),
            format_html('<a class="d-link" href="{}">{}</a>', data[schedule.pk].address, data[schedule.pk].short),
        ]
        for schedule in schedules
    ]
    return {"headers": ["Reset date", "District", "Suite", "School year", "Answer", "Year's data"], "rows": rows}
