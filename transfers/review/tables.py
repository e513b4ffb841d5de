"""The context of the two tables, for the tab that shows them and for the piece that renews them."""

import hashlib
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from accounts.pages import is_visitor, own_school, person
from tenants import clock
from transfers.review.listing import Listed, completed_imports, pending_imports


def import_tables(request: HttpRequest) -> dict[str, Any]:
    """What templates/transfers/parts/tables.html needs: it holds pending.html and completed.html.

    `is_waiting` says that a worker is at one of them; then a page without JavaScript does well to look again by itself.
    """
    user, at = person(request), clock.now()
    school = own_school(user)
    pending = pending_imports(school, at)
    completed = completed_imports(school, at, _key(request.GET.get("after", "")))
    every = [*pending, *completed.imports]
    return {
        "pending": pending,
        "completed": completed,
        "may_act": not is_visitor(user),
        "is_waiting": any(one.is_busy for one in every),
        "is_first": "after" not in request.GET,
        "seen": seen(every),
        "asked": request.GET.get("after", "") if _key(request.GET.get("after", "")) else "",
    }


def seen(imports: list[Listed]) -> str:
    """A short name of what the tables show: another one when they show something else."""
    shown = [(str(one.transfer.pk), one.transfer.state, one.is_busy, one.counts, one.remaining) for one in imports]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
