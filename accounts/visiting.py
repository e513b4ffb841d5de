"""Who visits: turns the session that a ticket has opened into a visitor, for as long as the visit goes on."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.models import SupportVisit, SupportVisitor
from accounts.visits import note_page, visit_going_on
from tenants import clock

SESSION_KEY: Final = "support_visit"


class SupportVisitMiddleware:
    """Makes `request.user` the visitor, counts the pages that are shown, and ends the session with the visit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; of whoever visits no longer, with the page that says so."""
        key = request.session.get(SESSION_KEY)
        if key is None:
            return self.get_response(request)
        visit = visit_going_on(int(key), at=clock.now())
        if visit is None:
            request.session.flush()
            return _over(request)
        request.user = SupportVisitor.of(visit)
        response = self.get_response(request)
        if _is_page(request, response):
            _note(request, visit)
        return response


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a page was shown: not a piece that htmx asks for each second, not a refusal, not a way elsewhere."""
    return request.method == "GET" and response.status_code == 200 and "HX-Request" not in request.headers


def _note(request: HttpRequest, visit: SupportVisit) -> None:
    name = request.resolver_match.url_name if request.resolver_match else None
    if name:
        note_page(visit, name)


def _over(request: HttpRequest) -> HttpResponse:
    address = reverse("visit_over")
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
