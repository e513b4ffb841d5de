"""Jobs with real brokers, workers and beats that die, repeat themselves and forget."""

from collections import Counter
from collections.abc import Callable, Iterable

import pytest

from ledger.models import LedgerEntry
from tenants.clock import real_now
from tenants.jobs.services import enqueue_job
from tenants.models import District, Job, RefusedTask
from tenants.services import remove_district
from tests.support.processes import Site

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]
Make = Callable[..., District]


def ask(district: District, kind: str, keys: Iterable[str] = ("1",)) -> list[Job]:
    return [enqueue_job(district, kind, key, due_at=real_now()) for key in keys]


def states(jobs: list[Job]) -> set[str]:
    return set(Job.objects.filter(pk__in=[job.pk for job in jobs]).values_list("state", flat=True))


def traces(kind: str) -> Counter[str]:
    return Counter(entry.facts["job"] for entry in LedgerEntry.objects.filter(kind=kind))


def test_a_killed_workers_job_is_done_by_another(site: Site, committed_districts: Make) -> None:
    jobs = ask(committed_districts("birch"), "hang_once")
    site.start_worker("first")
    site.start_beat()
    site.wait_for(lambda: traces("ran"), 60)
    site.kill("first")
    site.start_worker("second")
    site.wait_for(lambda: states(jobs) == {"done"}, 90)
    job = Job.objects.get(pk=jobs[0].pk)
    assert (job.attempts, job.error) == (2, "")
    assert LedgerEntry.objects.filter(kind="finished").count() == 1


def test_a_job_that_kills_every_worker_fails_for_good(site: Site, committed_districts: Make) -> None:
    jobs = ask(committed_districts("birch"), "die")
    site.start_worker("worker")
    site.start_beat()
    site.wait_for(lambda: states(jobs) == {"failed"}, 120)
    assert traces("ran") == {str(jobs[0].pk): 2}
    assert traces("gave up") == {str(jobs[0].pk): 1}
    assert "worker died" in Job.objects.get(pk=jobs[0].pk).error


def test_two_beats_and_two_workers_and_a_flushed_broker_do_each_job_once(site: Site, committed_districts: Make) -> None:
    districts = [committed_districts(slug) for slug in ("birch", "alder")]
    for name in ("one", "two"):
        site.start_worker(name)
        site.start_beat(f"beat-{name}")
    site.wait_ready("one")
    jobs = [job for district in districts for job in ask(district, "note", [str(number) for number in range(60)])]
    site.wait_for(lambda: len(traces("ran")) >= 3, 60)
    site.broker.client.flushall()
    later = ask(districts[0], "note", ["later"])
    site.wait_for(lambda: states(jobs + later) == {"done"}, 120)
    assert set(traces("ran").values()) == {1}
    assert len(traces("ran")) == 121


def test_what_cannot_be_entered_is_refused_and_not_asked_again(site: Site, committed_districts: Make) -> None:
    renamed, gone, fails = (committed_districts(slug) for slug in ("birch", "alder", "hazel"))
    jobs = ask(renamed, "note") + ask(gone, "note") + ask(fails, "refuse")
    Job.objects.filter(district=renamed, kind="note").update(schema_name="d_another_name")
    remove_district(gone, actor="tests", at=real_now())
    site.start_worker("worker")
    site.start_beat()
    site.wait_for(lambda: states(jobs) == {"failed"}, 90)
    refused = RefusedTask.objects.filter(district_id=renamed.pk, schema_name="d_another_name")
    assert refused.count() == 1
    assert not traces("ran")
    assert traces("gave up") == {str(jobs[2].pk): 1}
    error = Job.objects.get(pk=jobs[2].pk).error
    assert "ValueError" in error
    assert "Jane" not in error + site.log("worker")
