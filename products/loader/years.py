"""Which school years take rows, and why others do not."""

import datetime as dt
from collections.abc import Callable

from products.loader.checks import refuse_year, years_in_file
from products.loader.columns import Layout
from products.loader.found import Found
from products.partitions import archived_years, ensure_partitions, live_years
from rostering.models import ReturnWindow, SyncPause
from tenants.models import District
from tenants.schema import current_schema

ResetDates = Callable[[str], dict[int, dt.date]]
_sources: list[ResetDates] = []


def register_reset_dates(source: ResetDates) -> None:
    """Add a function that tells a suite's resets in the entered district: school year and date of each that has run.

    The roster's own traces of resets (pauses and return windows) are always asked; an upper layer may know more.
    """
    if source not in _sources:
        _sources.append(source)


def reset_dates(suite: str) -> dict[int, dt.date]:
    """When each school year of a suite was reset in the entered district."""
    found = dict(SyncPause.objects.filter(suite=suite).values_list("school_year", "paused_on"))
    windows = ReturnWindow.objects.filter(suite=suite).order_by("reset_on")
    found |= dict(windows.values_list("school_year", "reset_on"))  # of two resets of a year the later one counts
    for source in _sources:
        found |= source(suite)
    return found


def check_years(layout: Layout, found: Found, district: District) -> list[int]:
    """Note the rows of years that are archived, deleted or not opened; returns the years that lack a partition."""
    live, archived = live_years(layout.table), archived_years(layout.table)
    resets = reset_dates(layout.suite.code)
    needed = []
    for year in years_in_file():
        if year in live:
            continue
        closing = min((closed for closed in resets if closed >= year), default=None)
        on = f" on {resets[closing]}" if closing is not None else ""
        if year in archived:
            refuse_year(layout, found, year, "year_archived", on)
        elif closing is not None:
            refuse_year(layout, found, year, "year_deleted", on)
        elif year > district.school_year + 1 or year < district.school_year - 30:
            refuse_year(layout, found, year, "year_too_far", "")
        else:
            needed.append(year)
    return needed


def open_years(layout: Layout, years: list[int]) -> None:
    """Make the partitions that history needs."""
    ensure_partitions(current_schema(), years, tables=[layout.table])
