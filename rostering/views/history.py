"""The rosters page: the last import, the nightly syncs and why they are paused, the history."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.pages import district_of, page, today
from rostering.selectors import latest_import, open_pauses, sync_history
from rostering.views.reads import open_upload
from rostering.views.words import chip_of, source_of

HISTORY_PAGE = 25


@require_safe
def rosters(request: HttpRequest) -> HttpResponse:
    """What was imported, newest first; `?before=` is the key that the page before gave."""
    before = request.GET.get("before")
    history = sync_history(before=before, limit=HISTORY_PAGE)
    context = {
        "rows": [{"sync": sync, "chip": chip_of(sync), "source": source_of(sync)} for sync in history.syncs],
        "next": history.before,
        "is_first": before is None,
        "received": latest_import(),
        "pauses": list(open_pauses()),
        "upload": open_upload(district_of(request)),
        "as_of": today(request),
    }
    return page(request, "rosters/history.html", "rosters", context)
