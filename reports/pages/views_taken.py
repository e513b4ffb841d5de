"""The record of what was taken along, for the district's admins: who, what, how many students."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.asked import choice, whole
from accounts.pages import district_admin, district_of, page
from reports.downloads.record import WAYS, TakenFilters, reports_taken, taken_page
from reports.pages.views import SECTION


@require_safe
def taken(request: HttpRequest) -> HttpResponse:
    """Who took which report along. For district admins: an entry says how many students, not of which schools."""
    district_admin(request)
    reports = reports_taken()
    filters = TakenFilters(
        choice(request, "report", ("", *(code for code, _ in reports))),
        choice(request, "format", ("", *(way.code for way in WAYS))),
        whole(request, "who"),
    )
    asked = {"report": filters.what, "format": filters.way, "who": filters.who}
    query = urlencode({name: value for name, value in asked.items() if value})
    found = taken_page(district_of(request), filters, whole(request, "before"))
    context = {
        "found": found,
        "filters": filters,
        "query": query,
        "all_query": urlencode({name: value for name, value in asked.items() if value and name != "who"}),
        "reports": reports,
        "ways": WAYS,
        "is_first": "before" not in request.GET,
        "section_page": "true",
    }
    return page(request, "reports/taken.html", SECTION, context)
