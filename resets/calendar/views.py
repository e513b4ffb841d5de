"""The calendar's two addresses: the feed, open to whoever has its secret, and the page that shows and renews it."""

import hashlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from accounts.callers import network_of
from accounts.pages import district_admin, district_of, page, today
from accounts.throttle import is_too_often
from resets.calendar.address import feed_at, feed_of, renew_address, token_of
from resets.calendar.events import events_of
from resets.calendar.feed import written_calendar
from resets.views.words import who_words
from tenants import clock

WRONG_ALLOWED, WRONG_SECONDS = 20, 15 * 60
READS_ALLOWED, READS_SECONDS = 120, 60 * 60


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar itself. A wrong token is not found, whoever asks; too many of them, or of reads, must wait."""
    district, host = district_of(request), request.get_host()
    feed = feed_at(district, token)
    if feed is None:
        if is_too_often("calendar-guesses", host, network_of(request), WRONG_ALLOWED, WRONG_SECONDS):
            return _wait(WRONG_SECONDS)
        raise Http404("There is no such calendar.")
    if is_too_often("calendar-reads", host, f"{feed.serial}", READS_ALLOWED, READS_SECONDS):
        return _wait(READS_SECONDS)
    body = written_calendar(
        district,
        events_of(district, today(request), feed.moves),
        host=host.partition(":")[0],
        since=feed.renewed_at,
        portal=request.build_absolute_uri(reverse("resets")),
    )
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={
            "ETag": etag,
            "Cache-Control": "private, no-cache",
            "Content-Disposition": 'inline; filename="reset-dates.ics"',
            "Referrer-Policy": "no-referrer",
        },
    )
    return get_conditional_response(request, etag=etag, response=answer) or answer


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_address(request: HttpRequest) -> HttpResponse:
    """Show the private address; a POST makes one, or a new one in place of the old."""
    user, district = district_admin(request), district_of(request)
    if request.method == "POST":
        feed = renew_address(district, actor=user.actor, at=clock.now())
        old = " The old address has stopped." if feed.serial > 1 else ""
        messages.success(request, f"The calendar has a new private address.{old}")
        return redirect("calendar_address")
    found = feed_of(district)
    path = reverse("calendar_feed", args=[token_of(found)]) if found else ""
    address = request.build_absolute_uri(path) if path else ""
    context = {
        "feed": found,
        "address": address,
        "webcal": "webcal:" + address.partition(":")[2] if address else "",
        "events": events_of(district, today(request), found.moves if found else 0),
        "renewed_by": who_words(found.renewed_by) if found else "",
    }
    return page(request, "resets/calendar.html", "resets", context)


def _wait(seconds: int) -> HttpResponse:
    text = "Too many requests for a calendar. Try again later.\n"
    return HttpResponse(text, status=429, content_type="text/plain", headers={"Retry-After": str(seconds)})
