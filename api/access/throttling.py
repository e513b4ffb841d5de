"""How many requests a client may make in a minute, with the headers that say how many are left."""

import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.throttle import count_one_more
from api.access.grants import Grant

WINDOW_SECONDS: Final = 60


class ClientThrottle(BaseThrottle):
    """Counts a client's requests in each minute, over all hosts and processes. Who is logged in is not counted."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count one more, and tell whether it may go on."""
        if not isinstance(request.auth, Grant):
            return True
        now = time.time()
        window, self.reset = int(now) // WINDOW_SECONDS, WINDOW_SECONDS - int(now) % WINDOW_SECONDS
        key, limit = f"api-requests:{request.auth.client_id}:{window}", int(settings.API_REQUESTS_PER_MINUTE)
        used = count_one_more(key, WINDOW_SECONDS * 2)
        request._request.__dict__["rate"] = (limit, max(0, limit - used), self.reset)
        return used <= limit

    def wait(self) -> float:
        """Seconds to the next minute, for `Retry-After`."""
        return float(self.reset)


class RateHeadersMiddleware:
    """Says in each answer to a client how many requests are left, and in how many seconds there are all again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        if rate := request.__dict__.get("rate"):
            limit, left, reset = rate
            response["RateLimit-Policy"] = f"{limit};w={WINDOW_SECONDS}"
            response["RateLimit-Limit"], response["RateLimit-Remaining"] = str(limit), str(left)
            response["RateLimit-Reset"] = str(reset)
        return response
