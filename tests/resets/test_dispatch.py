"""Several dispatchers at once, and what begins again after a failure."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from products.models import Subscription
from resets.errors import RunExistsError, ScheduleError
from resets.models import ResetRun, ResetSchedule, RunState
from resets.services import ensure_schedules, open_school_year, request_run, schedule_reset, start_due_runs
from tenants.models import District, Job

JUNE_20 = dt.datetime(2026, 6, 20, 12, tzinfo=dt.UTC)
JULY_28 = dt.datetime(2026, 7, 28, 12, tzinfo=dt.UTC)


@pytest.fixture
def districts(committed_districts: Callable[..., District]) -> list[District]:
    """Four districts with a date in two suites each."""
    made = [committed_districts(slug, time_zone="America/Chicago") for slug in ("ash", "birch", "elm", "fir")]
    for district in made:
        for product in ("reading", "math_3plus"):
            Subscription.objects.create(district=district, product=product, starts_on=dt.date(2025, 8, 1))
    open_school_year(2026)
    ensure_schedules(JUNE_20)
    return made


def at_once(number: int, work: Callable[[], Any]) -> list[Any]:
    """Do the same in several threads, each with a connection of its own; returns what they returned or raised."""
    ready, answers = threading.Barrier(number), []

    def one() -> None:
        try:
            ready.wait(30)
            answers.append(work())
        except Exception as error:  # the test looks at it
            answers.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_dispatchers_start_each_run_once(districts: list[District]) -> None:
    schedules = ResetSchedule.objects.count()
    assert schedules == 2 * len(districts)

    answers = at_once(4, lambda: start_due_runs(JULY_28))

    assert sum(answers) == schedules
    assert ResetRun.objects.count() == schedules
    assert Job.objects.filter(kind="reset").count() == schedules


def test_two_dispatchers_date_each_district_once(districts: list[District]) -> None:
    ResetSchedule.objects.all().delete()

    at_once(4, lambda: ensure_schedules(JUNE_20))

    assert ResetSchedule.objects.count() == 2 * len(districts)


def test_a_run_asked_for_twice_at_once_is_one(districts: list[District]) -> None:
    answers = at_once(3, lambda: request_run(districts[0], "literacy", 2026, actor="csm:1", now=JULY_28))

    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [RunExistsError] * 2
    assert Job.objects.filter(kind="reset").count() == 1


def test_a_failed_run_begins_again_on_a_later_date_and_not_before(districts: list[District]) -> None:
    birch = districts[1]
    start_due_runs(JULY_28)
    failed = ResetRun.objects.get(district=birch, suite="literacy")
    ResetRun.objects.filter(pk=failed.pk).update(state=RunState.FAILED)
    tomorrow = dt.timedelta(days=1)
    assert start_due_runs(JULY_28 + tomorrow) == 0

    schedule_reset(birch, "literacy", 2026, dt.date(2026, 7, 31), actor="csm:1", as_of=dt.date(2026, 7, 29))

    assert start_due_runs(JULY_28 + 2 * tomorrow) == 0
    assert start_due_runs(JULY_28 + 3 * tomorrow) == 1
    assert start_due_runs(JULY_28 + 3 * tomorrow) == 0


@pytest.mark.parametrize(
    ("moment", "refused"),
    [
        ("2026-07-28T04:59+00:00", True),  # 23:59 on July 27 in Chicago
        ("2026-07-28T05:00+00:00", False),
    ],
)
def test_a_run_is_asked_for_on_the_districts_own_date(moment: str, refused: bool, districts: list[District]) -> None:
    now = dt.datetime.fromisoformat(moment)
    if refused:
        with pytest.raises(ScheduleError, match="2026-07-28"):
            request_run(districts[0], "literacy", 2026, actor="csm:1", now=now)
    else:
        assert request_run(districts[0], "literacy", 2026, actor="csm:1", now=now).state == RunState.QUEUED
