"""Nightly syncs pause on the reset date, and are turned back on when rostering for the new year is complete."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from rostering.models import ReturnWindow, SyncPause
from rostering.services.noting import note_pauses


def pause_syncs(suite: str, school_year: int, *, paused_on: dt.date) -> None:
    """Pause the entered district's nightly syncs from a suite's reset on. A second call for it does nothing.

    "All automated nightly import syncs will pause on the reset date and will be turned back on when your rostering
    for the new year is complete." (literacy source)
    """
    defaults = {"paused_on": paused_on}
    with transaction.atomic():
        _, is_new = SyncPause.objects.get_or_create(suite=suite, school_year=school_year, defaults=defaults)
        if is_new:
            note_pauses()


def declare_rostering_complete(*, actor: str, at: dt.datetime) -> int:
    """End every open pause: the district says that rostering for the new year is complete. Returns how many ended."""
    with transaction.atomic():
        ended = SyncPause.objects.filter(resumed_at=None).update(resumed_at=at, resumed_by=actor)
        if ended:
            note_pauses(complete_at=at)
    return ended


def open_return_window(suite: str, school_year: int, *, reset_on: dt.date, until: dt.date, run_id: UUID) -> None:
    """Record until when students of a school year, rostered again, are returning ones. A second call does nothing.

    Each run has its own: after a restore and a second reset the days count from that one's date.
    """
    ReturnWindow.objects.get_or_create(
        suite=suite, school_year=school_year, run_id=run_id, defaults={"reset_on": reset_on, "until": until}
    )


def except_from_return_window(run_id: UUID, schools: Iterable[int] | None) -> None:
    """A reset was undone for some schools, or whole (None): its window no longer concerns their students."""
    windows = ReturnWindow.objects.filter(run_id=run_id, anonymized_at=None)
    if schools is None:
        windows.delete()
        return
    with transaction.atomic():
        for window in windows.select_for_update():
            window.except_schools = sorted({*window.except_schools, *schools})
            window.save(update_fields=["except_schools"])
