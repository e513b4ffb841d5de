"""Workers that die in the middle of resets, a broker that forgets, messages that come twice: the same final state."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.observe import Seen, see
from demo.verdict import judge
from ledger.models import LedgerEntry
from products.registry import suite_named
from resets.engine import events, execute, preview
from resets.models import ResetRun, ResetSchedule, RunCount, RunState
from resets.policies.registry import policy_for
from resets.policies.words import Anonymize, Rule
from resets.services import request_run
from resets.tasks import run_reset_job
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.support.hashing import hash_schema
from tests.support.killing import FOLDER
from tests.support.processes import Site

pytestmark = [pytest.mark.services, pytest.mark.timeout(420)]
ON = dt.date(2026, 7, 28)
NOW = dt.datetime(2026, 7, 28, 12, tzinfo=dt.UTC)
SUITES = {
    "literacy": ("started", "locked", "counted", "undo_written"),
    "hero": ("rows_changed", "verified", "recorded", "exclusive"),
    "math": ("moved", "committed"),
}
FEW = {"hero": ("rows_changed", "recorded", "moved", "committed")}
"""Each kill costs the start of a worker: the gate kills where something is written, `make test-scale` everywhere."""


def ask(district: District, suite: str) -> ResetRun:
    ResetSchedule.objects.create(district=district, suite=suite, school_year=2026, on=ON)
    return request_run(district, suite, 2026, actor="csm:1", now=NOW)


def counts(run: ResetRun) -> Counter[tuple[object, ...]]:
    names = ("position", "school_id", "before", "retained", "archived", "deleted", "changed")
    return Counter(RunCount.objects.filter(run=run).exclude(before=0).values_list(*names))


def expected_counts(district: District, suite: str) -> Counter[tuple[object, ...]]:
    """What the preview said, by school; several categories of one rule are told apart only in the run."""
    found = preview(district, suite, 2026, ON)
    return Counter(
        (position, school.school_id, school.before, school.retained, school.archived, school.deleted, school.changed)
        for position, line in enumerate(found.lines)
        if line.rule.category != "*"
        for school in line.schools
    )


def seen(district: District, suite: str) -> dict[Rule, Seen]:
    with enter_district(district):
        rules = [rule for rule in policy_for(suite).rules if not isinstance(rule.action, Anonymize)]
        return {rule: see(suite_named(suite), rule, ON) for rule in rules}


def undo_tables(district: District) -> set[str]:
    return {name for name in hash_schema(district.schema_name) if name.startswith("undo_")}


def test_every_point_is_killed_somewhere() -> None:
    assert {point for points in SUITES.values() for point in points} == set(events.POINTS)


@pytest.mark.parametrize("suites", [FEW, pytest.param(SUITES, marks=pytest.mark.soak)], ids=["few", "all"])
def test_a_worker_killed_at_each_step_changes_nothing_in_the_end(
    suites: dict[str, tuple[str, ...]],
    filled: Callable[..., District],
    clock: Callable[[str], dt.datetime],
    site: Site,
    tmp_path: Path,
) -> None:
    clock("2026-07-28T12:00+00:00")
    district = filled(suites="literacy,hero,math", students=120)
    marks = tmp_path / "kills"
    marks.mkdir()
    site.environment[FOLDER] = str(marks)
    site.start_beat()
    number = 0
    for suite, points in suites.items():
        run = ask(district, suite)
        before, expected = seen(district, suite), expected_counts(district, suite)
        for point in points:
            (marks / point).touch()
            number += 1
            name = f"worker-{number}"
            process = site.start_worker(name, concurrency=1)
            site._running.pop(name)
            process.wait(60)
            if number == 2:
                site.broker.client.flushall()
        survivor = f"survivor-{suite}"
        site.start_worker(survivor, concurrency=1)
        site.wait_for(lambda run=run: ResetRun.objects.get(pk=run.pk).state == RunState.COMPLETED, 60)
        site.kill(survivor)
        run.refresh_from_db()
        assert expected <= counts(run)
        assert run.attempts <= len(points) + 1
        assert LedgerEntry.objects.filter(kind="reset", facts__suite=suite).count() == 1
        for rule, after in seen(district, suite).items():
            *_, held, note = judge(rule, before[rule], after)
            assert held, f"{rule.category}: {note}"
    undo = [name for run in ResetRun.objects.all() for name in run.undo_tables]
    assert sorted(undo_tables(district)) == sorted(undo)


def test_a_second_delivery_does_nothing(filled: Callable[..., District], clock: Callable[[str], dt.datetime]) -> None:
    clock("2026-07-28T12:00+00:00")
    district = filled(suites="math", students=60)
    run = ask(district, "math")
    job = Job.objects.get(kind="reset", district=district)
    with enter_district(district):
        run_reset_job(district, job)
        before = hash_schema(district.schema_name)
        run_reset_job(district, job)
        assert execute(run.pk) == RunState.COMPLETED
    assert hash_schema(district.schema_name) == before
    assert ResetRun.objects.get(pk=run.pk).attempts == 1
