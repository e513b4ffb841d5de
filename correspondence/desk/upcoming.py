"""What will be sent in the next 14 days to the own book's districts, and to which of them."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from correspondence.models import Kind
from correspondence.upcoming import AHEAD_DAYS, Addressed, districts_planned, planned_letters
from tenants import clock
from tenants.desk import PER_PAGE, own_book


@require_safe
def upcoming_page(request: HttpRequest) -> HttpResponse:
    """By day, kind and suite in numbers; with `on`, `kind` and `suite` the districts behind one number."""
    as_of = clock.now().date()
    groups = planned_letters(own_book(request), as_of)
    lines = [
        {
            "on": group.send_on,
            "kind": Kind(group.kind).label,
            "suite": group.suite,
            "districts": group.districts,
            "link": f"?{urlencode({'on': str(group.send_on), 'kind': group.kind, 'suite': group.suite})}#districts",
        }
        for group in groups
    ]
    context = {
        **admin.site.each_context(request),
        "title": f"What will be sent in the next {AHEAD_DAYS} days",
        "lines": lines,
        "total": sum(group.districts for group in groups),
        "chosen": _chosen(request, as_of),
    }
    return render(request, "admin/correspondence/upcoming.html", context)


def _chosen(request: HttpRequest, as_of: dt.date) -> dict[str, Any] | None:
    kind, suite, after = (request.GET.get(name, "")[:60].replace("\0", "") for name in ("kind", "suite", "after"))
    try:
        on = dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None
    if kind not in Kind.values:
        return None
    found: list[Addressed] = districts_planned(
        own_book(request), as_of, on=on, kind=kind, suite=suite, after=after, limit=PER_PAGE + 1
    )
    shown = found[:PER_PAGE]
    more = {"on": str(on), "kind": kind, "suite": suite, "after": shown[-1].slug} if len(found) > PER_PAGE else None
    return {
        "on": on,
        "kind": Kind(kind).label,
        "suite": suite,
        "districts": shown,
        "more": f"?{urlencode(more)}#districts" if more else "",
    }
