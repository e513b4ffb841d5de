"""Declaring that rostering for the new year is complete, which turns the nightly syncs back on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.pages import district_admin, page
from rostering.selectors import latest_import, open_pauses
from rostering.services import declare_rostering_complete
from tenants import clock


@require_http_methods(["GET", "HEAD", "POST"])
def rostering_complete(request: HttpRequest) -> HttpResponse:
    """Ask, then end every pause."""
    user = district_admin(request)
    if request.method == "POST":
        ended = declare_rostering_complete(actor=user.actor, at=clock.now())
        if ended:
            messages.success(request, _ended(ended))
        else:
            messages.warning(request, "No pause was open: rostering had been declared complete. Nothing was changed.")
        return redirect("rosters")
    context = {"pauses": list(open_pauses()), "received": latest_import()}
    return page(request, "rosters/complete.html", "rosters", context)


def _ended(ended: int) -> str:
    pauses = "1 pause" if ended == 1 else f"{ended:,} pauses"
    return f"Rostering is declared complete. {pauses} ended: the nightly syncs run again."
