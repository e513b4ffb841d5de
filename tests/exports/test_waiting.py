"""When a reset that deletes begins: after the download, after a waiver, or when the wait is over; to the day."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resets.errors import WorkStoppedError
from resets.exports.services import note_export_gone, waive_export
from resets.exports.standing import ExportState, standing_of
from resets.models import ResetRun, ResetSchedule, ResetWindow, RunState
from resets.planner import start_due_runs, waiting_districts, waiting_for_data
from resets.services import request_run
from tenants import clock
from tenants.models import ClosedDay, District
from tests.exports.conftest import JULY_28, Package, night, schedule, subscribe, window

UTC = dt.UTC


def begins(now: dt.datetime) -> bool:
    """Whether the tick begins the reset now; nothing is kept of it."""
    with transaction.atomic():
        started = start_due_runs(now)
        transaction.set_rollback(True)
    return started == 1


JULY_1 = night(1)


def waive(found: ResetSchedule, at: dt.datetime = JULY_1) -> None:
    waive_export(found.district, found.suite, found.school_year, actor="csm:1", reason="They have a copy.", at=at)


def test_it_waits_for_the_grace_and_then_goes_on(waiting: ResetSchedule) -> None:
    assert not begins(night(28))
    assert not begins(night(31, minutes=-1))
    assert waiting_for_data(night(31, minutes=-1)) == 1
    assert waiting_districts(night(31, minutes=-1)) == 0, "it waits neither for the switch nor for its turn"
    assert begins(night(31))
    assert waiting_for_data(night(31)) == 0
    assert not begins(night(28, minutes=-1))


@pytest.mark.parametrize("zone", ["America/Chicago", "Pacific/Honolulu", "Pacific/Kiritimati"])
def test_the_wait_ends_in_the_districts_own_night(zone: str, waiting: ResetSchedule) -> None:
    District.objects.filter(pk=waiting.district_id).update(time_zone=zone)
    assert not begins(night(31, minutes=-1, zone=zone))
    assert begins(night(31, zone=zone))


def test_without_grace_the_dates_own_night_is_the_deadline(waiting: ResetSchedule) -> None:
    ResetWindow.objects.update(export_grace_days=0)
    assert not begins(night(28, minutes=-1))
    assert begins(night(28))


def test_what_was_downloaded_in_time_begins_on_its_date(waiting: ResetSchedule) -> None:
    Package(waiting.district).downloaded()
    assert begins(night(28))


def test_a_download_during_the_wait_lets_it_begin_in_the_next_night(waiting: ResetSchedule) -> None:
    Package(waiting.district).downloaded(at=night(28, minutes=600))
    assert not begins(night(28, minutes=601)), "what is on somebody's screen at noon is not taken away at noon"
    assert begins(night(29))


def test_a_waiver_lets_it_begin_too(waiting: ResetSchedule) -> None:
    waive(waiting)
    assert begins(night(28))


@pytest.mark.parametrize("step", ["built", "checked"])
def test_what_nobody_has_downloaded_does_not_count(step: str, waiting: ResetSchedule) -> None:
    getattr(Package(waiting.district), step)()
    assert not begins(night(30))


def test_a_newer_package_begins_anew(waiting: ResetSchedule) -> None:
    Package(waiting.district).downloaded()
    Package(waiting.district, built_at=night(20)).checked()
    assert not begins(night(28))
    assert standing_of(waiting, night(28)).state is ExportState.CHECKED


@pytest.mark.parametrize(
    ("summer", "built_on", "counts"),
    [
        (None, dt.datetime(2026, 6, 13, 4, 59, tzinfo=UTC), False),  # 23:59 on June 12, the year's last day
        (None, dt.datetime(2026, 6, 13, 5, 0, tzinfo=UTC), True),
        (dt.date(2026, 7, 10), dt.datetime(2026, 7, 11, 4, 59, tzinfo=UTC), False),
        (dt.date(2026, 7, 10), dt.datetime(2026, 7, 11, 5, 0, tzinfo=UTC), True),
    ],
)
def test_only_a_package_of_the_whole_year_counts(
    summer: dt.date | None, built_on: dt.datetime, counts: bool, waiting: ResetSchedule
) -> None:
    District.objects.filter(pk=waiting.district_id).update(summer_session_ends_on=summer)
    Package(waiting.district, built_at=built_on).downloaded()
    assert begins(night(28)) is counts
    state = standing_of(waiting, night(28)).state
    assert state is (ExportState.DOWNLOADED if counts else ExportState.EARLY)


def test_a_file_that_is_gone_after_the_download_counts_and_before_it_does_not(
    waiting: ResetSchedule, other_district: District
) -> None:
    package = Package(waiting.district).downloaded()
    note_export_gone(waiting.district, "math", 2026, package_id=package.id, at=night(20))
    assert begins(night(28))
    subscribe(other_district, "math_3plus")
    other = schedule(other_district)
    package = Package(other_district).checked()
    note_export_gone(other_district, "math", 2026, package_id=package.id, at=night(20))
    assert standing_of(other, night(28)).state is ExportState.GONE


def test_another_districts_download_and_another_suites_do_not_count(
    waiting: ResetSchedule, other_district: District
) -> None:
    Package(other_district).downloaded()
    Package(waiting.district, suite="literacy").downloaded()
    assert not begins(night(28))


def test_the_wait_ends_before_rostering(waiting: ResetSchedule) -> None:
    District.objects.filter(pk=waiting.district_id).update(rostering_starts_on=dt.date(2026, 7, 30))
    assert not begins(night(28))
    assert standing_of(waiting, night(28)).last_on == dt.date(2026, 7, 29)
    assert begins(night(29))
    assert not begins(night(30)), "rostering has begun: a person must decide"


def test_a_date_inside_of_a_range_is_not_put_off_beyond_it(district: District) -> None:
    window("hero", earliest_on=dt.date(2026, 7, 1), latest_on=dt.date(2026, 7, 15), default_on=dt.date(2026, 7, 10))
    subscribe(district, "hero")
    inside = schedule(district, "hero", dt.date(2026, 7, 14))
    assert not begins(night(14))
    assert begins(night(15))
    ResetSchedule.objects.filter(pk=inside.pk).update(on=dt.date(2026, 7, 20))  # an exception, with its reason
    assert not begins(night(22))
    assert begins(night(23))


def test_no_night_of_a_closed_day_is_one_to_begin_in(waiting: ResetSchedule) -> None:
    ClosedDay.objects.create(district=waiting.district, on=dt.date(2026, 7, 31), reason="Inventory")
    assert not begins(night(29))
    assert begins(night(30)), "the last night before the closed day is the deadline"
    ClosedDay.objects.create(district=waiting.district, on=dt.date(2026, 7, 29), reason="Inventory")
    Package(waiting.district).downloaded(at=night(28, minutes=60))
    assert not begins(night(29))
    assert begins(night(30))


@pytest.mark.parametrize(
    ("suite", "product", "waits"),
    [
        ("math", "math_facts", True),
        ("literacy", "reading", False),  # the source deletes avatars of two products only
        ("literacy", "language_literacy", True),
        ("literacy", "espanol", True),
        ("hero", "hero", True),
    ],
)
def test_who_waits_is_said_by_the_policy_and_the_districts_products(
    suite: str, product: str, waits: bool, district: District
) -> None:
    window(suite)
    subscribe(district, product)
    found = schedule(district, suite)
    assert standing_of(found, night(28)).deletes is waits
    assert begins(night(28)) is not waits


def test_an_early_date_waits_like_any_other(district: District) -> None:
    window()
    subscribe(district, "math_3plus")
    schedule(district, on=dt.date(2026, 6, 16))
    assert not begins(night(18, month=6))
    assert begins(night(19, month=6))


def test_by_hand_it_begins_at_once_after_the_download_and_is_refused_before(waiting: ResetSchedule) -> None:
    now = night(28, minutes=30)
    with pytest.raises(
        WorkStoppedError, match=r"Waits for the download until Friday, July 31, 2026: nobody has made a"
    ):
        request_run(waiting.district, "math", 2026, actor="csm:1", now=now)
    assert not ResetRun.objects.exists()
    Package(waiting.district).downloaded(at=night(28, minutes=20))
    assert request_run(waiting.district, "math", 2026, actor="csm:1", now=now).state == RunState.QUEUED


def test_by_hand_it_begins_when_the_wait_is_over(waiting: ResetSchedule) -> None:
    with pytest.raises(WorkStoppedError):
        request_run(waiting.district, "math", 2026, actor="csm:1", now=night(31, minutes=-1))
    assert request_run(waiting.district, "math", 2026, actor="csm:1", now=night(31))


def test_after_an_undone_reset_the_next_one_waits_for_a_new_package(waiting: ResetSchedule) -> None:
    Package(waiting.district).downloaded()
    waive(waiting)
    run = ResetRun.objects.create(
        district=waiting.district, schedule=waiting, suite="math", school_year=2026, on=JULY_28, actor="csm:1",
        created_at=night(28), state=RunState.COMPLETED,
    )  # fmt: skip
    assert standing_of(waiting, night(28)).state is ExportState.DOWNLOADED
    ResetRun.objects.filter(pk=run.pk).update(undone_at=night(30, minutes=600))
    standing = standing_of(waiting, night(31))
    assert standing.state is ExportState.OLD
    assert standing.last_on == dt.date(2026, 8, 2), "three days from the undoing"
    assert standing.blocks(night(31))
    Package(waiting.district, built_at=night(31)).downloaded()
    assert standing_of(waiting, night(31)).state is ExportState.DOWNLOADED


days = st.integers(0, 14).map(lambda number: JULY_28 + dt.timedelta(days=number))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    grace=st.integers(0, 9),
    rostering=st.integers(1, 10).map(lambda number: JULY_28 + dt.timedelta(days=number)),
    latest=st.none() | st.integers(-3, 8).map(lambda number: JULY_28 + dt.timedelta(days=number)),
    closed=st.sets(days, max_size=6),
    settled_after=st.none() | st.integers(-48, 240),
    waived=st.booleans(),
)
def test_the_night_in_which_it_begins(
    grace: int,
    rostering: dt.date,
    latest: dt.date | None,
    closed: set[dt.date],
    settled_after: int | None,
    waived: bool,
    waiting: ResetSchedule,
) -> None:
    """Ticks of every third hour, against nights that are counted one by one."""
    district = waiting.district
    with transaction.atomic():
        ResetWindow.objects.update(export_grace_days=grace, latest_on=latest)
        District.objects.filter(pk=district.pk).update(rostering_starts_on=rostering)
        ClosedDay.objects.bulk_create(ClosedDay(district=district, on=day, reason="Closed") for day in closed)
        settled_at = None if settled_after is None else night(28) + dt.timedelta(hours=settled_after)
        if settled_at is not None:
            waive(waiting, settled_at) if waived else Package(district).downloaded(at=settled_at)
        expected = _first_night(grace, rostering, latest, closed, settled_at)
        ticks = (night(28) + dt.timedelta(hours=hours) for hours in range(-3, 24 * 11, 3))
        assert next((now for now in ticks if begins(now)), None) == expected
        transaction.set_rollback(True)


def _first_night(
    grace: int, rostering: dt.date, latest: dt.date | None, closed: set[dt.date], settled_at: dt.datetime | None
) -> dt.datetime | None:
    nights: list[tuple[dt.date, dt.datetime]] = []
    for number in range(grace + 1):
        day = JULY_28 + dt.timedelta(days=number)
        inside = latest is None or latest < JULY_28 or day <= latest
        if number == 0 or (day < rostering and inside and day not in closed):
            nights.append((day, clock.local_start(day, 2, "America/Chicago")))
    for _, moment in nights[:-1]:
        if settled_at is not None and settled_at <= moment:
            return moment
    return nights[-1][1]


def test_one_statement_finds_who_is_due_however_many_there_are(
    waiting: ResetSchedule, other_district: District, django_assert_num_queries: Any
) -> None:
    from resets.planner import due_schedules

    with transaction.atomic(), django_assert_num_queries(1):
        assert due_schedules(night(28)) == []
    subscribe(other_district, "math_3plus")
    schedule(other_district)
    with transaction.atomic(), django_assert_num_queries(1):
        assert len(due_schedules(night(31))) == 2
