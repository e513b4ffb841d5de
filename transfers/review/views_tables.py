"""What hangs on the tables of imports: their progress, Import Students, Cancel Import, View Import Log, one import."""

from itertools import chain
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.asked import whole
from accounts.pages import district_of, is_visitor, own_school, page, person
from tenants import clock
from transfers.imports.duplicates import duplicates_after
from transfers.imports.errors import TransferRefusedError
from transfers.imports.log import import_log
from transfers.imports.models import ImportState
from transfers.imports.services import approval_refusal, approve_import, cancel_import
from transfers.review.asking import own_import
from transfers.review.history import history_of, line_page
from transfers.review.listing import listed
from transfers.review.pairs import named_pairs
from transfers.review.tables import import_tables
from transfers.review.views_list import SECTION

UNCHANGED = 204
"""Tells htmx to leave the page as it is."""


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """The tables anew, for a page that waits; nothing while nothing has changed, so that nobody loses their place."""
    context = import_tables(request)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=UNCHANGED)
    return render(request, "transfers/parts/tables.html", {**context, "district": district_of(request)})


@require_http_methods(["GET", "HEAD", "POST"])
def import_students(request: HttpRequest, key: UUID) -> HttpResponse:
    """Import Students: a POST asks for it; the page asks before, and says afterwards what comes next."""
    transfer = own_import(request, key)
    if request.method == "POST":
        try:
            approve_import(district_of(request), transfer.pk, actor=person(request).actor, at=clock.now())
        except TransferRefusedError as refused:
            messages.error(request, str(refused))
            return redirect("transfers_import", key)
        return redirect("transfers_import_students", key)
    at = clock.now()
    [shown] = listed([transfer], at)
    refused_words = approval_refusal(transfer, at)
    context = {"transfer": transfer, "shown": shown, "refused": refused_words, "asked": shown.is_busy}
    return page(request, "transfers/review/import.html", SECTION, context)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, key: UUID) -> HttpResponse:
    """Cancel Import: "select Yes, Cancel to confirm that you want to cancel the transfer"."""
    transfer = own_import(request, key)
    if request.method == "POST":
        try:
            cancel_import(district_of(request), transfer.pk, actor=person(request).actor, at=clock.now())
        except TransferRefusedError as refused:
            messages.error(request, str(refused))
            return redirect("transfers_import", key)
        messages.success(
            request, "The transfer was cancelled. If you change your mind later, you can re-enter the transfer code."
        )
        return redirect("transfers")
    [shown] = listed([transfer], clock.now())
    possible = transfer.state in (ImportState.ANALYZING, ImportState.READY)
    context = {"transfer": transfer, "shown": shown, "possible": possible}
    return page(request, "transfers/review/cancel.html", SECTION, context)


@require_safe
def log(request: HttpRequest, key: UUID) -> StreamingHttpResponse:
    """View Import Log: "The log is a .csv file, which can be opened with spreadsheet programs"."""
    transfer = own_import(request, key)
    name = f"import-log-{transfer.requested_at:%Y-%m-%d}-{str(transfer.pk)[:8]}.csv"
    return StreamingHttpResponse(
        chain(["\ufeff"], import_log(transfer)),  # the mark by which a spreadsheet knows UTF-8
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def one_import(request: HttpRequest, key: UUID) -> HttpResponse:
    """One import: what happened, its students, and what can still be done."""
    transfer, user, at = own_import(request, key), person(request), clock.now()
    [shown] = listed([transfer], at)
    context: dict[str, Any] = {
        "transfer": transfer,
        "shown": shown,
        "history": history_of(transfer),
        "found": line_page(transfer, whole(request, "after")),
        "pairs": named_pairs(duplicates_after(transfer), own_school(user)) if transfer.imported else [],
        "own_school": own_school(user),
        "may_act": not is_visitor(user),
        "refused": approval_refusal(transfer, at),
        "is_first": "after" not in request.GET,
    }
    return page(request, "transfers/review/one.html", SECTION, context)
