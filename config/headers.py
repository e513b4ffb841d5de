"""What a browser may do with our pages: load from this host only, send nothing elsewhere, keep nothing."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse


def _policy(**changes: str) -> str:
    sources: Mapping[str, str] = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    own = {**sources, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return "; ".join(f"{name} {value}" for name, value in own.items())


PAGES: Final = _policy()
ADMIN: Final = _policy(script_src="'self' 'unsafe-inline' 'unsafe-eval'", style_src="'self' 'unsafe-inline'")
"""The admin's theme evaluates its pages' attributes in the browser. Only vendor staff open it."""


class SecurityHeadersMiddleware:
    """Adds the content security policy, and keeps pages out of shared computers' caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, and add what the view has not said itself."""
        response = self.get_response(request)
        is_admin = request.path.startswith("/admin/")
        response.headers.setdefault("Content-Security-Policy", ADMIN if is_admin else PAGES)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
