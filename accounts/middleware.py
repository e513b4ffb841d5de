"""Every URL has an owner in the permission matrix, or is refused."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.callers import bearer_of
from accounts.errors import UnlistedUrlError
from accounts.models import DISTRICT_ROLES, Role, User
from accounts.pages import is_visitor
from accounts.permissions import CLIENTS, ENDS_A_VISIT, MATRIX, entry_of, roles_of

logger = logging.getLogger(__name__)
API = "/api/"
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
LOOKING_ONLY = "A support visit is for looking only: nothing was changed. The district's own people do this."


class PermissionMatrixMiddleware:
    """Asks the matrix about each resolved URL, before its view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Refuse whom the matrix does not let in: a log-in page for a stranger, a 403 for the wrong role.

        Raises:
            UnlistedUrlError: the URL is not in the matrix (only where STRICT_MATRIX is set: tests, development).
            PermissionDenied: their role may not open it.
        """
        match = request.resolver_match
        entry = entry_of(match) if match else ""
        if entry not in MATRIX:
            return _refuse_unlisted(entry)
        roles, user = roles_of(entry), _asker(request, entry)
        if isinstance(user, User) and is_visitor(user) and request.method not in SAFE and entry != ENDS_A_VISIT:
            return _refuse(request, LOOKING_ONLY)
        if roles is None or (entry in CLIENTS and not isinstance(user, User)):
            return None
        if isinstance(user, User):
            return None if user.role in roles else _refuse(request, _not_yours(user))
        return _ask_to_log_in(request)


def _asker(request: HttpRequest, entry: str) -> object:
    """Who is logged in; nobody where a program asks, whose token the view looks at, and no session beside it."""
    return None if entry in CLIENTS and bearer_of(request) is not None else request.user


def _refuse_unlisted(entry: str) -> HttpResponse | None:
    if settings.STRICT_MATRIX:
        raise UnlistedUrlError(f"the URL name {entry!r} is not in accounts/permissions.py: say there who may open it")
    logger.error("refused the URL name %r: it is not in the permission matrix", entry)
    raise PermissionDenied("This page is closed: nobody has been given it yet. Please tell your contact at Yearturn.")


def _ask_to_log_in(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return JsonResponse({"detail": "Log in first: this address answers to a session only."}, status=401)
    return redirect_to_login(request.get_full_path())


def _not_yours(user: User) -> str:
    role = user.get_role_display().lower()
    who = "your district admin" if user.role in DISTRICT_ROLES else "a superuser"
    who = "the district" if user.role == Role.SUPPORT else who
    return f"This page is not open to your role ({role}). If your work needs it, ask {who}."


def _refuse(request: HttpRequest, text: str) -> HttpResponse:
    if request.path.startswith(API):
        return JsonResponse({"detail": text}, status=403)
    raise PermissionDenied(text)
