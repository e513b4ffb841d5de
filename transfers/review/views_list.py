"""Review and Match Students: the list of the students being transferred."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.asked import whole
from accounts.pages import is_visitor, page, person
from accounts.searching import keep_search, query_without
from tenants import clock
from transfers.review.asking import asked_filters, own_import, place_of
from transfers.review.counts import PreviewCounts, preview_counts
from transfers.review.deciding import review_refusal
from transfers.review.students import STATUSES, grades_of, review_page

SECTION = "people"


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, key: UUID) -> HttpResponse:
    """The list. A POST keeps the word that is searched by: a name does not belong into an address."""
    transfer = own_import(request, key)
    if request.method == "POST":
        return keep_search(request, place_of(transfer))
    filters = asked_filters(request, transfer)
    found = review_page(transfer, filters, whole(request, "after"))
    context = {
        "transfer": transfer,
        "filters": filters,
        "found": found,
        "counts": preview_counts([transfer.pk]).get(transfer.pk, PreviewCounts()),
        "statuses": STATUSES,
        "grades": grades_of(transfer),
        "refused": review_refusal(transfer, clock.now()),
        "may_edit": not is_visitor(person(request)),
        "is_first": "after" not in request.GET,
        "query": query_without(request, "after"),
        "back_query": request.GET.urlencode(),
    }
    return page(request, "transfers/review/list.html", SECTION, context)
