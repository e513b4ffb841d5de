"""On which dates a suite may be reset, and what is said when it may not."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resets.dates import Limits, default_date, is_valid, nearest_valid_date, refusals

YEAR = 2026
JUNE_1 = dt.date(YEAR, 6, 1)
JULY_28 = dt.date(YEAR, 7, 28)
USUAL = Limits(
    earliest_on=dt.date(YEAR, 6, 19),
    latest_on=None,
    exception_allowed=False,
    lead_days=1,
    school_year_ends_on=dt.date(YEAR, 6, 10),
    summer_session_ends_on=None,
    rostering_starts_on=dt.date(YEAR, 8, 3),
)
HERO = replace(USUAL, earliest_on=dt.date(YEAR, 7, 1), latest_on=dt.date(YEAR, 7, 15), exception_allowed=True)

DAYS = st.dates(dt.date(YEAR, 5, 1), dt.date(YEAR, 9, 30))
LIMITS = st.builds(
    Limits,
    earliest_on=DAYS,
    latest_on=st.none() | DAYS,
    exception_allowed=st.booleans(),
    lead_days=st.integers(0, 14),
    school_year_ends_on=DAYS,
    summer_session_ends_on=st.none() | DAYS,
    rostering_starts_on=DAYS,
    closed_days=st.frozensets(DAYS, max_size=10),
    exception_reason=st.sampled_from(["", "the district's calendar"]),
)


def codes(on: dt.date, limits: Limits, as_of: dt.date = JUNE_1) -> list[str]:
    return [refusal.code for refusal in refusals(on, limits, as_of)]


@pytest.mark.parametrize(
    ("on", "limits", "code", "words"),
    [
        (dt.date(YEAR, 6, 18), USUAL, "earliest", "any date June 19, 2026 or after"),
        (JULY_28, replace(USUAL, school_year_ends_on=JULY_28), "school_year", "school year ends on July 28"),
        (JULY_28, replace(USUAL, summer_session_ends_on=JULY_28), "summer_session", "summer school session ends"),
        (dt.date(YEAR, 8, 3), USUAL, "rostering", "BEFORE rostering for the new school year"),
        (JULY_28, replace(USUAL, closed_days=frozenset({JULY_28})), "closed", "closed day"),
        (dt.date(YEAR, 7, 16), HERO, "range", "between July 1, 2026 and July 15, 2026"),
    ],
)
def test_each_rule_says_why_and_where_to(on: dt.date, limits: Limits, code: str, words: str) -> None:
    found = {refusal.code: refusal for refusal in refusals(on, limits, JUNE_1)}
    assert words in found[code].reason
    nearest = found[code].nearest
    assert nearest is not None
    assert not codes(nearest, limits)
    assert f"{nearest:%B} {nearest.day}" in found[code].text


def test_the_past_and_the_lead_time() -> None:
    assert codes(JULY_28, USUAL, as_of=dt.date(YEAR, 7, 29)) == ["past"]
    assert codes(JULY_28, USUAL, as_of=JULY_28) == ["lead_time"]
    assert codes(JULY_28, USUAL, as_of=dt.date(YEAR, 7, 27)) == []


def test_too_late_is_told_with_the_way_out() -> None:
    (past,) = refusals(JULY_28, USUAL, dt.date(YEAR, 7, 29))
    assert past.text == "July 28, 2026 is in the past. The nearest valid date is July 30, 2026."
    (soon,) = refusals(JULY_28, replace(USUAL, lead_days=3), dt.date(YEAR, 7, 26))
    assert soon.text == "A date must be picked at least 3 day(s) ahead. The nearest valid date is July 29, 2026."


def test_where_no_day_is_left_no_way_out_is_promised() -> None:
    full = replace(USUAL, rostering_starts_on=dt.date(YEAR, 6, 12))
    found = refusals(JULY_28, full, JUNE_1)
    assert [refusal.code for refusal in found] == ["rostering"]
    assert found[0].nearest is None
    assert found[0].text == found[0].reason


def test_every_broken_rule_is_told() -> None:
    late = replace(USUAL, school_year_ends_on=JULY_28, summer_session_ends_on=JULY_28, closed_days=frozenset({JULY_28}))
    assert codes(JULY_28, late, as_of=JULY_28) == ["school_year", "summer_session", "lead_time", "closed"]


def test_of_two_dates_equally_near_the_later_one_is_offered() -> None:
    closed = replace(USUAL, closed_days=frozenset({JULY_28}))
    assert nearest_valid_date(JULY_28, closed, JUNE_1) == dt.date(YEAR, 7, 29)


def test_hero_leaves_its_range_only_for_a_reason() -> None:
    outside = dt.date(YEAR, 7, 20)
    assert codes(outside, HERO) == ["range"]
    assert codes(outside, replace(HERO, exception_reason="the fair is on the 15th")) == []
    assert codes(outside, replace(HERO, exception_allowed=False, exception_reason="the fair")) == ["range"]


def test_the_default_is_july_28_unless_the_year_or_the_summer_session_ends_later() -> None:
    assert default_date(JULY_28, USUAL, JUNE_1) == JULY_28
    late = replace(USUAL, summer_session_ends_on=dt.date(YEAR, 7, 30))
    assert default_date(JULY_28, late, JUNE_1) == dt.date(YEAR, 7, 31), "the earliest possible date after"
    assert default_date(JULY_28, replace(USUAL, rostering_starts_on=dt.date(YEAR, 6, 12)), JUNE_1) is None


@settings(deadline=None)
@given(on=DAYS, limits=LIMITS, as_of=DAYS)
def test_the_nearest_date_is_valid_and_none_is_nearer(on: dt.date, limits: Limits, as_of: dt.date) -> None:
    nearest = nearest_valid_date(on, limits, as_of)
    for distance in range(abs((nearest - on).days) if nearest else 160):
        for day in (on + dt.timedelta(days=distance), on - dt.timedelta(days=distance)):
            assert not is_valid(day, limits, as_of), f"{day} is valid and nearer than {nearest}"
    if nearest is not None:
        assert is_valid(nearest, limits, as_of)


@settings(deadline=None)
@given(on=DAYS, limits=LIMITS, as_of=DAYS)
def test_a_date_is_refused_exactly_when_a_rule_is_broken(on: dt.date, limits: Limits, as_of: dt.date) -> None:
    if limits.latest_on is None:
        in_window = on >= limits.earliest_on
    else:
        excused = limits.exception_allowed and bool(limits.exception_reason)
        in_window = excused or limits.earliest_on <= on <= limits.latest_on
    concluded = max(filter(None, (limits.school_year_ends_on, limits.summer_session_ends_on)))
    valid = (
        in_window
        and concluded < on < limits.rostering_starts_on
        and on >= as_of + dt.timedelta(days=limits.lead_days)
        and on not in limits.closed_days
    )
    assert valid == (not codes(on, limits, as_of))


@settings(deadline=None)
@given(limits=LIMITS, as_of=DAYS)
def test_the_default_is_valid_or_none_is(limits: Limits, as_of: dt.date) -> None:
    given_on = default_date(JULY_28, limits, as_of)
    everyday = (dt.date(YEAR, 1, 1) + dt.timedelta(days=number) for number in range(365))
    valid = [day for day in everyday if is_valid(day, limits, as_of)]
    if given_on is None:
        assert not valid
        return
    assert given_on in valid
    concluded = max(filter(None, (limits.school_year_ends_on, limits.summer_session_ends_on)))
    if concluded >= JULY_28:
        assert given_on == valid[0], "the earliest possible date after their conclusion"
    elif JULY_28 in valid:
        assert given_on == JULY_28
