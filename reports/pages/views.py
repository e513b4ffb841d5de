"""The library of year-end reports, and one report with its filters, its table and its summary."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts.pages import district_of, is_htmx, is_visitor, page, person, today
from accounts.searching import keep_search, searched
from reports.asking.asked import asked_in
from reports.asking.reader import reader_of
from reports.asking.reading import Reading, reading_of
from reports.asking.years import places_of
from reports.delivery import terms as delivery_terms
from reports.delivery.selectors import subscriptions_of
from reports.downloads.selectors import files_of
from reports.formats import FORMATS
from reports.pages.choices import choices_for
from reports.pages.library import shelves
from reports.pages.summary import figures_of
from reports.pages.table import rows_of
from reports.patience import TooSlowError, patience
from reports.yearend.compile import Page, page_of
from resets.policies.registry import policy_for
from tenants import clock

SECTION = "reports"
PLACE = "report_students"
ROWS = 25
"""So many rows stand on a page."""
WAIT = "wait"
"""In an address: the page comes with its numbers, however long they take."""
LONGEST_MS = 55_000
"""For so long at most: what stands before the web server gives up after a minute."""


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """The reports that somebody has, their files, and what they get by e-mail."""
    user, district, now = person(request), district_of(request), clock.now()
    reader = reader_of(user)
    context = {
        "shelves": shelves(district, reader.sight, today(request)),
        "files": [] if reader.is_outsider else files_of(user, now),
        "subscriptions": [] if reader.is_outsider else subscriptions_of(district, user, now),
        "is_educator": reader.sight.educator_id is not None,
        "is_admin": reader.may_publish or reader.is_outsider,
    }
    return page(request, "reports/library.html", SECTION, context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, report: str) -> HttpResponse:
    """One report: filters, a page of one of its tables, downloads. A POST keeps the word that a student is found by."""
    if request.method == "POST":
        return keep_search(request, PLACE)
    reading = reading_or_404(request, report)
    user = person(request)
    after, waits = request.GET.get("after", ""), WAIT in request.GET
    shown = _page_in_time(reading, after, LONGEST_MS if waits else settings.REPORT_PATIENCE_MS)
    term = "" if is_visitor(user) else searched(request, PLACE)
    context: dict[str, Any] = {
        **context_of(reading),
        "choices": choices_for(reading, term),
        "term": term,
        "shown": shown,
        "rows": rows_of(shown.columns, shown.rows) if shown else [],
        "is_first": not after,
        "next_query": _with(reading, after=shown.next) if shown and shown.next else "",
        "waits": waits,
        "wait_query": _with(reading, **({"after": after} if after else {}), **{WAIT: 1}),
        "formats": FORMATS,
        "may_take": not is_visitor(user),
        "weekdays": delivery_terms.WEEKDAYS,
        "hours": {hour: delivery_terms.hour_words(hour) for hour in delivery_terms.HOURS},
        "days_before": delivery_terms.DAYS_BEFORE,
        "is_reset": policy_for(reading.report.suite).resettable,
        "section_page": "true",
    }
    return page(request, "reports/report.html", SECTION, context)


@require_safe
def summary(request: HttpRequest, report: str) -> HttpResponse:
    """A report's summary: its charts, and their numbers as tables. A piece of the page, or a page of its own."""
    reading = reading_or_404(request, report)
    context = {**context_of(reading), "figures": figures_of(reading), "section_page": "true"}
    template = "reports/parts/summary.html" if is_htmx(request) else "reports/summary.html"
    return page(request, template, SECTION, context)


def reading_or_404(request: HttpRequest, code: str) -> Reading:
    """What the address asks for, as whoever looks may see it.

    Raises:
        Http404: there is no such report, or a filter names what is not theirs to see.
    """
    try:
        return reading_of(asked_in(code, request.GET), reader_of(person(request)), district_of(request), clock.now())
    except LookupError as error:
        raise Http404(str(error)) from error


def context_of(reading: Reading) -> dict[str, Any]:
    """What every page of a report says of it."""
    return {
        "reading": reading,
        "report": reading.report,
        "scope": reading.scope,
        "query": reading.asked.query,
        "plain_query": reading.asked.changed(student=None).query,
        "staff_query": reading.asked.changed(for_outsiders=False).query,
        "publication_query": reading.asked.changed(for_outsiders=True, student=None).query,
        "heading": reading.heading(clock.now()),
        "is_educator": reading.reader.sight.educator_id is not None,
        "places": places_of(year for year in reading.known if year.school_year in reading.scope.years),
        "tables": [(part, reading.asked.changed(part=part.code, grain="").query) for part in reading.tables],
    }


def _page_in_time(reading: Reading, after: str, milliseconds: int) -> Page | None:
    """A page of the table; None where the database takes longer than this to add it up."""
    try:
        with patience(milliseconds):
            return page_of(reading.report, reading.part, reading.scope, reading.grain, after or None, ROWS)
    except TooSlowError:
        return None


def _with(reading: Reading, **facts: Any) -> str:
    return "&".join(filter(None, [reading.asked.query, urlencode(facts)]))
