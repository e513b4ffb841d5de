"""Whoever opens the public pages is a stranger there, also when they are logged in elsewhere on the host."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tenants.middleware import PUBLIC

PAGES: Final = "/certificates/"


class StrangersMiddleware:
    """Forgets the session's cookie before anybody asks the database whose it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        if request.path.startswith(PAGES) and getattr(request, "tenant", None) is PUBLIC:
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)
