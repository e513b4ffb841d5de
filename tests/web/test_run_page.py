"""The run's page at the desk, and the switch: what they say, what they do, and for whom."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from resets import errors as schedule_errors
from resets.controls import engine_control, set_ceiling, stop_work
from resets.desk.advice import BY_ERROR, DIED, UNKNOWN, advice_for
from resets.engine import errors as engine_errors
from resets.engine import followups
from resets.models import ControlChange, ResetRun, ResetSchedule, RunCount, RunState
from resets.views.words import STEPS, steps_of
from tenants.jobs.services import enqueue_job
from tenants.models import District, Job
from tests.web.desk import NOW, book, csm, superuser

__all__ = ["book", "csm", "superuser"]
CONTROLS = "/admin/resets/resetrun/controls/"


def page_of(run: ResetRun) -> str:
    return f"/admin/resets/resetrun/{run.pk}/change/"


def make_run(book: District, state: RunState, **facts: Any) -> ResetRun:
    """A run in place of the book's failed one."""
    schedule = ResetSchedule.objects.get(district=book)
    ResetRun.objects.filter(schedule=schedule).delete()
    values = {"actor": "system:planner", "on": schedule.on, "created_at": NOW, **facts}
    return ResetRun.objects.create(
        district=book, suite="literacy", school_year=2026, schedule=schedule, state=state, **values
    )


def fill_counts(run: ResetRun, schools: int, categories: int) -> None:
    RunCount.objects.bulk_create(
        RunCount(
            run=run, position=position, category="benchmarks", action="Archive", school_id=school, before=1000 + school,
            archived=1000 + school,
        )
        for position in range(categories)
        for school in range(1, schools + 1)
    )  # fmt: skip


def every_error() -> set[str]:
    modules = (engine_errors, followups)
    return {
        name
        for module in modules
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, engine_errors.ResetError)
    }


def test_every_error_of_a_reset_has_advice() -> None:
    assert every_error() <= set(BY_ERROR)
    assert {name for name in BY_ERROR if name.endswith("Error") and hasattr(schedule_errors, name)} == set()
    run = ResetRun(error="the worker died in each of its attempts")
    assert advice_for(run) is DIED
    assert advice_for(ResetRun(error="ZeroDivisionError in resets/x.py, line 3")) is UNKNOWN
    assert advice_for(ResetRun()) is None


def test_a_failed_run_says_what_happened_to_the_data_and_what_to_do(book: District, csm: Client) -> None:
    run = make_run(book, RunState.FAILED, error="LocksNotHadError: the tables could not be locked in 60 s")
    page = csm.get(page_of(run)).content.decode()
    for words in (
        "Nothing was changed: the transaction rolled back whole.",
        "Other work held the tables for longer than readers may be kept waiting",
        "Try again at a quieter hour",
        "the tables could not be locked in 60 s",
        "Postpone: pick a later date",
    ):
        assert words in page
    assert f"/admin/resets/resetschedule/{run.schedule_id}/date/" in page


def test_it_is_tried_again_and_the_new_runs_page_opens(book: District, csm: Client, clock: Any) -> None:
    run = make_run(book, RunState.FAILED, error="OperationalError: gone")
    refused = csm.post(page_of(run), {"do": "again"}, follow=True)
    assert b"Not tried again: the reset is scheduled for" in refused.content
    clock("2026-07-28T15:00:00+00:00")
    response = csm.post(page_of(run), {"do": "again"})
    new = ResetRun.objects.latest("created_at")
    assert new.pk != run.pk
    assert response["Location"] == page_of(new)
    assert new.actor.startswith("csm:")
    assert Job.objects.filter(kind="reset", key=str(new.pk)).exists()
    assert "A later run has taken its place" in csm.get(page_of(run)).content.decode()


def test_it_is_held_and_released_with_a_reason(book: District, csm: Client) -> None:
    run = make_run(book, RunState.QUEUED)
    without = csm.post(page_of(run), {"do": "hold", "reason": " "})
    assert without.status_code == 400
    assert "Give the reason" in without.content.decode()
    assert not ControlChange.objects.exists()
    page = csm.post(page_of(run), {"do": "hold", "reason": "the parents object"}, follow=True).content.decode()
    assert "This reset is held:</strong> the parents object" in page
    assert ResetSchedule.objects.get(pk=run.schedule_id).held_by.startswith("csm:")
    page = csm.post(page_of(run), {"do": "release", "reason": "they agreed"}, follow=True).content.decode()
    assert "Released:" in page
    assert [change.change for change in ControlChange.objects.order_by("pk")] == [
        "held the reset", "released the reset",
    ]  # fmt: skip


def test_a_completed_run_shows_counts_schools_and_what_is_left_to_do(book: District, csm: Client) -> None:
    run = make_run(
        book, RunState.COMPLETED, started_at=NOW, finished_at=NOW, policy_version="2026",
        evidence={"ledger_entry": 12, "moves": ["move: literacy_usage 2026"], "lock_tries": 2},
    )  # fmt: skip
    fill_counts(run, schools=120, categories=2)
    for table, state in (("a", "done"), ("b", "waiting")):
        job = enqueue_job(book, "rewrite_storage", f"run {run.pk} {table}", due_at=NOW, payload={"table": table})
        Job.objects.filter(pk=job.pk).update(state=state)
    page = csm.get(page_of(run)).content.decode()
    total = sum(1000 + school for school in range(1, 121))
    said = ("120 schools", f"{2 * total:,}", "Entry 12", "Had in try 2", "1 of 2 done", "1 yearly partition moved")
    assert [words for words in said if words not in page] == []
    seen: list[int] = []
    address = f"{page_of(run)}?schools=1-benchmarks"
    while address:
        opened = csm.get(address).context["opened"]
        seen += [line.school_id for line in opened["lines"]]
        address = f"{page_of(run)}?schools=1-benchmarks&after={seen[-1]}" if opened["more"] else ""
    assert seen == list(range(1, 121))


def test_no_school_comes_first_and_once(book: District, csm: Client) -> None:
    run = make_run(book, RunState.COMPLETED)
    fill_counts(run, schools=60, categories=1)
    RunCount.objects.create(
        run=run, position=0, category="benchmarks", action="Archive", school_id=None, before=3, archived=3
    )
    first = csm.get(f"{page_of(run)}?schools=0-benchmarks").context["opened"]
    assert [line.school_id for line in first["lines"]] == [None, *range(1, 50)]
    second = csm.get(f"{page_of(run)}?schools=0-benchmarks&after=49").context["opened"]
    assert [line.school_id for line in second["lines"]] == list(range(50, 61))


@pytest.mark.parametrize("query", ["schools=", "schools=x-y", "schools=1", "schools=1-nothing", "schools=0-a&after=x"])
def test_a_strange_question_is_answered_without_an_error(query: str, book: District, csm: Client) -> None:
    run = make_run(book, RunState.COMPLETED)
    fill_counts(run, schools=2, categories=1)
    assert csm.get(f"{page_of(run)}?{query}").status_code == 200


def test_progress_is_told_until_the_end_and_then_the_page_loads_anew(book: District, csm: Client) -> None:
    run = make_run(book, RunState.RUNNING, step=STEPS[2], started_at=NOW)
    address = f"/admin/resets/resetrun/{run.pk}/progress/"
    piece = csm.get(address, headers={"hx-request": "true"}).content.decode()
    assert "Changing rows" in piece
    assert piece.count("done") == 2
    ResetRun.objects.filter(pk=run.pk).update(state=RunState.COMPLETED)
    assert csm.get(address)["HX-Refresh"] == "true"


def test_a_run_says_why_it_waits(book: District, csm: Client) -> None:
    run = make_run(book, RunState.QUEUED)
    address = f"/admin/resets/resetrun/{run.pk}/progress/"
    assert "Waiting for a worker" in csm.get(address).content.decode()
    csm.post(page_of(run), {"do": "hold", "reason": "the parents object"})
    assert "Held: waiting until it is released" in csm.get(address).content.decode()
    stop_work(actor="superuser:1", reason="a wrong policy", at=NOW)
    assert "Waiting until all work may go on" in csm.get(address).content.decode()


def test_steps_tell_when_they_began_and_how_long_they_took() -> None:
    def line(message: str, second: float) -> dict[str, Any]:
        return {"at": (NOW + dt.timedelta(seconds=second)).isoformat(), "message": message, "step": True}

    first_attempt = [line(STEPS[0], 0), line(STEPS[1], 1), {"at": NOW.isoformat(), "message": "attempt failed: x"}]
    run = ResetRun(
        state=RunState.RUNNING, step=STEPS[2],
        log=[*first_attempt, line(STEPS[0], 60), line(STEPS[1], 61), line(STEPS[2], 63.5), line(STEPS[2], 64)],
    )  # fmt: skip
    told = [(step.state, step.took) for step in steps_of(run)]
    assert told == [("done", "1.0 s"), ("done", "2.5 s"), ("now", ""), *[("ahead", "")] * 5]
    assert steps_of(run)[1].at == NOW + dt.timedelta(seconds=61)
    run.state, run.step, run.finished_at = RunState.COMPLETED, "", NOW + dt.timedelta(seconds=65 + 61)
    run.log.append(line(STEPS[7], 65))
    assert (steps_of(run)[7].state, steps_of(run)[7].took) == ("done", "1 min 1 s")
    assert [step.at for step in steps_of(ResetRun(state=RunState.COMPLETED))] == [None] * 8, "older than the notes"


def test_anothers_run_is_not_there(book: District, other_district: District, csm: Client) -> None:
    run = ResetRun.objects.filter(district=other_district).latest("created_at")
    assert csm.get(page_of(run)).status_code == 404
    assert csm.post(page_of(run), {"do": "hold", "reason": "mine"}).status_code == 404
    assert csm.get(f"/admin/resets/resetrun/{run.pk}/progress/").status_code == 404
    assert csm.get("/admin/resets/resetrun/not-a-key/change/").status_code == 404
    assert not ControlChange.objects.exists()


def test_a_run_of_200_schools_takes_as_many_queries_as_one_of_two(book: District, csm: Client) -> None:
    counted = []
    for schools, categories in ((2, 2), (200, 15)):
        run = make_run(book, RunState.COMPLETED)
        fill_counts(run, schools, categories)
        csm.get(page_of(run))
        with CaptureQueriesContext(connection) as asked:
            csm.get(f"{page_of(run)}?schools=0-benchmarks")
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 20


def test_everything_is_stopped_in_two_steps_and_every_page_says_so(book: District, csm: Client) -> None:
    asked = csm.post(CONTROLS, {"do": "stop", "reason": "a wrong policy"}).content.decode()
    assert "Yes, stop all destructive work" in asked
    assert engine_control().stopped_at is None
    page = csm.post(CONTROLS, {"do": "stop", "reason": "a wrong policy", "sure": "yes"}, follow=True).content.decode()
    assert "All destructive work is stopped" in page
    assert engine_control().stopped_by.startswith("csm:")
    assert "All resets are stopped" in csm.get("/admin/").content.decode()
    again = csm.post(CONTROLS, {"do": "stop", "reason": "twice", "sure": "yes"}, follow=True).content.decode()
    assert "stopped already" in again


def test_only_a_superuser_lets_go_on_and_bounds(book: District, csm: Client, superuser: Client) -> None:
    stop_work(actor="csm:1", reason="a wrong policy", at=NOW)
    for asked in ({"do": "resume", "reason": "mended"}, {"do": "ceiling", "districts": "5", "reason": "slowly"}):
        assert csm.post(CONTROLS, asked).status_code == 403
    assert engine_control().stopped_at is not None
    superuser.post(CONTROLS, {"do": "resume", "reason": "mended"})
    assert engine_control().stopped_at is None
    bad = superuser.post(CONTROLS, {"do": "ceiling", "districts": "0", "reason": "slowly"})
    assert bad.status_code == 400
    assert "Give 1 or more" in bad.content.decode()
    superuser.post(CONTROLS, {"do": "ceiling", "districts": "5", "reason": "slowly"})
    assert engine_control().districts_per_hour == 5
    superuser.post(CONTROLS, {"do": "ceiling", "districts": "", "reason": "enough"})
    assert engine_control().districts_per_hour is None
    history = superuser.get(CONTROLS).content.decode()
    assert "Set the ceiling to 5 districts per hour" in history
    assert "All resets are stopped" not in superuser.get("/admin/").content.decode()


@pytest.mark.parametrize("asked", ["stop", "resume", "ceiling"])
def test_nothing_is_done_without_a_reason(asked: str, book: District, superuser: Client) -> None:
    if asked == "resume":
        stop_work(actor="csm:1", reason="a wrong policy", at=NOW)
    kept = ControlChange.objects.count()
    response = superuser.post(CONTROLS, {"do": asked, "reason": "", "sure": "yes"})
    assert response.status_code == 400
    assert "Give the reason" in response.content.decode()
    assert ControlChange.objects.count() == kept


def test_who_waits_is_counted(book: District, csm: Client, clock: Any) -> None:
    ResetRun.objects.all().delete()
    clock("2026-07-28T15:00:00+00:00")
    set_ceiling(1, actor="superuser:1", reason="slowly", at=NOW)
    assert csm.get(CONTROLS).context["waiting"] == 2
