"""The job list: forward only, capped, and fair to those who come after a failure."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenants.clock import real_now
from tenants.jobs import registry, services
from tenants.jobs.registry import Kind, register_kind, register_planner
from tenants.jobs.services import claim_due_jobs, enqueue_job, plan_due_work, start_attempt
from tenants.jobs.tasks import run_job, tick
from tenants.models import District, Job, RefusedTask
from tenants.schema import current_schema

RANK = {"waiting": 0, "running": 1, "done": 2, "failed": 2}


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(registry, "_planners", [])


@pytest.fixture
def seen() -> Iterator[list[Any]]:
    """What the handlers of kinds `works` and `breaks` noticed."""
    noticed: list[Any] = []

    def works(district: District, job: Job) -> None:
        noticed.append((current_schema(), connection.in_atomic_block, job.attempts))

    def breaks(district: District, job: Job) -> None:
        raise ValueError("Jane Doe, born 2014-02-03")

    def told(district: District, job: Job, error: str) -> None:
        noticed.append((current_schema(), error))

    register_kind(Kind("works", works))
    register_kind(Kind("breaks", breaks, max_attempts=2, on_failed=told))
    return noticed


def run(job: Job) -> None:
    run_job(str(job.pk), district_id=job.district_id, schema_name=job.schema_name)


def let_time_pass(job: Job) -> None:
    """As if lease, pause and the last message's time were long over."""
    past = real_now() - dt.timedelta(hours=1)
    Job.objects.filter(pk=job.pk, lease_until__isnull=False).update(lease_until=past)
    Job.objects.filter(pk=job.pk, retry_at__isnull=False).update(retry_at=past)
    Job.objects.filter(pk=job.pk, sent_at__isnull=False).update(sent_at=past)


def test_asking_twice_makes_one_job(district: District) -> None:
    first = enqueue_job(district, "works", "k", due_at=real_now())
    assert enqueue_job(district, "works", "k", due_at=real_now()) == first


def test_a_job_runs_once_in_its_district(district: District, seen: list[Any]) -> None:
    job = enqueue_job(district, "works", "k", due_at=real_now())
    run(job)
    run(job)
    assert [(schema, attempt) for schema, _, attempt in seen] == [(district.schema_name, 1)]
    job.refresh_from_db()
    assert (job.state, job.error, job.lease_until) == ("done", "", None)
    assert current_schema() == "public"


def test_only_what_is_due_is_claimed_and_only_once(district: District) -> None:
    now = real_now()
    due = enqueue_job(district, "works", "due", due_at=now)
    enqueue_job(district, "works", "later", due_at=now + dt.timedelta(days=1))
    assert claim_due_jobs(now) == [(str(due.pk), district.pk, district.schema_name)]
    assert claim_due_jobs(now) == []
    let_time_pass(due)
    assert [claimed[0] for claimed in claim_due_jobs(now)] == [str(due.pk)]


def test_new_jobs_come_before_repeated_messages(district: District) -> None:
    now = real_now()
    old = enqueue_job(district, "works", "old", due_at=now - dt.timedelta(days=1))
    claim_due_jobs(now)
    let_time_pass(old)
    new = enqueue_job(district, "works", "new", due_at=now)
    assert claim_due_jobs(now, limit=1)[0][0] == str(new.pk)


def test_failures_are_tried_again_and_end_at_the_cap(district: District, seen: list[Any]) -> None:
    job = enqueue_job(district, "breaks", "k", due_at=real_now())
    run(job)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)
    assert job.retry_at is not None
    run(job)  # an early message is ignored
    assert Job.objects.get().attempts == 1
    let_time_pass(job)
    run(job)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 2)
    assert seen == [(district.schema_name, job.error)]
    assert "ValueError" in job.error
    assert "Jane" not in job.error


def test_attempts_whose_worker_died_count(district: District, seen: list[Any]) -> None:
    job = enqueue_job(district, "breaks", "k", due_at=real_now())
    for _ in range(2):
        assert start_attempt(str(job.pk), district.pk) is not None
        let_time_pass(job)
    run(job)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "worker died" in job.error
    assert len(seen) == 1


def test_a_failing_on_failed_does_not_keep_the_job_open(district: District) -> None:
    def breaks(*_: object) -> None:
        raise KeyError("x")

    register_kind(Kind("worse", breaks, max_attempts=1, on_failed=breaks))
    run(enqueue_job(district, "worse", "k", due_at=real_now()))
    assert Job.objects.get().state == "failed"


def test_an_unknown_kind_waits_for_newer_code_then_fails(district: District) -> None:
    job = enqueue_job(district, "unheard-of", "k", due_at=real_now())
    for _ in range(5):
        run(job)
        let_time_pass(job)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "unheard-of" in job.error


@pytest.mark.parametrize("district_id", [None, "1; DROP TABLE", 987654321])
def test_a_poisoned_message_is_refused(district: District, seen: list[Any], district_id: Any) -> None:
    job = enqueue_job(district, "works", "k", due_at=real_now())
    run_job(str(job.pk), district_id=district_id, schema_name=district.schema_name)
    assert not seen
    assert RefusedTask.objects.count() == 1


def test_a_message_without_a_job_does_nothing(district: District, seen: list[Any]) -> None:
    for job_id in ("no uuid", str(uuid.uuid4())):
        run_job(job_id, district_id=district.pk, schema_name=district.schema_name)
    assert not seen


def test_a_job_does_not_run_in_another_district(district: District, other_district: District, seen: list[Any]) -> None:
    job = enqueue_job(district, "works", "k", due_at=real_now())
    run_job(str(job.pk), district_id=other_district.pk, schema_name=other_district.schema_name)
    assert not seen
    assert Job.objects.get(pk=job.pk).state == "waiting"


def test_one_planner_that_fails_does_not_stop_the_others(district: District, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> int:
        enqueue_job(district, "works", "half", due_at=real_now())
        raise ValueError("Jane Doe")

    def fine() -> int:
        enqueue_job(district, "works", "whole", due_at=real_now())
        return 1

    register_planner(broken)
    register_planner(fine)
    assert plan_due_work() == 1
    assert list(Job.objects.values_list("key", flat=True)) == ["whole"]
    assert "broken" in caplog.text
    assert "Jane" not in caplog.text


def test_a_tick_sends_all_that_is_due(
    district: District, monkeypatch: pytest.MonkeyPatch, clock: Callable[[str], dt.datetime]
) -> None:
    now = clock("2026-07-28T06:00:00Z")
    for number in range(7):
        enqueue_job(district, "works", str(number), due_at=now)
    sent: list[str] = []
    monkeypatch.setattr(run_job, "delay", lambda job_id, **_: sent.append(job_id))
    monkeypatch.setattr("tenants.jobs.tasks.BATCH", 3)
    assert tick() == 7
    assert len(set(sent)) == 7
    assert tick() == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [({"state": "done"}, {"state": "running"}), ({"state": "failed"}, {"state": "done"}),
     ({"state": "running"}, {"state": "waiting"}), ({"attempts": 2}, {"attempts": 1})],
)  # fmt: skip
def test_the_database_lets_no_job_go_back(district: District, before: dict[str, Any], after: dict[str, Any]) -> None:
    enqueue_job(district, "works", "k", due_at=real_now())
    Job.objects.update(**before)
    with pytest.raises(DatabaseError, match="job"), transaction.atomic():
        Job.objects.update(**after)


STEPS = st.lists(st.sampled_from(["claim", "start", "finish", "fail", "stale", "die", "wait", "close"]), max_size=25)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_a_job_only_goes_forward(district: District, steps: list[str]) -> None:
    job = enqueue_job(district, "breaks", str(uuid.uuid4()), due_at=real_now())
    held: list[Job] = []
    rank, attempts, last = 0, 0, "waiting"
    for step in steps:
        if step == "claim":
            claim_due_jobs(real_now())
        elif step == "start" and (started := start_attempt(str(job.pk), district.pk)):
            held.append(started)
        elif step in ("wait", "die"):
            let_time_pass(job)
        elif step == "close":
            services.close_jobs_of(district, "closed") if len(steps) % 3 == 0 else None
        elif held:
            ended = held[0] if step == "stale" else held[-1]
            services.finish_job(ended) if step == "finish" else services.postpone_attempt(ended, "failed")
        job.refresh_from_db()
        assert RANK[job.state] >= rank
        assert job.attempts >= attempts
        assert last not in ("done", "failed") or job.state == last
        rank, attempts, last = RANK[job.state], job.attempts, job.state


def test_a_stale_attempt_does_not_take_the_lease_from_its_successor(district: District) -> None:
    job = enqueue_job(district, "works", "k", due_at=real_now())
    first = start_attempt(str(job.pk), district.pk)
    let_time_pass(job)
    second = start_attempt(str(job.pk), district.pk)
    assert first is not None
    assert second is not None
    services.postpone_attempt(first, "too late")
    assert not services.renew_lease(first)
    assert services.renew_lease(second)
    assert start_attempt(str(job.pk), district.pk) is None
