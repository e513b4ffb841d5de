"""The engine holds a run to its export: refused while it waits, recorded in run, ledger and certificate afterwards."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from ledger.models import LedgerEntry
from products.models import Subscription
from resets.engine import events
from resets.engine.execute import execute
from resets.errors import WorkStoppedError
from resets.exports.recorded import recorded_words
from resets.exports.services import waive_export
from resets.models import ResetRun, ResetSchedule, RunState, YearExport
from resets.planner import start_due_runs
from tenants import clock as the_clock
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.exports.conftest import JULY_28, Package, night, window
from tests.resets.conftest import filled

__all__ = ["filled"]


@pytest.fixture
def run(filled: Callable[..., District], clock: Callable[[str], dt.datetime]) -> ResetRun:
    """A run of birch's math, asked for at noon of its date, when nobody has downloaded anything."""
    clock(night(28, minutes=600).isoformat())
    window()
    birch = filled(suites="math", students=60)
    Subscription.objects.get_or_create(
        district=birch, product="math_3plus", defaults={"starts_on": dt.date(2025, 8, 1)}
    )
    schedule = ResetSchedule.objects.create(district=birch, suite="math", school_year=2026, on=JULY_28)
    return ResetRun.objects.create(
        district=birch, schedule=schedule, suite="math", school_year=2026, on=JULY_28, actor="csm:1",
        created_at=the_clock.now(),
    )  # fmt: skip


def rows(district: District) -> int:
    with enter_district(district), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM math_assessment")
        return int(cursor.fetchone()[0])


def test_a_run_that_has_to_wait_changes_nothing_and_has_not_failed(run: ResetRun) -> None:
    before = rows(run.district)
    assert before > 0
    with pytest.raises(WorkStoppedError, match="Waits for the download until Friday, July 31, 2026"):
        execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error, run.attempts) == (RunState.RUNNING, "", 0)
    assert "Waits for the download" in run.log[-1]["message"]
    assert rows(run.district) == before
    assert not LedgerEntry.objects.filter(kind="reset").exists()


def test_what_was_downloaded_is_in_the_record(run: ResetRun) -> None:
    Package(run.district).downloaded()
    assert execute(run.pk) == RunState.COMPLETED
    assert rows(run.district) == 0
    recorded = _record(run)
    assert recorded["state"] == "downloaded"
    assert recorded["rows"] == 1234
    assert recorded["downloaded_by"] == "district_admin:1"
    words = recorded_words(recorded, "America/Chicago")
    assert words == (
        "Downloaded on Wednesday, July 1, 2026, before the reset: the package of Wednesday, July 1, 2026, 1,234 rows."
    )


def test_a_waiver_is_in_the_record_by_its_number_and_without_its_reason(run: ResetRun) -> None:
    waive_export(run.district, "math", 2026, actor="csm:7", reason="Their own warehouse", at=night(28))
    execute(run.pk)
    recorded = _record(run)
    assert recorded["state"] == "waived"
    assert recorded["waived_by"] == "csm:7"
    assert "warehouse" not in str(recorded)
    assert recorded_words(recorded, "America/Chicago").startswith("Not downloaded before the reset: customer success")


def test_a_run_after_the_wait_says_that_nothing_was_downloaded(
    run: ResetRun, clock: Callable[[str], dt.datetime]
) -> None:
    clock(night(31).isoformat())
    Package(run.district).checked()
    execute(run.pk)
    recorded = _record(run)
    assert recorded["state"] == "checked"
    assert recorded_words(recorded, "America/Chicago") == (
        "Not downloaded before the reset; the days for which it waits were over. The package of Wednesday, July 1, "
        "2026 was made and checked, and nobody had downloaded it."
    )


def test_a_worker_killed_in_the_middle_looks_again(run: ResetRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was downloaded when it began still counts when it begins again; nothing is recorded twice."""
    Package(run.district).downloaded()

    def dies(point: str) -> None:
        if point == "recorded":
            raise RuntimeError("the worker died")

    monkeypatch.setattr(events, "_listeners", [dies])
    with pytest.raises(RuntimeError):
        execute(run.pk)
    assert not LedgerEntry.objects.filter(kind="reset").exists()
    monkeypatch.setattr(events, "_listeners", [])
    Package(run.district, built_at=night(28)).checked()
    with pytest.raises(WorkStoppedError, match="nobody has downloaded it yet"):
        execute(run.pk)
    waive_export(run.district, "math", 2026, actor="csm:7", reason="The first is enough.", at=night(28, minutes=30))
    assert execute(run.pk) == RunState.COMPLETED
    assert LedgerEntry.objects.filter(kind="reset").count() == 1
    assert _record(run)["state"] == "waived"


def test_the_dispatcher_and_the_worker_do_it_after_the_download(
    run: ResetRun, clock: Callable[[str], dt.datetime]
) -> None:
    run.delete()
    assert start_due_runs(night(29)) == 0
    Package(run.district).downloaded(at=night(29, minutes=300))
    assert start_due_runs(night(30)) == 1
    made = ResetRun.objects.get()
    assert Job.objects.get(kind="reset").key == str(made.pk)
    assert execute(made.pk) == RunState.COMPLETED
    assert YearExport.objects.get().downloaded_at == night(29, minutes=300)


def _record(run: ResetRun) -> dict[str, Any]:
    run.refresh_from_db()
    entry = LedgerEntry.objects.get(kind="reset")
    assert run.evidence["export"] == entry.facts["export"]
    recorded: dict[str, Any] = entry.facts["export"]
    return recorded
