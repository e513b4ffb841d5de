"""What every page of a district's host needs: whose it is, who looks, what day it is, and words for states."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Role, User
from tenants import clock
from tenants.models import District

NOBODY = 0
"""A school's key that no school has."""


@dataclass(frozen=True)
class Chip:
    """A state in words, with a mark and a tone, so that colour alone never says it.

    Attributes:
        tone: good, warn, bad, or empty for calm.
    """

    words: str
    tone: str = ""
    mark: str = "○"


def district_of(request: HttpRequest) -> District:
    """The district whose host was asked."""
    district: District = request.tenant  # type: ignore[attr-defined]
    return district


def person(request: HttpRequest) -> User:
    """Who is logged in.

    Raises:
        PermissionDenied: nobody is.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied("Log in first.")
    return request.user


def district_admin(request: HttpRequest) -> User:
    """The district admin who is logged in, for what only they may do.

    Raises:
        PermissionDenied: it is somebody else.
    """
    user = person(request)
    if user.role != Role.DISTRICT_ADMIN:
        raise PermissionDenied("Only a district admin may do this.")
    return user


def sees_district(user: User) -> bool:
    """Whether they see everything of the district: its admins, and support's visitors, who look at the same pages."""
    return user.role in (Role.DISTRICT_ADMIN, Role.SUPPORT)


def is_visitor(user: User) -> bool:
    """Whether it is vendor staff on a support visit, to whom no form and no button is shown."""
    return user.role == Role.SUPPORT


def own_school(user: User) -> int | None:
    """The one school whose numbers they may see; None for whoever sees the whole district."""
    return None if sees_district(user) else (user.school_id or NOBODY)


def moment(request: HttpRequest) -> dt.datetime:
    """When the request was looked at first, on Yearturn's clock: one page tells one time."""
    if "_moment" not in request.__dict__:
        request.__dict__["_moment"] = clock.now()
    found: dt.datetime = request.__dict__["_moment"]
    return found


def today(request: HttpRequest) -> dt.date:
    """The district's date, on Yearturn's clock."""
    return clock.date_in(moment(request), district_of(request).time_zone)


def page(request: HttpRequest, template: str, section: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a page of a section of the site (home, rosters, resets)."""
    own = {"district": district_of(request), "section": section, "is_district_admin": _is_admin(request)}
    return render(request, template, {**own, **context}, status=status)


def whole_number(text: str) -> int | None:
    """A key as an address gives it; None for what is none, or longer than any key."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of the page, to put it in place of the old one."""
    return request.headers.get("HX-Request") == "true"


def _is_admin(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.role == Role.DISTRICT_ADMIN
