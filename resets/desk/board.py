"""The board: every district and product suite of a school year, narrowed to the own book, filtered and in order."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from resets.desk.export_filter import stands_so
from resets.desk.filters import NO_RUN, NOBODY, BoardFilters, parse_filters
from resets.models import ResetRun, ResetSchedule, ResetWindow, RunState
from tenants import clock
from tenants.desk import is_superuser, own_book
from tenants.models import District

__all__ = ["BoardFilters", "book_matching", "current_school_year", "parse_filters", "schedules_matching"]

AFTERWARDS = dt.timedelta(days=90)
"""A school year is being closed until its data is anonymized: 90 days after the reset (literacy source)."""


def current_school_year(as_of: dt.date) -> int:
    """The school year that is being closed: the first whose windows are not over for 90 days, else the newest.

    Without any window it is the one that ends in the year of `as_of`.
    """
    years: dict[int, dt.date] = {}
    for year, default_on in ResetWindow.objects.values_list("school_year", "default_on"):
        years[year] = max(default_on, years.get(year, default_on))
    being_closed = (year for year in sorted(years) if years[year] + AFTERWARDS >= as_of)
    return next(being_closed, max(years, default=as_of.year))


def book_matching(request: HttpRequest, filters: BoardFilters) -> QuerySet[District]:
    """The districts in use of the own book that the filters' CSM and search leave."""
    districts = own_book(request).filter(removed_at=None)
    if filters.csm and is_superuser(request):
        districts = districts.filter(csm=None if filters.csm == NOBODY else int(filters.csm))
    if filters.search:
        said = filters.search
        districts = districts.filter(Q(name__icontains=said) | Q(slug__icontains=said) | Q(nces_id__istartswith=said))
    return districts


def schedules_matching(request: HttpRequest, filters: BoardFilters) -> QuerySet[ResetSchedule]:
    """The schedules of the own book that match, in no order; none where suites without a date are asked for."""
    if filters.undated:
        return ResetSchedule.objects.none()
    year = filters.school_year or current_school_year(clock.today_in("UTC"))
    rows = ResetSchedule.objects.filter(school_year=year)
    if is_superuser(request) and not (filters.csm or filters.search):
        rows = rows.exclude(district__in=District.objects.exclude(removed_at=None).order_by().values("pk"))  # no join
    else:
        rows = rows.filter(district__in=book_matching(request, filters))
    if filters.suite:
        rows = rows.filter(suite=filters.suite)
    if filters.answer:
        rows = rows.filter(answer=filters.answer)
    if filters.first_on:
        rows = rows.filter(on__gte=filters.first_on)
    if filters.last_on:
        rows = rows.filter(on__lte=filters.last_on)
    if filters.conflicts:
        rows = rows.exclude(conflicts="")
    if filters.held:
        rows = rows.exclude(held_at=None)
    return _in_state(_with_data(rows, filters.export), filters.run)


def _with_data(rows: QuerySet[ResetSchedule], code: str) -> QuerySet[ResetSchedule]:
    return rows.filter(stands_so(code, clock.now())) if code else rows


def _in_state(rows: QuerySet[ResetSchedule], state: str) -> QuerySet[ResetSchedule]:
    """Those whose newest run is in a state, if one is asked for: failed ones come before the open or completed one."""
    if not state:
        return rows
    runs = ResetRun.objects.filter(
        district=OuterRef("district"), suite=OuterRef("suite"), school_year=OuterRef("school_year")
    )
    if state == NO_RUN:
        return rows.filter(~Exists(runs))
    found = rows.filter(Exists(runs.filter(state=state)))
    if state == RunState.FAILED:
        found = found.filter(~Exists(runs.exclude(state=RunState.FAILED)))
    return found
