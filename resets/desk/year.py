"""A school year's windows beside last year's, what is different in plain words, and carrying them to the next."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from resets.desk.board import current_school_year
from resets.desk.suites import suite_names
from resets.differences import Difference, policy_differences, window_differences
from resets.models import ResetSchedule, ResetWindow
from resets.policies.registry import policy_for
from resets.recorded import Recorded, current_actions, recorded_rules
from resets.windows import missing_windows, open_school_year
from tenants import clock
from tenants.desk import is_superuser, own_book, school_years
from tenants.models import District

YEARS = range(2000, 2200)


@dataclass(frozen=True)
class SuiteWindow:
    """One suite's window of a year, beside last year's.

    Attributes:
        same: how many kinds of data are treated as last year.
        dated: how many dates of the own book hang on it; `conflicts` of them break a rule by now.
    """

    name: str
    window: ResetWindow
    last: ResetWindow | None
    settings: list[Difference]
    version: str
    recorded: Recorded
    rules: list[Difference]
    same: int
    dated: int
    conflicts: int


@require_safe
def current_year_page(request: HttpRequest) -> HttpResponse:
    """To the school year that is being closed now."""
    return HttpResponseRedirect(reverse("admin:resets_year", args=[current_school_year(clock.today_in("UTC"))]))


@require_safe
def year_page(request: HttpRequest, school_year: int) -> HttpResponse:
    """All suites' windows of a school year."""
    windows = list(_in_years(school_year).filter(school_year=school_year).order_by("suite"))
    last = {window.suite: window for window in ResetWindow.objects.filter(school_year=school_year - 1)}
    dated = _dated(request, school_year)
    missing = missing_windows(school_year)
    next_year = missing_windows(school_year + 1) if windows else []
    carry_to = school_year if missing else school_year + 1 if next_year else None
    context = {
        "title": f"School year {school_years(school_year)}",
        "windows": [_suite_window(window, last.get(window.suite), dated) for window in windows],
        "missing": [suite_names().get(window.suite, window.suite) for window in missing],
        "carry_to": carry_to,
        "carry_years": school_years(carry_to) if carry_to else "",
        "years": school_years(school_year),
        "school_year": school_year,
        "neighbours": [(year, school_years(year)) for year in _opened() if year != school_year],
    }
    return _show(request, "admin/resets/year.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def carry_page(request: HttpRequest, school_year: int) -> HttpResponse:
    """Open a school year: what windows that makes; a POST makes them."""
    _in_years(school_year)
    if request.method == "POST":
        if not is_superuser(request):
            raise PermissionDenied("Every district's dates hang on a window: a superuser opens a school year.")
        made = open_school_year(school_year)
        messages.success(request, _made_words(made, school_year))
        return HttpResponseRedirect(reverse("admin:resets_year", args=[school_year]))
    last = {window.suite: window for window in ResetWindow.objects.filter(school_year=school_year - 1)}
    names = suite_names()
    planned = [
        (names.get(window.suite, window.suite), window, last.get(window.suite), window_differences(window, None))
        for window in missing_windows(school_year)
    ]
    kept = ResetWindow.objects.filter(school_year=school_year).values_list("suite", flat=True)
    context = {
        "title": f"Carry to {school_years(school_year)}",
        "made": planned,
        "kept": [names.get(suite, suite) for suite in kept],
        "years": school_years(school_year),
        "last_years": school_years(school_year - 1),
        "school_year": school_year,
        "districts": District.objects.filter(school_year=school_year, removed_at=None).count(),
    }
    return _show(request, "admin/resets/carry.html", context)


def _made_words(made: list[ResetWindow], school_year: int) -> str:
    if not made:
        return f"Every suite has its window of {school_years(school_year)} already; nothing was changed."
    names = ", ".join(suite_names().get(window.suite, window.suite) for window in made)
    return (
        f"{len(made)} window{'' if len(made) == 1 else 's'} of {school_years(school_year)} made: {names}. "
        "Each district gets its date by itself when it begins that year; look at the dates below."
    )


def _suite_window(window: ResetWindow, last: ResetWindow | None, dated: dict[str, tuple[int, int]]) -> SuiteWindow:
    recorded = recorded_rules(window.suite, window.school_year - 1)
    rules = policy_differences(current_actions(window.suite), recorded.actions) if recorded.versions else []
    number, conflicts = dated.get(window.suite, (0, 0))
    return SuiteWindow(
        name=suite_names().get(window.suite, window.suite),
        window=window,
        last=last,
        settings=window_differences(window, last),
        version=policy_for(window.suite).version,
        recorded=recorded,
        rules=[rule for rule in rules if rule.is_different],
        same=sum(not rule.is_different for rule in rules),
        dated=number,
        conflicts=conflicts,
    )


def _dated(request: HttpRequest, school_year: int) -> dict[str, tuple[int, int]]:
    """How many dates of the own book each suite has in a year, and how many of them are in conflict."""
    schedules = ResetSchedule.objects.filter(school_year=school_year)
    if not is_superuser(request):
        schedules = schedules.filter(district__in=own_book(request))
    counted = schedules.order_by().values("suite").annotate(all=Count("pk"), bad=Count("pk", filter=~Q(conflicts="")))
    return {row["suite"]: (row["all"], row["bad"]) for row in counted}


def _in_years(school_year: int) -> Any:
    if school_year not in YEARS:
        raise Http404("There is no such school year.")
    return ResetWindow.objects.all()


def _opened() -> list[int]:
    return list(ResetWindow.objects.order_by("-school_year").values_list("school_year", flat=True).distinct())


def _show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    own = {**admin.site.each_context(request), "may_edit": is_superuser(request)}
    return render(request, template, {**own, **context})
