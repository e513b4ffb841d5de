"""Opening a school year: the sources' dates, or those of the year before, a year later."""

import datetime as dt

import pytest

from resets.errors import NoWindowError
from resets.models import ResetWindow
from resets.policies.registry import policies
from resets.selectors import window_of
from resets.windows import open_school_year

pytestmark = pytest.mark.django_db

JULY_28, JUNE_19 = (7, 28), (6, 19)


def days(window: ResetWindow) -> tuple[object, ...]:
    found = (window.default_on, window.earliest_on, window.latest_on)
    return tuple(day and (day.month, day.day) for day in found)


def test_the_sources_dates() -> None:
    made = {window.suite: window for window in open_school_year(2026)}
    assert made.keys() == {policy.suite for policy in policies() if policy.resettable}
    assert days(made["literacy"]) == days(made["math"]) == (JULY_28, JUNE_19, None)
    first, last = (7, 1), (7, 15)
    default, *others = days(made["hero"])
    assert others == [first, last]
    assert first <= default <= last  # type: ignore[operator]
    assert made["hero"].exception_allowed
    assert not made["literacy"].exception_allowed
    assert all(window.pauses_syncs for window in made.values()), "All automated nightly import syncs will pause"


def test_twice_makes_nothing_and_changes_nothing() -> None:
    open_school_year(2026)
    ResetWindow.objects.filter(suite="math").update(default_on=dt.date(2026, 7, 20))
    before = list(ResetWindow.objects.values())
    assert open_school_year(2026) == []
    assert list(ResetWindow.objects.values()) == before


def test_what_a_csm_changed_is_carried_a_year_later() -> None:
    open_school_year(2027)
    changed = {"run_hour": 4, "lead_days": 7, "pauses_syncs": False, "exception_allowed": True}
    dates = {"default_on": dt.date(2027, 7, 20), "latest_on": dt.date(2027, 8, 1)}
    ResetWindow.objects.filter(suite="math").update(**changed, **dates)
    made = {window.suite: window for window in open_school_year(2028)}["math"]
    assert days(made) == ((7, 20), JUNE_19, (8, 1))
    assert made.default_on.year == 2028
    assert {name: getattr(made, name) for name in changed} == changed
    old = ResetWindow.objects.get(suite="math", school_year=2027)
    assert (old.pk, old.default_on) != (made.pk, made.default_on)


def test_a_leap_day_becomes_the_28th() -> None:
    open_school_year(2028)
    ResetWindow.objects.filter(suite="hero").update(earliest_on=dt.date(2028, 2, 29))
    carried = {window.suite: window for window in open_school_year(2029)}["hero"]
    assert carried.earliest_on == dt.date(2029, 2, 28)


def test_a_year_that_was_left_out_has_the_sources_dates_again() -> None:
    open_school_year(2026)
    ResetWindow.objects.filter(suite="math").update(default_on=dt.date(2026, 7, 20))
    made = {window.suite: window for window in open_school_year(2028)}
    assert made["math"].default_on == dt.date(2028, 7, 28)


def test_a_year_that_was_not_opened_is_said() -> None:
    with pytest.raises(NoWindowError, match="math has no reset window in 2025-26"):
        window_of("math", 2026)
