"""The resets' pages: what will happen, the district's answer, a run under way, failed, completed."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape
from django_tenants.utils import schema_context

from products.literacy.models import Avatar, Reward
from resets.models import Answer, PreviewCount, ResetRun, RunCount, RunState, ScheduleChange
from resets.policies.registry import policy_for
from resets.services import schedule_reset
from resets.views.rows import add_up
from rostering.models import School, Student
from tenants.models import District
from tenants.schema import enter_district
from tests.web.conftest import JUNE, TODAY, literacy_date

PREVIEW = "/resets/literacy/2026/"


def make_run(district: District, state: RunState = RunState.COMPLETED, **facts: Any) -> ResetRun:
    moment = dt.datetime.fromisoformat(JUNE)
    values = {"policy_version": policy_for("literacy").version, "started_at": moment, "finished_at": moment}
    values |= {"suite": "literacy", "school_year": 2026, **facts}
    with schema_context("public"):
        return ResetRun.objects.create(
            district=district, on=dt.date(2026, 6, 23), state=state, actor="csm:1",
            created_at=moment, **values,
        )  # fmt: skip


def add_counts(district: District, run: ResetRun) -> None:
    with enter_district(district):
        schools = list(School.objects.order_by("name").values_list("pk", flat=True))
    with schema_context("public"):
        for school, rows in zip(schools, (1200, 34), strict=True):
            RunCount.objects.create(
                run=run, position=1, category="booster_bits", action="Set to 0", school_id=school, before=rows,
                retained=4, changed=rows - 4,
            )  # fmt: skip


def test_every_rule_is_shown_in_the_sources_words(admin: Client) -> None:
    page = admin.get(PREVIEW).content.decode()
    for rule in policy_for("literacy").rules:
        assert escape(rule.because) in page
    assert "What will happen on Tuesday, July 28, 2026" in page
    assert "Retained as far back as 2019" in page


def test_counts_are_shown_in_all_and_per_school(admin: Client, school_admin: Client) -> None:
    label = "Students' Booster Bits and Imagine Museum levels"
    in_all = {row.label: row for row in admin.get(PREVIEW).context["rows"]}[label]
    rewards = {row.label: row for row in admin.get(f"{PREVIEW}?by=school").context["rows"]}[label]
    assert (in_all.counts, in_all.chip, in_all.said) == (add_up([rewards.counts]), rewards.chip, rewards.said)
    assert in_all.schools == ()
    assert (rewards.counts.before, rewards.counts.changed) == (40, 40)
    assert [(school.name, school.counts.changed) for school in rewards.schools] == [("School 1", 20), ("School 2", 20)]
    answer = school_admin.get(PREVIEW)
    own = {row.label: row for row in answer.context["rows"]}["Students' Booster Bits and Imagine Museum levels"]
    assert own.counts.changed == 20
    assert "School 2" not in answer.content.decode()


def test_a_district_agrees_to_its_date(admin: Client, rostered: District) -> None:
    text = admin.post(PREVIEW, {"answer": "agree"}, follow=True).content.decode()
    assert "You agreed to Tuesday, July 28, 2026" in text
    assert literacy_date(rostered).answer == Answer.AGREED
    with schema_context("public"):
        assert ScheduleChange.objects.get().actor.startswith("district_admin:")


def test_asking_for_another_date_is_answered_with_reasons(admin: Client, rostered: District) -> None:
    early = admin.post(PREVIEW, {"answer": "ask", "on": "2026-06-01", "reason": "Summer"})
    assert early.status_code == 400
    assert 'aria-invalid="true"' in early.content.decode()
    none = admin.post(PREVIEW, {"answer": "ask", "on": "", "reason": ""}).content.decode()
    assert "Choose a date." in none
    assert "Say in a few words why" in none
    done = admin.post(PREVIEW, {"answer": "ask", "on": "2026-07-14", "reason": "Summer session"}, follow=True)
    assert "You asked for Tuesday, July 14, 2026" in done.content.decode()
    schedule = literacy_date(rostered)
    assert (schedule.answer, schedule.on) == (Answer.ASKED, dt.date(2026, 7, 28))


def test_a_school_admin_may_look_and_not_answer(school_admin: Client, rostered: District) -> None:
    assert "Agree to" not in school_admin.get(PREVIEW).content.decode()
    assert school_admin.post(PREVIEW, {"answer": "agree"}).status_code == 403
    assert literacy_date(rostered).answer == Answer.NONE


@pytest.mark.parametrize("address", ["/resets/renaissance/2026/", "/resets/nothing/2026/", "/resets/literacy/1/"])
def test_what_is_not_reset_has_no_preview(admin: Client, address: str) -> None:
    assert admin.get(address).status_code == 404


def test_a_completed_run_says_what_it_did_and_how_it_was_verified(
    admin: Client, school_admin: Client, rostered: District
) -> None:
    run = make_run(rostered, evidence={"ledger_entry": 7, "moves": ["move: literacy_usage 2026"]})
    add_counts(rostered, run)
    page = admin.get(f"/resets/runs/{run.pk}/").content.decode()
    assert "Completed and verified" in page
    assert "before = kept + archived + deleted + changed" in page
    assert "1,234" in page
    assert "1,226" in page
    assert "Entry 7" in page
    own = school_admin.get(f"/resets/runs/{run.pk}/").content.decode()
    assert "1,200" in own
    assert "1,234" not in own
    assert "See the run" in admin.get(PREVIEW).content.decode()


def test_a_failed_run_says_what_to_do(admin: Client, rostered: District) -> None:
    run = make_run(rostered, RunState.FAILED, error="NewRosterError: the roster of 2026-27 has been imported already")
    page = admin.get(f"/resets/runs/{run.pk}/").content.decode()
    assert "The reset failed, and nothing was changed" in page
    assert "The reset must come first" in page
    unknown = make_run(rostered, RunState.FAILED, error="OperationalError: gone")
    assert "Tell your customer success manager" in admin.get(f"/resets/runs/{unknown.pk}/").content.decode()


def test_a_run_under_way_tells_its_step(admin: Client, rostered: District) -> None:
    run = make_run(rostered, RunState.RUNNING, step="verifying", finished_at=None)
    whole = admin.get(f"/resets/runs/{run.pk}/").content.decode()
    piece = admin.get(f"/resets/runs/{run.pk}/progress/").content.decode()
    assert 'http-equiv="refresh"' in whole
    assert "<html" not in piece
    assert "Verifying." in piece
    assert "is under way" in admin.get("/").content.decode()
    with schema_context("public"):
        ResetRun.objects.filter(pk=run.pk).update(state=RunState.COMPLETED)
    assert admin.get(f"/resets/runs/{run.pk}/progress/").headers["HX-Refresh"] == "true"


def test_another_districts_run_is_not_there(admin: Client, other_district: District) -> None:
    run = make_run(other_district)
    for address in (f"/resets/runs/{run.pk}/", f"/resets/runs/{run.pk}/progress/", f"/resets/runs/{uuid.uuid4()}/"):
        assert admin.get(address).status_code == 404


def test_the_list_names_date_answer_and_state(admin: Client) -> None:
    page = admin.get("/resets/").content.decode()
    assert "Jul 28, 2026" in page
    assert "in 34 days" in page
    assert "No answer yet" in page


def test_whether_a_date_can_be_had_is_told_while_it_is_chosen(admin: Client, rostered: District) -> None:
    form = {"answer": "check", "reason": ""}
    early = admin.post(PREVIEW, {**form, "on": "2026-06-01"}, headers={"hx-request": "true"}).content.decode()
    assert "Monday, June 1, 2026 cannot be had" in early
    assert "You may choose any date June 19, 2026 or after." in early
    assert "The nearest valid date is" in early
    assert "<html" not in early
    assert "can be had" in admin.post(PREVIEW, {**form, "on": "2026-07-14"}).content.decode()
    assert "Write the date as" in admin.post(PREVIEW, {**form, "on": "soon"}).content.decode()
    with schema_context("public"):
        assert not ScheduleChange.objects.exists()


def test_a_school_admin_is_told_nothing_of_other_dates(school_admin: Client) -> None:
    assert school_admin.post(PREVIEW, {"answer": "check", "on": "2026-07-14"}).status_code == 403


def test_the_dates_history_tells_who_and_why(admin: Client, rostered: District) -> None:
    admin.post(PREVIEW, {"answer": "ask", "on": "2026-07-14", "reason": "Summer session"})
    schedule_reset(rostered, "literacy", 2026, dt.date(2026, 7, 14), actor="csm:1", as_of=TODAY, reason="As you asked")
    first, second = admin.get(PREVIEW).context["changes"]
    assert (first.text, first.who, first.reason) == (
        "Moved from July 28 to July 14.", "your customer success manager", "As you asked",
    )  # fmt: skip
    assert (second.text, second.reason) == ("July 14 asked for instead of July 28.", "Summer session")
    assert "As you asked" in admin.get(PREVIEW).content.decode()


def test_what_cannot_be_restored_is_said_before_the_answer(admin: Client, rostered: District) -> None:
    with enter_district(rostered):
        Avatar.objects.create(student=Student.objects.order_by("pk")[0], product="espanol")
    page = admin.get(PREVIEW).content.decode()
    assert page.index("will be deleted and cannot be restored") < page.index("Do you agree to")


def test_the_kept_count_is_shown_until_it_is_counted_anew(admin: Client, rostered: District) -> None:
    label = "Students' Booster Bits and Imagine Museum levels"

    def changed() -> int:
        return int({row.label: row for row in admin.get(PREVIEW).context["rows"]}[label].counts.changed)

    assert changed() == 40
    with enter_district(rostered):
        Reward.objects.filter(pk__in=list(Reward.objects.values_list("pk", flat=True)[:10])).delete()
    assert changed() == 40, "as counted, and said so"
    assert "counted Jun 24, 2026" in admin.get(PREVIEW).content.decode()
    assert admin.get(f"{PREVIEW}?by=school").context["total"].changed < admin.get(PREVIEW).context["total"].changed
    with schema_context("public"):
        PreviewCount.objects.update(policy_version="of old")
    assert changed() == 30, "another policy's count is not shown"
