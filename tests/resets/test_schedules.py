"""Windows, dates and due runs: who gets which date, what is kept of each change, and when a run begins."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from products.models import Subscription
from resets.errors import DateRefusedError, NotSubscribedError, RunExistsError
from resets.models import Answer, ResetRun, ResetSchedule, ResetWindow, ScheduleChange
from resets.services import (
    agree_to_date,
    ask_for_date,
    ensure_schedules,
    open_school_year,
    request_run,
    schedule_reset,
    start_due_runs,
)
from tenants.models import District, Job

JUNE_20 = dt.datetime(2026, 6, 20, 12, tzinfo=dt.UTC)
TODAY = JUNE_20.date()
Make = Callable[..., District]


def subscribe(district: District, *products: str) -> District:
    for product in products:
        Subscription.objects.create(district=district, product=product, starts_on=dt.date(2025, 8, 1))
    return district


def dates() -> dict[tuple[str, str], dt.date]:
    return {(s.district.slug, s.suite): s.on for s in ResetSchedule.objects.select_related("district")}


def test_windows_have_the_sources_dates_and_are_carried(db: None) -> None:
    assert {window.suite for window in open_school_year(2026)} == {"literacy", "math", "hero"}
    assert open_school_year(2026) == []
    literacy = ResetWindow.objects.get(suite="literacy")
    assert (literacy.default_on, literacy.earliest_on) == (dt.date(2026, 7, 28), dt.date(2026, 6, 19))
    hero = ResetWindow.objects.get(suite="hero")
    assert (hero.earliest_on, hero.latest_on) == (dt.date(2026, 7, 1), dt.date(2026, 7, 15))
    ResetWindow.objects.filter(suite="math").update(default_on=dt.date(2026, 7, 20), run_hour=4)
    open_school_year(2027)
    math = ResetWindow.objects.get(suite="math", school_year=2027)
    assert (math.default_on, math.run_hour) == (dt.date(2027, 7, 20), 4)


def test_a_district_that_never_answers_gets_the_default(make_district: Make) -> None:
    open_school_year(2026)
    subscribe(make_district("oak"), "reading", "hero")
    subscribe(make_district("elm", summer_session_ends_on=dt.date(2026, 7, 30)), "math_facts")
    make_district("ash")

    assert ensure_schedules(JUNE_20) == 3
    assert ensure_schedules(JUNE_20) == 0

    assert dates() == {
        ("oak", "literacy"): dt.date(2026, 7, 28),
        ("oak", "hero"): dt.date(2026, 7, 10),
        ("elm", "math"): dt.date(2026, 7, 31),
    }
    assert set(ResetSchedule.objects.values_list("answer", flat=True)) == {Answer.NONE}


def test_nothing_is_dated_when_it_is_too_late(make_district: Make) -> None:
    open_school_year(2026)
    subscribe(make_district("oak"), "reading")
    assert ensure_schedules(dt.datetime(2026, 10, 1, tzinfo=dt.UTC)) == 0
    assert start_due_runs(dt.datetime(2026, 10, 1, tzinfo=dt.UTC)) == 0


def test_every_change_is_kept(make_district: Make) -> None:
    open_school_year(2026)
    oak = subscribe(make_district("oak"), "reading")
    ensure_schedules(JUNE_20)
    agree_to_date(oak, "literacy", 2026, actor="district_admin:1", as_of=TODAY)
    wish = dt.date(2026, 7, 2)
    ask_for_date(oak, "literacy", 2026, wish, actor="district_admin:1", as_of=TODAY, reason="the fair")
    assert dates()["oak", "literacy"] == dt.date(2026, 7, 28), "until the CSM has picked it"
    schedule_reset(oak, "literacy", 2026, wish, actor="csm:1", as_of=TODAY, reason="as asked")

    kept = list(ScheduleChange.objects.order_by("pk").values_list("from_on", "to_on", "answer", "actor"))
    july_28 = dt.date(2026, 7, 28)
    assert kept == [
        (july_28, july_28, "agreed", "district_admin:1"),
        (july_28, july_28, "asked", "district_admin:1"),
        (july_28, wish, "custom", "csm:1"),
    ]


def test_refusals_change_nothing(make_district: Make) -> None:
    open_school_year(2026)
    oak = subscribe(make_district("oak"), "reading")
    with pytest.raises(DateRefusedError) as refused:
        schedule_reset(oak, "literacy", 2026, dt.date(2026, 8, 20), actor="csm:1", as_of=TODAY)
    assert refused.value.refusals[0].nearest is not None
    with pytest.raises(NotSubscribedError):
        schedule_reset(oak, "math", 2026, dt.date(2026, 7, 20), actor="csm:1", as_of=TODAY)
    with pytest.raises(DateRefusedError, match="subscribe"):  # a district is told what its CSM is
        ask_for_date(
            oak, "math", 2026, dt.date(2026, 7, 20), actor="district_admin:1", as_of=TODAY, reason="A camp in July"
        )
    assert not ResetSchedule.objects.exists()
    assert not ScheduleChange.objects.exists()


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("America/New_York", "2026-07-28T05:59+00:00", "2026-07-28T06:00+00:00"),
        ("America/Los_Angeles", "2026-07-28T08:59+00:00", "2026-07-28T09:00+00:00"),
        ("Pacific/Honolulu", "2026-07-28T11:59+00:00", "2026-07-28T12:00+00:00"),
    ],
)
def test_a_run_begins_at_two_in_the_districts_night(zone: str, before: str, after: str, make_district: Make) -> None:
    open_school_year(2026)
    oak = subscribe(make_district("oak", time_zone=zone), "reading")
    ensure_schedules(JUNE_20)
    assert start_due_runs(dt.datetime.fromisoformat(before)) == 0
    assert start_due_runs(dt.datetime.fromisoformat(after)) == 1
    assert start_due_runs(dt.datetime.fromisoformat(after)) == 0
    run = ResetRun.objects.get()
    assert Job.objects.get(kind="reset", district=oak).payload == {"run_id": str(run.pk)}
    with pytest.raises(RunExistsError):
        schedule_reset(oak, "literacy", 2026, dt.date(2026, 7, 30), actor="csm:1", as_of=TODAY)


def test_an_overdue_run_begins_but_not_once_rostering_has(make_district: Make) -> None:
    open_school_year(2026)
    subscribe(make_district("oak"), "reading")
    ensure_schedules(JUNE_20)
    oak = District.objects.get(slug="oak")
    late = dt.datetime.combine(oak.rostering_starts_on, dt.time(12), tzinfo=dt.UTC)
    assert start_due_runs(late) == 0
    assert start_due_runs(late - dt.timedelta(days=2)) == 1


def test_dating_and_starting_take_as_many_queries_for_few_as_for_many(
    make_district: Make, django_assert_max_num_queries: Any
) -> None:
    open_school_year(2026)
    for number in range(6):
        subscribe(make_district(f"oak-{number}"), "reading")
    with django_assert_max_num_queries(12):
        assert ensure_schedules(JUNE_20) == 6


def test_starting_takes_as_many_queries_for_few_as_for_many(
    make_district: Make,
) -> None:
    open_school_year(2026)
    counts = []
    for number in (1, 6):
        for each in range(number):
            subscribe(make_district(f"oak-{number}-{each}"), "reading")
        ensure_schedules(JUNE_20)
        with CaptureQueriesContext(connection) as asked:
            assert start_due_runs(dt.datetime(2026, 7, 28, 12, tzinfo=dt.UTC)) == number
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Job.objects.filter(kind="reset").count() == 7


def test_a_first_pick_comes_from_no_date(make_district: Make) -> None:
    open_school_year(2026)
    oak = subscribe(make_district("oak"), "reading")
    schedule_reset(oak, "literacy", 2026, dt.date(2026, 7, 2), actor="csm:1", as_of=TODAY)
    assert list(ScheduleChange.objects.values_list("from_on", "to_on")) == [(None, dt.date(2026, 7, 2))]


def test_a_subscription_that_ended_with_june_still_has_a_year_to_reset(make_district: Make) -> None:
    open_school_year(2026)
    oak = subscribe(make_district("oak"), "reading")
    gone = subscribe(make_district("elm"), "reading")
    Subscription.objects.filter(district=oak).update(ends_on=dt.date(2026, 6, 30))
    Subscription.objects.filter(district=gone).update(starts_on=dt.date(2024, 8, 1), ends_on=dt.date(2025, 6, 30))
    assert ensure_schedules(JUNE_20) == 1
    schedule_reset(oak, "literacy", 2026, dt.date(2026, 7, 14), actor="csm:1", as_of=TODAY)
    assert dates() == {("oak", "literacy"): dt.date(2026, 7, 14)}
    with pytest.raises(NotSubscribedError):
        schedule_reset(gone, "literacy", 2026, dt.date(2026, 7, 14), actor="csm:1", as_of=TODAY)


def test_districts_past_rostering_are_not_looked_at_again(make_district: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    open_school_year(2026)
    subscribe(make_district("oak"), "reading")
    monkeypatch.setattr("resets.planner._default_schedule", lambda *_: pytest.fail("its date was computed again"))
    assert ensure_schedules(dt.datetime(2026, 10, 1, tzinfo=dt.UTC)) == 0


def test_a_run_can_be_asked_for_again_only_after_a_failure(make_district: Make) -> None:
    open_school_year(2026)
    oak = subscribe(make_district("oak"), "reading")
    ensure_schedules(JUNE_20)
    now = dt.datetime(2026, 7, 28, 12, tzinfo=dt.UTC)
    first = request_run(oak, "literacy", 2026, actor="csm:1", now=now)
    with pytest.raises(RunExistsError):
        request_run(oak, "literacy", 2026, actor="csm:1", now=now)
    ResetRun.objects.filter(pk=first.pk).update(state="failed")
    assert request_run(oak, "literacy", 2026, actor="csm:1", now=now).pk != first.pk
