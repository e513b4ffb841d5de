"""Dates that break a rule by now: found by each cause, and gone with it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from resets import dates
from resets.conflicts import refresh_conflicts
from resets.models import ResetRun, ResetSchedule, ResetWindow, RunState
from resets.services import agree_to_date, open_school_year, schedule_reset
from tenants.models import District
from tests.resets.test_schedules import subscribe
from tests.web.board import crowd_of

JULY_28 = dt.date(2026, 7, 28)
TODAY = dt.date(2026, 6, 20)


@pytest.fixture
def schedule(district: District) -> ResetSchedule:
    open_school_year(2026)
    subscribe(district, "reading", "hero")
    return ResetSchedule.objects.create(district=district, suite="literacy", school_year=2026, on=JULY_28)


def codes(schedule: ResetSchedule) -> str:
    return ResetSchedule.objects.get(pk=schedule.pk).conflicts


def change(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("school_year_ends_on", JULY_28, "school_year"),
        ("summer_session_ends_on", JULY_28, "summer_session"),
        ("rostering_starts_on", JULY_28, "rostering"),
    ],
)
def test_a_district_that_moves_its_own_dates(schedule: ResetSchedule, name: str, value: dt.date, code: str) -> None:
    district = District.objects.get(pk=schedule.district_id)
    before = getattr(district, name)
    change(district, **{name: value})
    assert codes(schedule) == code
    change(district, **{name: before})
    assert codes(schedule) == ""


def test_a_closed_day_that_comes_and_goes(schedule: ResetSchedule) -> None:
    day = schedule.district.closed_days.create(on=JULY_28, reason="Audit")
    assert codes(schedule) == "closed"
    change(day, on=JULY_28 + dt.timedelta(days=1))
    assert codes(schedule) == ""
    change(day, on=JULY_28)
    day.delete()
    assert codes(schedule) == ""


def test_a_window_that_moves(schedule: ResetSchedule) -> None:
    hero = ResetSchedule.objects.create(
        district=schedule.district, suite="hero", school_year=2026, on=dt.date(2026, 7, 10)
    )
    change(ResetWindow.objects.get(suite="literacy"), earliest_on=dt.date(2026, 8, 1))
    change(ResetWindow.objects.get(suite="hero"), earliest_on=dt.date(2026, 7, 12))
    assert (codes(schedule), codes(hero)) == ("earliest", "range")
    ResetSchedule.objects.filter(pk=hero.pk).update(exception_reason="Asked for by phone")
    refresh_conflicts(ResetSchedule.objects.all())
    assert codes(hero) == ""
    ResetWindow.objects.get(suite="literacy").delete()
    assert codes(schedule) == ""


def test_a_date_picked_anew_has_no_conflict_and_one_agreed_to_keeps_it(
    schedule: ResetSchedule, clock: Callable[[str], dt.datetime]
) -> None:
    clock("2026-06-20T12:00+00:00")
    schedule.district.closed_days.create(on=JULY_28, reason="Audit")
    agree_to_date(schedule.district, "literacy", 2026, actor="a", as_of=TODAY)
    assert codes(schedule) == "closed"
    later = JULY_28 + dt.timedelta(days=1)
    schedule_reset(schedule.district, "literacy", 2026, later, actor="a", as_of=TODAY, reason="x")
    assert codes(schedule) == ""


def test_neither_the_past_nor_the_lead_time_is_a_conflict(
    schedule: ResetSchedule, clock: Callable[[str], dt.datetime]
) -> None:
    clock("2026-07-29T12:00+00:00")
    change(ResetWindow.objects.get(suite="literacy"), lead_days=90)
    assert codes(schedule) == ""


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.COMPLETED])
def test_what_was_reset_keeps_what_it_had(schedule: ResetSchedule, state: RunState) -> None:
    ResetRun.objects.create(
        district=schedule.district, schedule=schedule, suite="literacy", school_year=2026, on=JULY_28, state=state,
        actor="a", created_at=dt.datetime(2026, 7, 28, tzinfo=dt.UTC),
    )  # fmt: skip
    schedule.district.closed_days.create(on=JULY_28, reason="Audit")
    assert codes(schedule) == ""


def test_the_next_years_dates_say_nothing_of_last_years(schedule: ResetSchedule) -> None:
    district = District.objects.get(pk=schedule.district_id)
    change(district, school_year=2027, school_year_ends_on=dt.date(2027, 6, 12))
    assert codes(schedule) == ""


def test_another_suites_date_on_the_same_day_is_no_conflict(schedule: ResetSchedule) -> None:
    ResetSchedule.objects.create(district=schedule.district, suite="math", school_year=2026, on=JULY_28)
    assert refresh_conflicts(ResetSchedule.objects.all()) == 0
    assert not ResetSchedule.objects.exclude(conflicts="").exists()


def test_many_are_asked_in_few_questions_and_only_the_changed_are_written(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = crowd_of(20)
    for row in rows[:3]:
        District.objects.filter(pk=row.district_id).update(rostering_starts_on=row.on)
    monkeypatch.setattr("resets.conflicts.BATCH", 6)
    with CaptureQueriesContext(connection) as asked:
        assert refresh_conflicts(ResetSchedule.objects.all()) == 3
    assert {row.pk for row in ResetSchedule.objects.exclude(conflicts="")} == {row.pk for row in rows[:3]}
    assert len([query for query in asked if query["sql"].startswith("UPDATE")]) == 1
    assert refresh_conflicts(ResetSchedule.objects.all()) == 0
    monkeypatch.setattr("resets.conflicts.BATCH", 1000)
    with CaptureQueriesContext(connection) as few:
        refresh_conflicts(ResetSchedule.objects.filter(pk=rows[0].pk))
    with CaptureQueriesContext(connection) as many:
        refresh_conflicts(ResetSchedule.objects.all())
    assert len(many) == len(few)


DAYS = st.dates(dt.date(2026, 5, 1), dt.date(2026, 9, 30))


@given(
    on=DAYS, earliest=DAYS, latest=st.none() | DAYS, ends=DAYS, summer=st.none() | DAYS, rostering=DAYS,
    closed=st.frozensets(DAYS, max_size=5), lead=st.integers(0, 30), as_of=DAYS, reason=st.sampled_from(["", "x"]),
)  # fmt: skip
def test_conflicts_are_the_refusals_that_time_does_not_mend(
    on: dt.date, earliest: dt.date, latest: dt.date | None, ends: dt.date, summer: dt.date | None, rostering: dt.date,
    closed: frozenset[dt.date], lead: int, as_of: dt.date, reason: str,
) -> None:  # fmt: skip
    limits = dates.Limits(earliest, latest, True, lead, ends, summer, rostering, closed, reason)
    refused = {refusal.code for refusal in dates.refusals(on, limits, as_of)}
    assert set(dates.conflicts(on, limits)) == refused - {"past", "lead_time"}
    assert set(dates.conflicts(on, limits)) <= set(dates.CONFLICTS)
