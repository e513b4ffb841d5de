"""Suites that a district subscribes to and that have no date: which, why, and what to do."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from resets import dates
from resets.desk.board import book_matching, current_school_year
from resets.desk.filters import BoardFilters
from resets.desk.suites import suite_choices
from resets.models import ResetWindow
from resets.selectors import districts_without_date, limits_of
from tenants import clock
from tenants.desk import is_superuser, school_years
from tenants.models import District

PAGE = 25


@dataclass(frozen=True)
class Undated:
    """A suite without a date: why there is none, what to do about it, and where."""

    district: District
    suite: str
    reason: str
    advice: str
    address: str


@dataclass(frozen=True)
class UndatedPage:
    """Some districts' suites without dates; `after` is the key of the next page, empty on the last."""

    rows: list[Undated]
    after: str


def undated_windows(filters: BoardFilters, as_of: dt.date) -> list[ResetWindow]:
    """The windows in which dates may be missing."""
    year = filters.school_year or current_school_year(as_of)
    windows = ResetWindow.objects.filter(school_year=year).order_by("suite")
    return list(windows.filter(suite=filters.suite) if filters.suite else windows)


def suites_without_window(filters: BoardFilters, windows: list[ResetWindow]) -> list[str]:
    """The names of suites that cannot have any date in the school year, because it is not open for them."""
    there = {window.suite for window in windows}
    wanted = [(code, name) for code, name in suite_choices() if filters.suite in ("", code)]
    return [name for code, name in wanted if code not in there]


def undated_count(request: HttpRequest, filters: BoardFilters, windows: list[ResetWindow]) -> int:
    """How many suites of the own book have no date: one query, whatever the number of windows."""
    found = [_missing(request, filters, window).order_by().values("pk") for window in windows]
    return found[0].union(*found[1:], all=True).count() if found else 0


def _missing(request: HttpRequest, filters: BoardFilters, window: ResetWindow) -> QuerySet[District]:
    missing = districts_without_date(window)
    if is_superuser(request) and not (filters.csm or filters.search):
        return missing
    return missing.filter(pk__in=book_matching(request, filters).values("pk"))


def undated_page(
    request: HttpRequest, filters: BoardFilters, windows: list[ResetWindow], now: dt.datetime, *,
    after: str = "", limit: int = PAGE,
) -> UndatedPage:  # fmt: skip
    """Districts of the own book with suites that have no date, by name, each with all of them."""
    rows: list[Undated] = []
    page, more = _districts(book_matching(request, filters), windows, after, limit)
    names = dict(suite_choices())
    for window in windows:
        missing = set(districts_without_date(window).filter(pk__in=[d.pk for d in page]).values_list("pk", flat=True))
        rows += [_explained(district, window, names, now) for district in page if district.pk in missing]
    rows.sort(key=lambda row: (page.index(row.district), row.suite))
    last = page[-1] if page and more else None
    return UndatedPage(rows, f"{last.name}~{last.pk}" if last else "")


def _districts(
    book: QuerySet[District], windows: list[ResetWindow], after: str, limit: int
) -> tuple[list[District], bool]:
    if not windows:
        return [], False
    missing = Q()
    for window in windows:
        missing |= Q(pk__in=districts_without_date(window).values("pk"))
    found = book.filter(missing).prefetch_related("closed_days").order_by("name", "pk")
    name, mark, number = after.replace("\x00", "").rpartition("~")
    if mark and number.isascii() and number.isdecimal() and len(number) < 19:
        found = found.filter(name__gte=name).filter(Q(name__gt=name) | Q(pk__gt=int(number)))
    districts = list(found[: limit + 1])
    return districts[:limit], len(districts) > limit


def _explained(district: District, window: ResetWindow, names: dict[str, str], now: dt.datetime) -> Undated:
    as_of = clock.date_in(now, district.time_zone)
    reason, advice = why_undated(district, window, as_of)
    address = reverse("admin:resets_pick_first", args=[district.pk, window.suite, window.school_year])
    return Undated(district, names.get(window.suite, window.suite), reason, advice, address)


def why_undated(district: District, window: ResetWindow, as_of: dt.date) -> tuple[str, str]:
    """Why a suite has no date in a window, and what to do: asked of `resets.dates`, which gives out the dates."""
    if as_of >= district.rostering_starts_on:
        return (
            f"Rostering for the new school year began on {_long(district.rostering_starts_on)}, and the reset must "
            "take place BEFORE it.",
            "If the old year must still be reset, correct the first day of rostering in the district's facts.",
        )
    limits = limits_of(district, window)
    on = dates.default_date(window.default_on, limits, as_of)
    if on is not None:
        return ("It has not been given its date yet.", f"Nothing: it gets {_long(on)} within a minute.")
    broken = " ".join(refusal.reason for refusal in dates.refusals(window.default_on, limits, as_of))
    reason = f"No day keeps every rule. Of the default date, {_long(window.default_on)}: {broken}"
    exception = dates.nearest_valid_date(window.default_on, limits_of(district, window, "asked for"), as_of)
    if exception:
        return reason, f"Pick a date as an exception with a reason; the nearest is {_long(exception)}."
    years = school_years(window.school_year)
    return reason, f"Correct the district's dates or closed days, or the window of {years}: it is then given a date."


def _long(day: dt.date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
