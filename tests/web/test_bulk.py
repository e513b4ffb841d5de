"""Many districts' dates at once: the preview says what the rules say, and what was previewed is what is changed."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from products.models import Subscription
from products.registry import suite_named
from resets import dates
from resets.bulk.change import change_dates
from resets.bulk.judge import NO_WINDOW, RESET, SAME, judge_all
from resets.bulk.wish import Kind, Plan, Wish, sign_plan
from resets.models import (
    Answer,
    BulkChange,
    EngineControl,
    ResetRun,
    ResetSchedule,
    ResetWindow,
    RunState,
    ScheduleChange,
)
from resets.selectors import limits_of, pick_refusals
from resets.services import open_school_year, schedule_reset
from tenants.models import ClosedDay, Csm, District
from tests.web.desk import JULY_28, NOW, book, csm, superuser

__all__ = ["book", "csm", "superuser"]  # fixtures

ADDRESS = "/admin/resets/resetschedule/dates/"
TODAY = NOW.date()
JULY_9 = dt.date(2026, 7, 9)


def crowd(number: int, csm_of: Csm | None = None) -> list[int]:
    """Districts without a schema of their own, with a literacy date each, and every reason to be refused among them."""
    product = suite_named("literacy").products[0].code
    districts = District.objects.bulk_create(_district(place, csm_of) for place in range(number))
    Subscription.objects.bulk_create(
        Subscription(
            district=district, product=product, starts_on=dt.date(2024, 8, 1),
            ends_on=dt.date(2025, 6, 1) if place % 10 == 5 else None,
        )
        for place, district in enumerate(districts)
    )  # fmt: skip
    ClosedDay.objects.bulk_create(
        ClosedDay(district=district, on=JULY_9, reason="Audit")
        for place, district in enumerate(districts)
        if place % 10 == 1
    )
    schedules = ResetSchedule.objects.bulk_create(
        ResetSchedule(district=district, suite="literacy", school_year=2026, on=JULY_28) for district in districts
    )
    ResetRun.objects.bulk_create(
        ResetRun(
            district=schedule.district, schedule=schedule, suite="literacy", school_year=2026, on=JULY_28,
            state=RunState.QUEUED, actor="system:planner", created_at=NOW,
        )
        for place, schedule in enumerate(schedules)
        if place % 10 == 4
    )  # fmt: skip
    return [schedule.pk for schedule in schedules]


def _district(place: int, csm_of: Csm | None) -> District:
    return District(
        slug=f"d-{place}", name=f"District {place}", schema_name=f"d_{place}", school_year=2026, csm=csm_of,
        time_zone=("America/Chicago", "Pacific/Honolulu", "Pacific/Auckland")[place % 3],
        school_year_ends_on=dt.date(2026, 7, 9) if place % 10 == 2 else dt.date(2026, 6, 12),
        summer_session_ends_on=dt.date(2026, 7, 15) if place % 10 == 6 else None,
        rostering_starts_on=dt.date(2026, 7, 1) if place % 10 == 3 else dt.date(2026, 8, 10),
    )  # fmt: skip


@pytest.fixture
def many(csm: Client, clock: Callable[[str], Any]) -> list[int]:
    """Twenty schedules in the CSM's book."""
    clock(NOW.isoformat())
    open_school_year(2026)
    return crowd(20, Csm.objects.get())


def begin(client: Client, keys: list[int]) -> Any:
    return client.post(ADDRESS, {"schedule": keys})


def preview(client: Client, keys: list[int], **said: str) -> Any:
    chosen = begin(client, keys).context["chosen"]
    asked = {"kind": "date", "on": "2026-07-09", "reason": "The state's holiday", **said}
    return client.post(ADDRESS, {"step": "preview", "chosen": chosen, **asked})


def apply(client: Client, shown: Any) -> Any:
    return client.post(ADDRESS, {"step": "apply", "plan": shown.context["plan"]}, follow=True)


def lines(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_the_preview_says_who_is_refused_and_why(many: list[int], csm: Client) -> None:
    shown = preview(csm, many)
    found = shown.context["preview"]
    assert (found.number_changed, found.number_refused) == (8, 12)
    assert dict(found.reasons) == {
        "a closed day of the district": 2,
        "not after the school year ends": 2,
        "not before rostering for the new school year": 2,
        "reset already, or being reset": 2,
        "no subscription on that day": 2,
        "not after the summer school session ends": 2,
    }
    page = shown.content.decode()
    assert "8 dates will change, 12 will not" in page
    assert "July 9, 2026 is a closed day of the district." in page
    assert "Jul 10, 2026" in page  # the nearest valid date of those
    assert "Use the nearest valid date for the refused ones" in page
    assert not ScheduleChange.objects.exists()
    assert [row["why not"] for row in lines(csm.post(ADDRESS, {"step": "csv", "plan": shown.context["plan"]}))].count(
        ""
    ) == 8


def test_what_was_previewed_is_changed(many: list[int], csm: Client) -> None:
    done = apply(csm, preview(csm, many))
    page = done.content.decode()
    assert "8 dates were changed, 12 were not" in page
    changed = ResetSchedule.objects.filter(on=JULY_9)
    assert set(changed.values_list("answer", flat=True)) == {Answer.CUSTOM}
    history = ScheduleChange.objects.all()
    assert {(c.from_on, c.to_on, c.reason, c.actor[:4]) for c in history} == {
        (JULY_28, JULY_9, "The state's holiday", "csm:")
    }
    assert changed.count() == history.count() == 8
    change = BulkChange.objects.get()
    rows = lines(csm.get(f"{ADDRESS}{change.pk}.csv"))
    assert [row["changed"] for row in rows] == ["yes"] * 8 + ["no"] * 12
    assert all(row["why not"] for row in rows[8:])
    assert all(row["to"] == "2026-07-09" for row in rows[:8])


def test_the_refused_get_the_nearest_date_on_request(many: list[int], csm: Client) -> None:
    shown = preview(csm, many, nearest="on")
    found = shown.context["preview"]
    assert (found.number_changed, found.number_nearest, found.number_refused) == (16, 8, 4)
    apply(csm, shown)
    moved = dict(ScheduleChange.objects.values_list("schedule__district__slug", "to_on"))
    assert moved["d-1"] == dt.date(2026, 7, 10)
    assert moved["d-3"] == dt.date(2026, 6, 30)
    assert moved["d-6"] == dt.date(2026, 7, 16)


def test_dates_are_moved_by_days_or_to_the_default(many: list[int], csm: Client) -> None:
    apply(csm, preview(csm, many[:1], kind="days", days="-7", on=""))
    assert ResetSchedule.objects.get(pk=many[0]).on == dt.date(2026, 7, 21)
    shown = preview(csm, many[:1], kind="default", on="")
    assert "default date" in shown.content.decode()
    apply(csm, shown)
    assert ResetSchedule.objects.get(pk=many[0]).on == JULY_28
    again = preview(csm, many[:1], kind="default", on="").context["preview"]
    assert dict(again.reasons) == {"has that date already": 1}


def test_the_nights_afterwards_are_counted(many: list[int], csm: Client) -> None:
    EngineControl.objects.update_or_create(id=1, defaults={"districts_per_hour": 4})
    ResetSchedule.objects.filter(pk=many[4]).update(on=JULY_9)  # there already, and not moved
    shown = preview(csm, many)
    (night,) = shown.context["preview"].nights
    assert (night.on, night.districts, night.hours) == (JULY_9, 9, 3)
    assert "3 hours" in shown.content.decode()


def test_what_somebody_else_changed_meanwhile_is_named_and_left(many: list[int], csm: Client) -> None:
    shown = preview(csm, [many[0], many[7]])
    other = ResetSchedule.objects.select_related("district").get(pk=many[7])
    schedule_reset(other.district, "literacy", 2026, dt.date(2026, 7, 21), actor="csm:99", as_of=TODAY)
    page = apply(csm, shown).content.decode()
    assert "1 date was changed, 1 was not" in page
    assert "Somebody else changed it meanwhile; it has another date by now: July 21, 2026." in page
    other.refresh_from_db()
    assert other.on == dt.date(2026, 7, 21)
    assert ResetSchedule.objects.get(pk=many[0]).on == JULY_9


def test_what_became_invalid_meanwhile_is_left(many: list[int], csm: Client) -> None:
    shown = preview(csm, [many[0], many[7]])
    ResetSchedule.objects.get(pk=many[0]).district.closed_days.create(on=JULY_9, reason="Audit")
    page = apply(csm, shown).content.decode()
    assert "is a closed day of the district" in page
    assert ResetSchedule.objects.get(pk=many[0]).on == JULY_28


def test_doing_it_twice_does_it_once(many: list[int], csm: Client) -> None:
    shown = preview(csm, many)
    first, second = apply(csm, shown), apply(csm, shown)
    assert first.redirect_chain == second.redirect_chain
    assert ScheduleChange.objects.count() == 8


def test_only_the_own_book_is_changed(
    many: list[int], book: District, other_district: District, csm: Client, superuser: Client
) -> None:
    foreign = ResetSchedule.objects.get(district=other_district)
    assert begin(csm, [many[0], foreign.pk]).context["number"] == 1
    shown = preview(superuser, [foreign.pk])
    stolen = csm.post(ADDRESS, {"step": "apply", "plan": shown.context["plan"]}, follow=True).content.decode()
    assert "made by somebody else" in stolen
    forged = csm.post(ADDRESS, {"step": "apply", "plan": "x" + shown.context["plan"]}, follow=True).content.decode()
    assert "not whole" in forged
    assert not BulkChange.objects.exists()
    apply(superuser, shown)
    change = BulkChange.objects.get()
    assert csm.get(f"{ADDRESS}{change.pk}/").status_code == 404
    assert csm.get(f"{ADDRESS}{change.pk}.csv").status_code == 404


def test_a_district_that_left_the_book_is_left(many: list[int], csm: Client) -> None:
    shown = preview(csm, many[:1])
    District.objects.update(csm=None)
    page = apply(csm, shown).content.decode()
    assert "No date" in page or "0 dates were changed, 1 was not" in page
    assert ResetSchedule.objects.get(pk=many[0]).on == JULY_28


def test_the_board_sends_what_matches(many: list[int], csm: Client) -> None:
    assert csm.post(ADDRESS, {"filters": "year=2026&suite=literacy"}).context["number"] == 20
    assert csm.post(ADDRESS, {"filters": "year=2026&suite=math"}, follow=True).context["number"] == 0
    chosen = {"action": "change_dates", "_selected_action": many[:3]}
    assert csm.post("/admin/resets/resetschedule/", chosen).context["number"] == 3


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"on": ""}, "on"),
        ({"on": "July"}, "on"),
        ({"kind": "days", "days": ""}, "days"),
        ({"kind": "days", "days": "9999"}, "days"),
        ({"kind": "never"}, "kind"),
    ],
)
def test_a_wrong_form_is_told_at_its_field(many: list[int], csm: Client, said: dict[str, str], field: str) -> None:
    shown = preview(csm, many, **said)
    assert shown.status_code == 400
    assert list(shown.context["form"].errors) == [field]
    assert shown.context["number"] == 20


def test_nothing_chosen_leads_to_the_board(csm: Client) -> None:
    assert "To the board" in csm.get(ADDRESS).content.decode()
    assert "no reset date is chosen" in csm.post(ADDRESS, {}, follow=True).content.decode()


def test_hero_takes_the_exceptions_reason(many: list[int], csm: Client) -> None:
    district = District.objects.get(slug="d-0")
    Subscription.objects.create(district=district, product="hero", starts_on=dt.date(2024, 8, 1))
    hero = ResetSchedule.objects.create(
        district=district, suite="hero", school_year=2026, on=dt.date(2026, 7, 10), conflicts="range"
    )
    refused = preview(csm, [hero.pk], on="2026-07-20").context["preview"]
    assert dict(refused.reasons) == {"outside of the window's range": 1}
    apply(csm, preview(csm, [hero.pk, many[0]], on="2026-07-20", exception_reason="Camp"))
    hero.refresh_from_db()
    assert (hero.on, hero.exception_reason, hero.conflicts) == (dt.date(2026, 7, 20), "Camp", "")
    assert ResetSchedule.objects.get(pk=many[0]).exception_reason == ""


def test_two_thousand_with_a_few_questions_each_batch(csm: Client, clock: Callable[[str], Any]) -> None:
    clock(NOW.isoformat())
    open_school_year(2026)
    keys = crowd(2000)
    wish = Wish(Kind.DATE, on=JULY_9)
    with CaptureQueriesContext(connection) as asked:
        verdicts = list(judge_all(ResetSchedule.objects.all(), keys, wish, NOW))
    assert len(asked) <= 1 + 4 * 6
    assert sum(verdict.to_on is None for verdict in verdicts) == 1200
    rows = tuple((verdict.schedule.pk, verdict.seen, verdict.to_on) for verdict in verdicts)
    plan = Plan(BulkChange().pk, "csm:1", wish, "A reason", rows)
    assert len(sign_plan(plan)) < 40_000
    with CaptureQueriesContext(connection) as asked:
        change = change_dates(plan, ResetSchedule.objects.all(), NOW)
    assert len(asked) <= 8 + 4 * 9
    assert (change.changed, len(change.refused)) == (800, 1200)
    assert ScheduleChange.objects.filter(bulk=change).count() == 800


DAYS = st.dates(dt.date(2026, 5, 1), dt.date(2026, 9, 30))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(on=DAYS, ends=DAYS, summer=st.none() | DAYS, starts=DAYS, closed=st.sets(DAYS, max_size=5), hero=st.booleans())
def test_the_previews_verdict_is_the_rules(
    district: District, on: dt.date, ends: dt.date, summer: dt.date | None, starts: dt.date, closed: set[dt.date],
    hero: bool,
) -> None:  # fmt: skip
    open_school_year(2026)
    suite = "hero" if hero else "literacy"
    District.objects.filter(pk=district.pk).update(
        school_year_ends_on=ends, summer_session_ends_on=summer, rostering_starts_on=starts
    )
    product = suite_named(suite).products[0].code
    Subscription.objects.get_or_create(district=district, product=product, defaults={"starts_on": dt.date(2024, 8, 1)})
    ClosedDay.objects.filter(district=district).delete()
    ClosedDay.objects.bulk_create(ClosedDay(district=district, on=day) for day in closed)
    schedule, _ = ResetSchedule.objects.get_or_create(
        district=district, suite=suite, school_year=2026, defaults={"on": dt.date(2026, 12, 1)}
    )
    (verdict,) = judge_all(ResetSchedule.objects.all(), [schedule.pk], Wish(Kind.DATE, on=on, nearest=True), NOW)
    fresh = District.objects.prefetch_related("closed_days").get(pk=district.pk)
    window = ResetWindow.objects.get(suite=suite, school_year=2026)
    expected = dates.refusals(on, limits_of(fresh, window), TODAY)
    assert verdict.refusals == expected == pick_refusals(fresh, window, on, as_of=TODAY)
    assert verdict.to_on == (expected[0].nearest if expected else on)


def test_each_reason_has_a_short_name() -> None:
    from resets.desk.bulk_show import SHORT

    assert {refusal.code for refusal in (RESET, SAME, NO_WINDOW)} <= SHORT.keys()
