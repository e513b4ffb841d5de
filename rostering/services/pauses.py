"""Nightly syncs pause on the reset date, and are turned back on when rostering for the new year is complete."""

import datetime as dt

from rostering.models import ReturnWindow, SyncPause


def pause_syncs(suite: str, school_year: int, *, paused_on: dt.date) -> None:
    """Pause the entered district's nightly syncs from a suite's reset on. A second call for it does nothing.

    "All automated nightly import syncs will pause on the reset date and will be turned back on when your rostering
    for the new year is complete." (literacy source)
    """
    SyncPause.objects.get_or_create(suite=suite, school_year=school_year, defaults={"paused_on": paused_on})


def declare_rostering_complete(*, actor: str, at: dt.datetime) -> int:
    """End every open pause: the district says that rostering for the new year is complete. Returns how many ended."""
    return SyncPause.objects.filter(resumed_at=None).update(resumed_at=at, resumed_by=actor)


def open_return_window(suite: str, school_year: int, *, reset_on: dt.date, until: dt.date) -> None:
    """Record until when students of a school year, rostered again, are returning ones. A second call does nothing."""
    ReturnWindow.objects.get_or_create(
        suite=suite, school_year=school_year, defaults={"reset_on": reset_on, "until": until}
    )
