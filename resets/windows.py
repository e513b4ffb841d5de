"""Opening a school year's windows: carried from the year before, else with the sources' dates."""

import datetime as dt
from typing import Any, Final

from django_tenants.utils import schema_context

from resets.models import ResetWindow
from resets.policies.registry import policies

JULY_28: Final = (7, 28)
""""The 2023 universal default reset date is July 28" (literacy and math sources)."""
JUNE_19: Final = (6, 19)
""""You may choose any date June 19th or after" (the same)."""
HERO: Final[dict[str, Any]] = {
    "default_on": (7, 10),
    "earliest_on": (7, 1),
    "latest_on": (7, 15),
    "exception_allowed": True,
}
""""... archived sometime between July 1st - July 15th. If you need your Hero data to be archived before or after this
date range, please contact support" (Hero source)."""
FROM_SOURCES: Final[dict[str, dict[str, Any]]] = {"hero": HERO}
USUAL: Final[dict[str, Any]] = {"default_on": JULY_28, "earliest_on": JUNE_19}
DATES: Final = ("default_on", "earliest_on", "latest_on")


def open_school_year(school_year: int) -> list[ResetWindow]:
    """Make the windows that a school year lacks, for every suite that is reset; returns those made.

    A window is carried from the year before, with its dates a year later; without one it has the source's dates.
    """
    with schema_context("public"):
        missing = missing_windows(school_year)
        for window in missing:
            window.save()
    return missing


def missing_windows(school_year: int) -> list[ResetWindow]:
    """The windows that `open_school_year` would make, not saved."""
    there = set(ResetWindow.objects.filter(school_year=school_year).values_list("suite", flat=True))
    before = {window.suite: window for window in ResetWindow.objects.filter(school_year=school_year - 1)}
    wanted = [policy.suite for policy in policies() if policy.resettable and policy.suite not in there]
    return [
        _carried(before[suite], school_year) if suite in before else _from_source(suite, school_year)
        for suite in wanted
    ]


def _carried(window: ResetWindow, school_year: int) -> ResetWindow:
    facts = {
        field.name: getattr(window, field.name) for field in ResetWindow._meta.concrete_fields if field.name != "id"
    }
    days = {name: facts[name] and _year_later(facts[name]) for name in DATES}
    return ResetWindow(**{**facts, **days, "school_year": school_year})


def _from_source(suite: str, school_year: int) -> ResetWindow:
    facts = dict(FROM_SOURCES.get(suite, USUAL))
    for name in DATES:
        if name in facts:
            facts[name] = dt.date(school_year, *facts[name])
    return ResetWindow(suite=suite, school_year=school_year, **facts)


def _year_later(day: dt.date) -> dt.date:
    """The same day of the next year; February 29 becomes the 28th."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
