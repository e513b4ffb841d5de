"""The board's page: what matches, some lines at a time, with what needs a CSM's attention on top."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from resets.desk.attention import attention
from resets.desk.board import BoardFilters, current_school_year, parse_filters, schedules_matching
from resets.desk.filter_form import FilterForm, date_inputs, ticks
from resets.desk.paging import board_page
from resets.desk.rows import board_rows, portal_address
from resets.desk.undated import suites_without_window, undated_page, undated_windows
from tenants import clock
from tenants.desk import school_years

COLUMNS = (
    ("district", "District"), ("suite", "Suite"), ("date", "Reset date"), ("answer", "Answer"),
    ("", "Conflicts"), ("ready", "Ready"), ("sync", "Last sync"), ("", "Year's data"),
    ("", "Run"),
)  # fmt: skip


@require_safe
def board_view(request: HttpRequest) -> HttpResponse:
    """The board: schedules that match, or the suites that have no date."""
    asked, as_of = parse_filters(request.GET), clock.today_in("UTC")
    filters = replace(asked, school_year=asked.school_year or current_school_year(as_of))
    year = filters.school_year or as_of.year
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"Board {school_years(year)}",
        "is_fullwidth": "1",
        "filters": filters,
        "query": filters.query(),
        "form": FilterForm(request, filters, year),
        "date_inputs": date_inputs(filters),
        "ticks": ticks(filters),
        "tallies": (tallies := _tallies(request, filters, as_of)),
        "years": school_years(year),
    }
    here = next((tally["number"] for tally in tallies if tally["here"]), None)
    context["is_open"] = bool(filters.problems) or (filters.is_narrowed and here is None)
    context |= _undated(request, filters) if filters.undated else _dated(request, filters, here)
    return TemplateResponse(request, "admin/resets/board.html", context)


def _dated(request: HttpRequest, filters: BoardFilters, counted: int | None) -> dict[str, Any]:
    rows = schedules_matching(request, filters)
    page = board_page(rows, filters.sort, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    lines = [
        {"row": row, "portal": portal_address(request, row.district)} for row in board_rows(page.schedules, clock.now())
    ]
    return {
        "lines": lines,
        "matching": rows.count() if counted is None else counted,
        "page": page,
        "heads": _heads(filters),
    }


def _undated(request: HttpRequest, filters: BoardFilters) -> dict[str, Any]:
    windows = undated_windows(filters, clock.today_in("UTC"))
    page = undated_page(request, filters, windows, clock.now(), after=request.GET.get("after", ""))
    unopened = suites_without_window(filters, windows)
    return {"undated": page.rows, "page": page, "unopened": unopened}


def _heads(filters: BoardFilters) -> list[dict[str, str]]:
    """The columns' heads; a second click on one turns the order round."""
    heads = []
    for code, label in COLUMNS:
        falls = filters.sort == f"-{code}"
        order = {code: "ascending", f"-{code}": "descending"}
        turned = f"-{code}" if filters.sort == code else code
        sorted_by = next((order[name] for name in order if code and name == filters.sort), "")
        heads.append({
            "label": label, "sorted": sorted_by, "mark": "↓" if falls else "↑",
            "query": filters.query(sort=turned) if code else "",
        })  # fmt: skip
    return heads


def _tallies(request: HttpRequest, filters: BoardFilters, as_of: dt.date) -> list[dict[str, Any]]:
    """What needs attention in the school year: a number each, and the question that leads to those behind it."""
    base = BoardFilters(school_year=filters.school_year, csm=filters.csm, search=filters.search, sort=filters.sort)
    return [
        {"label": one.title, "number": one.number, "query": one.filters.query(), "here": one.filters == filters}
        for one in attention(request, base, as_of)
    ]
