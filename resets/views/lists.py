"""The resets page: every suite and school year with its date, answer and state."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.pages import district_of, moment, page, today
from resets.views.reads import suite_years, told_runs
from resets.views.year_data import with_data


@require_safe
def resets(request: HttpRequest) -> HttpResponse:
    """All resets of the district, newest school year first."""
    years = with_data(suite_years(request, told_runs(district_of(request))), moment(request))
    return page(request, "resets/list.html", "resets", {"years": years, "as_of": today(request)})
