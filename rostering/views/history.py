"""The rosters page: the last import, the nightly syncs and why they are paused, the history."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.pages import district_of, page, today
from rostering.views import reads
from rostering.views.words import chip_of, source_of


@require_safe
def rosters(request: HttpRequest) -> HttpResponse:
    """What was imported, newest first; `?before=<sync>` goes on after a sync."""
    syncs, last = reads.syncs_before(_uuid(request.GET.get("before", "")))
    district = district_of(request)
    context = {
        "rows": [{"sync": sync, "chip": chip_of(sync), "source": source_of(sync)} for sync in syncs],
        "next": last,
        "is_first": "before" not in request.GET,
        "received": reads.last_import_received(),
        "pauses": reads.open_pauses(),
        "upload": reads.open_upload(district),
        "as_of": today(request),
    }
    return page(request, "rosters/history.html", "rosters", context)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
