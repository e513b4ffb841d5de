"""A district's timeline at the desk."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from resets.desk import timeline_exports, timeline_sources
from resets.desk.filters import YEARS
from resets.desk.rows import portal_address
from resets.desk.timeline import Span, timeline_of
from resets.models import ResetSchedule
from tenants import clock
from tenants.desk import own_book, school_years

__all__ = ["timeline_exports", "timeline_sources", "timeline_view"]  # the sources register themselves


@require_safe
def timeline_view(request: HttpRequest, district: int) -> HttpResponse:
    """Everything about a district of the own book in one school year, in order of time, with today marked."""
    found = own_book(request).filter(pk=min(district, 2**63 - 1)).select_related("status", "csm")
    shown = found.prefetch_related("closed_days").first()
    if shown is None:
        raise Http404("There is no such district in your book.")
    scheduled = ResetSchedule.objects.filter(district=shown).order_by().values_list("school_year", flat=True)
    years = sorted({*scheduled.distinct(), shown.school_year}, reverse=True)
    said = request.GET.get("year", "")
    is_year = said.isascii() and said.isdecimal() and len(said) == 4 and int(said) in YEARS
    year = int(said) if is_year else shown.school_year
    now = clock.now()
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"{shown.name}: {school_years(year)}",
        "district": shown,
        "portal": portal_address(request, shown),
        "year": year,
        "years": [{"year": one, "words": school_years(one), "here": one == year} for one in years],
        "timeline": timeline_of(Span(shown, year), now),
        "today": clock.date_in(now, shown.time_zone),
    }
    return TemplateResponse(request, "admin/resets/timeline.html", context)
