"""The switch, the ceiling and holds: nothing commits after them, nothing is lost, and attempts are not used up."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from archiving.services import anonymize_leavers
from ledger.models import LedgerEntry
from products.models import Subscription
from resets.controls import (
    EVERY_DISTRICT,
    engine_control,
    hold_schedule,
    release_schedule,
    resume_work,
    set_ceiling,
    stop_work,
)
from resets.engine import events, execute
from resets.errors import SwitchError, WorkStoppedError
from resets.models import ControlChange, ResetRun, ResetSchedule, RunState
from resets.planner import ensure_schedules, start_due_runs
from resets.services import request_run
from resets.windows import open_school_year
from tenants.jobs import services as jobs
from tenants.jobs.tasks import run_job
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.support.hashing import hash_schema

AT = dt.datetime(2026, 7, 28, 12, tzinfo=dt.UTC)
WHO = {"actor": "superuser:1", "reason": "a wrong policy", "at": AT}
Make = Callable[..., District]
BEFORE_THE_LAST_LOOK = events.POINTS[: events.POINTS.index("moved")]


@pytest.fixture
def at_point() -> Iterator[Callable[[str, Callable[[], object]], None]]:
    """Do something once when a reset reaches a point."""
    listeners: list[Any] = []

    def arrange(wanted: str, action: Callable[[], object]) -> None:
        def listener(point: str) -> None:
            if point == wanted and listener in listeners:
                listeners.remove(listener)
                action()

        listeners.append(listener)
        events.listen(listener)

    yield arrange
    listeners.clear()


def elsewhere(work: Callable[[], object]) -> threading.Thread:
    """Do something on another connection."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def stop_and_wait() -> None:
    elsewhere(lambda: stop_work(**WHO)).join(20)


@pytest.mark.parametrize("point", BEFORE_THE_LAST_LOOK)
def test_a_reset_that_was_under_way_rolls_back_whole(
    point: str, filled: Make, make_run: Callable[..., ResetRun], at_point: Callable[..., None]
) -> None:
    district = filled(suites="math", students=40)
    before = hash_schema(district.schema_name)
    run = make_run(district, "math")
    at_point(point, stop_and_wait)

    with pytest.raises(WorkStoppedError, match="a wrong policy"):
        execute(run.pk)

    assert hash_schema(district.schema_name) == before
    run.refresh_from_db()
    assert (run.state, run.attempts, run.error) == (RunState.RUNNING, 0, "")
    assert "stopped: All destructive work is stopped: a wrong policy." in run.log[-1]["message"]
    with pytest.raises(WorkStoppedError):
        execute(run.pk)
    resume_work(**WHO)
    assert execute(run.pk) == RunState.COMPLETED


def test_a_reset_that_has_looked_for_the_last_time_commits_before_the_switch_is_turned(
    filled: Make, make_run: Callable[..., ResetRun], at_point: Callable[..., None]
) -> None:
    district = filled(suites="math", students=40)
    run = make_run(district, "math")
    seen: list[str] = []

    def turn() -> None:
        stop_work(**WHO)
        seen.append(ResetRun.objects.get(pk=run.pk).state)

    threads: list[threading.Thread] = []
    at_point("moved", lambda: threads.append(elsewhere(turn)))
    assert execute(run.pk) == RunState.COMPLETED
    threads[0].join(20)
    assert seen == [RunState.COMPLETED]


def test_a_held_reset_rolls_back_too_and_others_go_on(
    filled: Make, make_run: Callable[..., ResetRun], at_point: Callable[..., None]
) -> None:
    district = filled(suites="math", students=40)
    schedule = ResetSchedule.objects.create(district=district, suite="math", school_year=2026, on=dt.date(2026, 7, 28))
    run = make_run(district, "math")
    ResetRun.objects.filter(pk=run.pk).update(schedule=schedule)
    before = hash_schema(district.schema_name)
    at_point("recorded", lambda: elsewhere(lambda: hold_schedule(schedule, **WHO)).join(20))
    with pytest.raises(WorkStoppedError, match="This reset is held"):
        execute(run.pk)
    assert hash_schema(district.schema_name) == before
    release_schedule(schedule, **WHO)
    assert execute(run.pk) == RunState.COMPLETED
    with pytest.raises(SwitchError, match="nothing to hold"):
        hold_schedule(schedule, **WHO)


def test_a_stopped_job_waits_and_no_attempt_is_counted(
    filled: Make, clock: Callable[[str], Any], make_run: Callable[..., ResetRun]
) -> None:
    clock("2026-07-28T12:00+00:00")
    district = filled(suites="math", students=40)
    run = make_run(district, "math")
    job = jobs.enqueue_job(district, "reset", str(run.pk), due_at=AT, payload={"run_id": str(run.pk)})
    stop_work(**WHO)
    for _ in range(3):
        jobs.wake_stopped()
        run_job(str(job.pk), district_id=district.pk, schema_name=district.schema_name)
        job.refresh_from_db()
        assert (job.state, job.attempts - job.stopped) == ("running", 0)
        assert "a wrong policy" in job.error
        assert job.retry_at is not None
    assert ResetRun.objects.get(pk=run.pk).state == RunState.QUEUED
    resume_work(**WHO)
    run_job(str(job.pk), district_id=district.pk, schema_name=district.schema_name)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.stopped) == ("done", 4, 3)
    assert ResetRun.objects.get(pk=run.pk).state == RunState.COMPLETED


def test_anonymization_is_destructive_work_too(filled: Make) -> None:
    district = filled(suites="literacy", students=20)
    before = hash_schema(district.schema_name)
    stop_work(**WHO)
    with enter_district(district), pytest.raises(WorkStoppedError):
        anonymize_leavers(district, "literacy", 2026, actor="system:tests", at=AT)
    assert hash_schema(district.schema_name) == before
    assert not LedgerEntry.objects.filter(kind="anonymization").exists()


def scheduled(make_district: Make, count: int, *products: str) -> list[District]:
    open_school_year(2026)
    districts = [make_district(f"oak-{number}", time_zone="UTC") for number in range(count)]
    for district in districts:
        for product in products:
            Subscription.objects.create(district=district, product=product, starts_on=dt.date(2025, 8, 1))
    ensure_schedules(dt.datetime(2026, 6, 20, 12, tzinfo=dt.UTC))
    return districts


def test_nothing_begins_while_it_is_stopped(make_district: Make) -> None:
    (oak,) = scheduled(make_district, 1, "reading")
    stop_work(**WHO)
    assert start_due_runs(AT) == 0
    with pytest.raises(WorkStoppedError):
        request_run(oak, "literacy", 2026, actor="csm:1", now=AT)
    resume_work(**WHO)
    assert start_due_runs(AT) == 1


def test_what_is_held_does_not_begin(make_district: Make) -> None:
    scheduled(make_district, 2, "reading")
    schedule = ResetSchedule.objects.earliest("pk")
    hold_schedule(schedule, **WHO)
    with pytest.raises(SwitchError, match="held already"):
        hold_schedule(schedule, **WHO)
    assert start_due_runs(AT) == 1
    with pytest.raises(WorkStoppedError, match="held"):
        request_run(schedule.district, "literacy", 2026, actor="csm:1", now=AT)
    release_schedule(schedule, **WHO)
    with pytest.raises(SwitchError, match="not held"):
        release_schedule(schedule, **WHO)
    assert start_due_runs(AT) == 1


def test_the_ceiling_counts_districts_in_any_hour(make_district: Make) -> None:
    scheduled(make_district, 5, "reading", "math_facts")
    set_ceiling(2, **WHO)

    def begun() -> int:
        return ResetRun.objects.values("district").distinct().count()

    assert start_due_runs(AT) == 4, "two suites of two districts"
    assert begun() == 2
    assert start_due_runs(AT + dt.timedelta(minutes=59)) == 0
    assert start_due_runs(AT + dt.timedelta(minutes=60)) == 4
    assert begun() == 4
    set_ceiling(None, **WHO)
    assert start_due_runs(AT + dt.timedelta(minutes=61)) == 2


def test_every_use_is_kept_and_needs_a_reason(make_district: Make) -> None:
    scheduled(make_district, 1, "reading")
    schedule = ResetSchedule.objects.get()
    for use in (stop_work, resume_work):
        with pytest.raises(SwitchError, match="Give the reason"):
            use(actor="superuser:1", reason=" ", at=AT)
    with pytest.raises(SwitchError, match="not stopped"):
        resume_work(**WHO)
    with pytest.raises(SwitchError, match="1 or more"):
        set_ceiling(0, **WHO)
    assert not ControlChange.objects.exists()
    stop_work(**WHO)
    with pytest.raises(SwitchError, match="stopped already"):
        stop_work(**WHO)
    resume_work(**WHO)
    set_ceiling(1200, **WHO)
    hold_schedule(schedule, **WHO)
    release_schedule(schedule, **WHO)
    kept = ControlChange.objects.order_by("pk").values_list("change", "actor", "reason", "schedule")
    assert list(kept) == [
        ("stopped all destructive work", "superuser:1", "a wrong policy", None),
        ("let all work go on", "superuser:1", "a wrong policy", None),
        ("set the ceiling to 1,200 districts per hour", "superuser:1", "a wrong policy", None),
        ("held the reset", "superuser:1", "a wrong policy", schedule.pk),
        ("released the reset", "superuser:1", "a wrong policy", schedule.pk),
    ]
    assert engine_control().districts_per_hour == 1200
    told = LedgerEntry.objects.filter(district_id=EVERY_DISTRICT).order_by("number").values_list("kind", "number")
    assert list(told) == [("work_stopped", 1), ("work_resumed", 2), ("ceiling_set", 3)]
    for job in Job.objects.filter(kind="ledger_entry"):
        run_job(str(job.pk), district_id=job.district_id, schema_name=job.schema_name)
    own = LedgerEntry.objects.filter(district_id=schedule.district_id, kind__startswith="reset_").order_by("number")
    assert [(entry.kind, entry.facts["suite"]) for entry in own] == [
        ("reset_held", "literacy"), ("reset_released", "literacy"),
    ]  # fmt: skip
