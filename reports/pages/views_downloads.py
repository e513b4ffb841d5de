"""Taking a report along: a file at once or prepared by the worker, a page for printing, and the prepared files."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.pages import district_of, is_htmx, page, person
from reports.downloads import terms
from reports.downloads.direct import hand_out
from reports.downloads.errors import FileGoneError, TooManyFilesError
from reports.downloads.fetching import note_fetched, own_file, path_of
from reports.downloads.making import sheets_for, size_of
from reports.downloads.models import FileState, PreparedFile
from reports.downloads.preparing import ask_file, told_share
from reports.downloads.removing import remove
from reports.downloads.selectors import own
from reports.downloads.taken import note_taken
from reports.formats import format_named
from reports.pages.printing import printed
from reports.pages.views import SECTION, context_of, reading_or_404
from reports.serving import ranged_file
from reports.yearend.compile import students_in_report
from tenants import clock

OWN = "You took it away."


@require_POST
def download(request: HttpRequest, report: str) -> HttpResponseBase:
    """Hand out a report's file, or ask the worker for it where it is large."""
    reading, user = reading_or_404(request, report), person(request)
    form = format_named(request.POST.get("format", ""))
    if form is None:
        raise Http404("There is no such format.")
    tables = sheets_for(reading, form)
    size = size_of(reading, form, tables)
    if size.is_small:
        return hand_out(reading, form, tables, size, user=user, at=clock.now())
    try:
        made = ask_file(reading, form, user=user, at=clock.now())
    except TooManyFilesError as error:
        messages.error(request, str(error))
        return redirect(f"{request.path.removesuffix('download/')}?{reading.asked.query}")
    return redirect("report_file", made.pk)


@require_POST
def print_report(request: HttpRequest, report: str) -> HttpResponse:
    """A report as a page that is made for printing."""
    reading, user = reading_or_404(request, report), person(request)
    parts = printed(reading)
    students = students_in_report(reading.report, reading.scope)
    note_taken(reading, "print", students, sum(len(part.rows) for part in parts), user=user, at=clock.now())
    context = {**context_of(reading), "parts": parts, "most": terms.PRINTED_ROWS}
    return page(request, "reports/print.html", SECTION, context)


@require_safe
def prepared(request: HttpRequest, prepared: UUID) -> HttpResponse:
    """One prepared file: how far it is, or its download."""
    made = _own(request, prepared)
    if is_htmx(request):
        return page(request, "reports/parts/file_progress.html", SECTION, _file_context(made))
    return page(request, "reports/file.html", SECTION, {**_file_context(made), "section_page": "true"})


@require_safe
def fetch(request: HttpRequest, prepared: UUID) -> HttpResponseBase:
    """Hand out a prepared file, whole or the rest of it. What goes on with a rest is no download of its own."""
    made, user, district, now = _own(request, prepared), person(request), district_of(request), clock.now()
    try:
        path = path_of(district, made, at=now)
    except FileGoneError as error:
        messages.error(request, str(error))
        return redirect("reports")
    if request.method == "GET" and request.headers.get("Range", "bytes=0-").replace(" ", "").startswith("bytes=0-"):
        note_fetched(district, made, user=user, at=now)
    return ranged_file(request, path, path.name, str(made.pk))


@require_POST
def take_away(request: HttpRequest, prepared: UUID) -> HttpResponse:
    """Remove one of one's own files before its days are over."""
    made = _own(request, prepared)
    if made.state == FileState.READY:
        remove(made.pk, OWN)
        messages.success(request, "The file was removed.")
    return redirect("reports")


def _own(request: HttpRequest, key: UUID) -> PreparedFile:
    try:
        return own_file(person(request), key)
    except FileGoneError as error:
        raise Http404(str(error)) from error


def _file_context(made: PreparedFile) -> dict[str, object]:
    share = told_share(made.pk) if made.state == FileState.WAITING else None
    return {"own": own(made), "file": made, "percent": round(share * 100) if share is not None else None}
