"""Which district a request is for, by its host name."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django_tenants.middleware.main import TenantMainMiddleware


class DistrictMiddleware(TenantMainMiddleware):  # type: ignore[misc]
    """Enters the district of the request's host."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside its district."""
        answer: Callable[[HttpRequest], HttpResponse] = super().__call__
        return answer(request)
