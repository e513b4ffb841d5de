"""Windows at the desk: edited as data, beside last year's, carried on; no date is broken without saying so."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from products.registry import suite_named
from resets.differences import Difference, policy_differences, window_differences
from resets.models import ResetRun, ResetSchedule, ResetWindow, RunCount, RunState
from resets.recorded import current_actions, recorded_rules
from resets.services import open_school_year
from resets.window_conflicts import newly_broken
from tenants.models import District
from tests.web.desk import JULY_28, NOW, book, csm, superuser

__all__ = ["book", "csm", "superuser"]  # fixtures

YEAR = "/admin/resets/resetwindow/year/2026/"
CARRY = "/admin/resets/resetwindow/year/2027/carry/"


def window_of(suite: str, year: int = 2026) -> ResetWindow:
    return ResetWindow.objects.get(suite=suite, school_year=year)


def save(client: Client, window: ResetWindow, **changes: str) -> Any:
    said = {
        "default_on": str(window.default_on), "earliest_on": str(window.earliest_on),
        "latest_on": str(window.latest_on or ""), "lead_days": str(window.lead_days), "run_hour": str(window.run_hour),
        "export_grace_days": str(window.export_grace_days), "pauses_syncs": "on",
        **({"exception_allowed": "on"} if window.exception_allowed else {}), **changes,
    }  # fmt: skip
    return client.post(f"/admin/resets/resetwindow/{window.pk}/change/", said, follow=True)


def said_of(window: ResetWindow, **last: Any) -> dict[str, str]:
    usual = {"default_on": dt.date(2025, 7, 28), "earliest_on": dt.date(2025, 6, 19), "export_grace_days": 3}
    facts = {**usual, **last}
    before = ResetWindow(suite=window.suite, school_year=2025, **facts)
    return {found.subject: found.text for found in window_differences(window, before)}


LITERACY = ResetWindow(
    suite="literacy",
    school_year=2026,
    default_on=dt.date(2026, 7, 28),
    earliest_on=dt.date(2026, 6, 19),
    export_grace_days=3,
)


@pytest.mark.parametrize(
    ("last", "subject", "text"),
    [
        ({}, "Default date", "July 28, as last year"),
        ({"default_on": dt.date(2025, 7, 21)}, "Default date", "July 28; last year July 21"),
        ({"earliest_on": dt.date(2025, 6, 15)}, "Earliest date", "June 19; last year June 15"),
        (
            {"latest_on": dt.date(2025, 7, 30)},
            "Latest date",
            "any day before rostering; last year July 30",
        ),
        (
            {"latest_on": dt.date(2025, 7, 30), "exception_allowed": True},
            "Leaving its range",
            "there is none to leave; last year allowed with a reason",
        ),
        ({"lead_days": 7}, "Lead time", "1 day ahead; last year 7 days ahead"),
        ({"pauses_syncs": False}, "Nightly syncs", "pause from the reset date; last year go on"),
        (
            {"export_grace_days": 0},
            "Waits for the download of the year's data",
            "up to 3 days after the date, where the reset deletes; last year not at all",
        ),
        ({"run_hour": 14}, "Starts at", "2 AM, local time; last year 2 PM, local time"),
    ],
)
def test_a_windows_differences_are_told_in_plain_words(last: dict[str, Any], subject: str, text: str) -> None:
    assert said_of(LITERACY, **last)[subject] == text
    others = {name: said for name, said in said_of(LITERACY, **last).items() if name != subject}
    if "latest_on" not in last:
        assert all(said.endswith(", as last year") for said in others.values())


def test_without_last_year_nothing_differs() -> None:
    found = window_differences(LITERACY, None)
    assert len(found) == 8
    assert not any(difference.is_different for difference in found)


def test_a_policys_differences_are_told_in_plain_words() -> None:
    now = {"Reading benchmarks": frozenset({"Archived"}), "Tracking": frozenset({"Archived", "Deleted"}),
           "New": frozenset({"Retained"})}  # fmt: skip
    last = {"Reading benchmarks": frozenset({"Retained"}), "Tracking": frozenset({"Archived", "Deleted"}),
            "Old": frozenset({"Deleted"})}  # fmt: skip
    assert [str(found) for found in policy_differences(now, last)] == [
        "Reading benchmarks: archived; last year retained",
        "Old: not kept any more; last year deleted",
        "Tracking: archived or deleted, depending on the school's subscription, as last year",
        "New: retained; nothing is recorded of last year",
    ]
    assert Difference("Old", "not kept any more", "deleted").is_different


def test_the_rules_of_today_and_the_recorded_ones_agree(book: District) -> None:
    for suite in ("literacy", "math", "hero"):
        run = record(book, suite, {})
        recorded = recorded_rules(suite, 2025)
        assert recorded.versions == ("2023.1",)
        assert policy_differences(current_actions(suite), recorded.actions)
        assert not [
            found for found in policy_differences(current_actions(suite), recorded.actions) if found.is_different
        ]
        assert run.counts.exists()
    assert current_actions("hero")["Behavior codes"] == frozenset({"Retained", "Deleted"})


def record(district: District, suite: str, changes: dict[str, str], version: str = "2023.1") -> ResetRun:
    """A completed run of last year, which did what today's policy does, but for some changes."""
    run = ResetRun.objects.create(
        district=district, suite=suite, school_year=2025, on=dt.date(2025, 7, 28), state=RunState.COMPLETED,
        actor="system:planner", created_at=NOW - dt.timedelta(days=330), policy_version=version,
    )  # fmt: skip
    actions = current_actions(suite)
    RunCount.objects.bulk_create(
        RunCount(run=run, position=place, category=category.code, action=action, before=1, retained=1)
        for category in suite_named(suite).categories
        for place, action in enumerate(sorted(actions[category.label]))
        for action in [changes.get(category.code, action)]
    )
    return run


def test_the_years_page_tells_both(book: District, csm: Client, superuser: Client) -> None:
    open_school_year(2025)
    ResetWindow.objects.filter(suite="hero", school_year=2025).update(exception_allowed=False)
    record(book, "literacy", {"benchmarks": "Retained"}, "2022.1")
    page = csm.get(YEAR).content.decode()
    label = suite_named("literacy").category("benchmarks").label
    assert "July 28, as last year" in page
    assert "allowed with a reason; last year not allowed" in page
    assert f'<span class="d-strong">{label}</span>: archived; last year retained' in page
    assert "last year&#x27;s runs executed 2022.1" in page or "last year's runs executed 2022.1" in page
    assert "No reset of last year is recorded" in page
    assert "1 date hangs on this window" in page
    assert "Carry to" not in page
    assert "2 dates hang on this window" in superuser.get(YEAR).content.decode()
    assert csm.get("/admin/resets/resetwindow/year/")["Location"] == YEAR
    assert csm.get("/admin/resets/resetwindow/year/1999/").status_code == 404


def test_carrying_is_previewed_and_one_action(book: District, csm: Client, superuser: Client) -> None:
    assert "Carry to" in superuser.get(YEAR).content.decode()
    page = superuser.get(CARRY).content.decode()
    assert "3 windows will be made" in page
    assert "Wednesday, July 28, 2027 instead of Tuesday, July 28, 2026" in page
    assert not ResetWindow.objects.filter(school_year=2027).exists()
    assert csm.get(CARRY).status_code == 200
    assert csm.post(CARRY).status_code == 403
    assert not ResetWindow.objects.filter(school_year=2027).exists()
    page = superuser.post(CARRY, follow=True).content.decode()
    assert "3 windows of 2026-27 made" in page
    hero = window_of("hero", 2027)
    assert (hero.earliest_on, hero.latest_on, hero.exception_allowed) == (
        dt.date(2027, 7, 1),
        dt.date(2027, 7, 15),
        True,
    )
    assert (
        "has its window of 2026-27 already; nothing was changed" in superuser.post(CARRY, follow=True).content.decode()
    )
    assert "already" in superuser.get(CARRY).content.decode()


def test_a_change_that_breaks_dates_says_whose_before_it_is_saved(book: District, superuser: Client) -> None:
    window = window_of("literacy")
    ResetSchedule.objects.filter(district=book).update(on=dt.date(2026, 6, 22))
    refused = save(superuser, window, earliest_on="2026-07-01").content.decode()
    assert "1 district&#x27;s date would break the new rules: Maple Unified (June 22, 2026)." in refused
    assert window_of("literacy").earliest_on == dt.date(2026, 6, 19)
    saved = save(superuser, window, earliest_on="2026-07-01", save_all_the_same="on").content.decode()
    assert "2 dates hang on it; 1 break a rule by now" in saved
    assert window_of("literacy").earliest_on == dt.date(2026, 7, 1)
    assert ResetSchedule.objects.get(district=book).conflicts == "earliest"
    again = save(superuser, window_of("literacy"), lead_days="3").content.decode()
    assert "saved. 2 dates" in again  # what is broken already stands in nobody's way


def test_who_is_newly_broken(book: District, other_district: District) -> None:
    facts: dict[str, Any] = {"suite": "hero", "school_year": 2026}
    excepted = ResetSchedule.objects.create(district=book, on=dt.date(2026, 7, 20), exception_reason="Camp", **facts)
    inside = ResetSchedule.objects.create(district=other_district, on=dt.date(2026, 7, 14), **facts)
    before, wanted = window_of("hero"), window_of("hero")
    wanted.latest_on = dt.date(2026, 7, 10)
    assert list(newly_broken(wanted, before)) == [inside]
    wanted.exception_allowed = False
    assert set(newly_broken(wanted, before)) == {inside, excepted}
    wanted.latest_on = None
    assert not newly_broken(wanted, before).exists()
    wanted.latest_on = dt.date(2026, 7, 10)
    ResetRun.objects.create(
        district=other_district, on=JULY_28, state=RunState.COMPLETED, actor="x", created_at=NOW, **facts
    )
    assert list(newly_broken(wanted, before)) == [excepted]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"latest_on": "2026-06-01"}, "latest_on"),
        ({"default_on": "2026-06-18"}, "default_on"),
        ({"latest_on": "2026-07-20"}, "default_on"),
        ({"earliest_on": "2025-06-19"}, "earliest_on"),
        ({"latest_on": "2027-07-30"}, "latest_on"),
        ({"run_hour": "24"}, "run_hour"),
        ({"export_grace_days": "31"}, "export_grace_days"),
        ({"lead_days": "500"}, "lead_days"),
        ({"default_on": ""}, "default_on"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    book: District, superuser: Client, changes: dict[str, str], field: str
) -> None:
    answer = save(superuser, window_of("literacy"), **changes)
    assert list(answer.context["adminform"].form.errors) == [field]


def test_a_window_keeps_its_suite_and_year(book: District, superuser: Client) -> None:
    window = window_of("literacy")
    save(superuser, window, suite="math", school_year="2030")
    window.refresh_from_db()
    assert (window.suite, window.school_year) == ("literacy", 2026)


def test_a_window_is_added(superuser: Client) -> None:
    said = {
        "suite": "literacy", "school_year": "2026", "default_on": "2026-07-28", "earliest_on": "2026-06-19",
        "lead_days": "1", "run_hour": "2", "export_grace_days": "3",
    }  # fmt: skip
    assert superuser.post("/admin/resets/resetwindow/add/", said).status_code == 302
    assert window_of("literacy").default_on == JULY_28


def test_more_years_and_runs_ask_no_more(book: District, superuser: Client) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert superuser.get(address).status_code == 200
        return len(asked)

    open_school_year(2025)
    record(book, "literacy", {})
    queries(YEAR)
    few = queries(YEAR), queries(CARRY)
    for year in range(2015, 2025):
        open_school_year(year)
    for number in range(10):
        district = District.objects.create(
            slug=f"d-{number}", name=f"D {number}", schema_name=f"d_{number}", school_year=2026,
            school_year_ends_on=dt.date(2026, 6, 1), rostering_starts_on=dt.date(2026, 8, 1),
        )  # fmt: skip
        record(district, "literacy", {})
        ResetSchedule.objects.create(district=district, suite="literacy", school_year=2026, on=JULY_28)
    assert (queries(YEAR), queries(CARRY)) == few
