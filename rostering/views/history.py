"""The rosters page: the last import, the nightly syncs and why they are paused, the history."""

import uuid

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.pages import district_of, own_school, page, person, today
from rostering.models import RosterProvider
from rostering.selectors import held_removals, latest_import, open_pauses, sync_history
from rostering.views.reads import open_upload
from rostering.views.words import chip_of, source_of

HISTORY_PAGE = 25


@require_safe
def rosters(request: HttpRequest) -> HttpResponse:
    """What was imported, newest first; `?before=` is the key that the page before gave."""
    before = request.GET.get("before")
    history = sync_history(before=before, limit=HISTORY_PAGE)
    held = _held(request)
    context = {
        "held": held[0],
        "held_sync": held[1],
        "rows": [{"sync": sync, "chip": chip_of(sync), "source": source_of(sync)} for sync in history.syncs],
        "next": history.before,
        "is_first": before is None,
        "received": latest_import(),
        "pauses": list(open_pauses()),
        "upload": open_upload(district_of(request)),
        "as_of": today(request),
        "pulls_nightly": RosterProvider.objects.filter(is_nightly=True).exists(),
    }
    return page(request, "rosters/history.html", "rosters", context)


def _held(request: HttpRequest) -> tuple[int, uuid.UUID | None]:
    """How many removals wait for a release (at one's own school), and the newest import that holds them back."""
    own = own_school(person(request))
    waiting = held_removals() if own is None else held_removals().filter(school_id=own)
    counted = waiting.order_by().aggregate(people=Count("pk"))["people"]
    newest = waiting.order_by("-sync__started_at").values_list("sync_id", flat=True).first() if counted else None
    return counted, newest
