"""Whether what a client was allowed is what a view asks for."""

from collections.abc import Mapping
from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.access.grants import Grant

Alternatives = tuple[str, ...]
"""Scopes of which any one will do."""


class HasScopes(BasePermission):
    """A view says `required_scopes: Mapping[method, alternatives]`; a method that is not there is open to no client.

    Somebody who is logged in has no grant: the permission matrix has let them in, or not.
    """

    message = "The access token does not allow this."
    code = "insufficient_scope"

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether one of the view's alternatives is among the grant's scopes."""
        if not isinstance(request.auth, Grant):
            return bool(request.user and request.user.is_authenticated)
        required: Mapping[str, Alternatives] = getattr(view, "required_scopes", {})
        method = "GET" if request.method == "HEAD" else request.method or ""
        if method == "OPTIONS" or (method not in required and not hasattr(view, method.lower())):
            return True  # nothing is told, or the view answers that it has no such method
        wanted = required.get(method, ())
        if not request.auth.scopes.isdisjoint(wanted):
            return True
        if wanted:
            self.message = f"The access token does not allow this: it needs the scope {' or '.join(wanted)}."
        return False
