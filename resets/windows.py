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
    made = []
    with schema_context("public"):
        for policy in policies():
            if (
                not policy.resettable
                or ResetWindow.objects.filter(suite=policy.suite, school_year=school_year).exists()
            ):
                continue
            made.append(_carried(policy.suite, school_year) or _from_source(policy.suite, school_year))
    return made


def _carried(suite: str, school_year: int) -> ResetWindow | None:
    window = ResetWindow.objects.filter(suite=suite, school_year=school_year - 1).first()
    if window is None:
        return None
    window.pk, window.school_year = None, school_year
    for name in DATES:
        day = getattr(window, name)
        setattr(window, name, day and _year_later(day))
    window._state.adding = True
    window.save()
    return window


def _from_source(suite: str, school_year: int) -> ResetWindow:
    facts = dict(FROM_SOURCES.get(suite, USUAL))
    for name in DATES:
        if name in facts:
            facts[name] = dt.date(school_year, *facts[name])
    return ResetWindow.objects.create(suite=suite, school_year=school_year, **facts)


def _year_later(day: dt.date) -> dt.date:
    """The same day of the next year; February 29 becomes the 28th."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
