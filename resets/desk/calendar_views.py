"""The calendar's page."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from resets.desk.board import current_school_year, parse_filters
from resets.desk.calendar import A_DAY, first_month, month_of
from resets.desk.filter_form import FilterForm
from resets.desk.filters import YEARS
from tenants import clock
from tenants.desk import school_years

NOT_ASKED = ("sort",)


@require_safe
def calendar_view(request: HttpRequest) -> HttpResponse:
    """A month of the board: each night leads to the board's lines of that date."""
    asked, as_of = parse_filters(request.GET), clock.today_in("UTC")
    filters = replace(
        asked, school_year=asked.school_year or current_school_year(as_of), first_on=None, last_on=None, undated=False
    )
    said = request.GET.get("month", "")
    chosen = _month(said)
    problems = list(asked.problems)
    if said and chosen is None:
        problems.append(f"“{said[:40]}” for month was ignored: write a month as 2026-07.")
    first_on = chosen or first_month(request, filters, as_of)
    month = month_of(request, filters, first_on, as_of)
    year = filters.school_year or as_of.year
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"Calendar: {first_on:%B %Y}",
        "is_fullwidth": "1",
        "month": month,
        "filters": filters,
        "problems": problems,
        "query": filters.query(),
        "form": FilterForm(request, filters, year, NOT_ASKED),
        "years": school_years(year),
        "per_hour": month.weeks[0][0].load.per_hour,
        "a_day": A_DAY,
    }
    return TemplateResponse(request, "admin/resets/calendar.html", context)


def _month(said: str) -> dt.date | None:
    year, _, month = said.partition("-")
    is_month = said.isascii() and year.isdecimal() and month.isdecimal() and len(said) == 7 and len(month) == 2
    if not is_month or int(year) not in YEARS or int(month) not in range(1, 13):
        return None
    return dt.date(int(year), int(month), 1)
