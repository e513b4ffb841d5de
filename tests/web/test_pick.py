"""Picking a date at the desk: what is refused and what instead, what happens then, who may, and what was said since."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from approvals.models import Approval
from products.models import Subscription
from products.registry import suite_named
from resets import dates
from resets.counted import KIND, count_job
from resets.errors import ChangedMeanwhileError
from resets.models import (
    Answer,
    EngineControl,
    PreviewCount,
    ResetRun,
    ResetSchedule,
    ResetWindow,
    RunState,
    ScheduleChange,
)
from resets.services import ask_for_date, open_school_year, schedule_reset
from tenants.models import District, DistrictStatus, Job, JobState
from tests.web.desk import JULY_28, NOW, book, csm, superuser

__all__ = ["book", "csm", "superuser"]  # fixtures

TODAY = NOW.date()
HTMX = {"HX-Request": "true"}


@pytest.fixture
def schedule(book: District) -> ResetSchedule:
    """The district's date for literacy, which no run stands in the way of."""
    return ResetSchedule.objects.select_related("district").get(district=book)


@pytest.fixture
def hero(book: District) -> ResetSchedule:
    """Its date for Hero, inside the range of July 1 to 15."""
    Subscription.objects.create(district=book, product="hero", starts_on=dt.date(2025, 8, 1))
    return ResetSchedule.objects.create(district=book, suite="hero", school_year=2026, on=dt.date(2026, 7, 10))


def address(schedule: ResetSchedule) -> str:
    return f"/admin/resets/resetschedule/{schedule.pk}/date/"


def pick(client: Client, schedule: ResetSchedule, on: str, **said: Any) -> Any:
    seen = schedule.changes.order_by("-pk").values_list("pk", flat=True).first() or 0
    data = {"do": "pick", "on": on, "reason": "Asked for by phone", "seen": seen, **said}
    return client.post(address(schedule), data, follow=True)


def test_a_date_is_picked_and_told(schedule: ResetSchedule, csm: Client) -> None:
    page = pick(csm, schedule, "2026-07-08").content.decode()
    assert "is moved from Tuesday, July 28, 2026 to Wednesday, July 8, 2026. It starts by itself on that day" in page
    schedule.refresh_from_db()
    assert (schedule.on, schedule.answer) == (dt.date(2026, 7, 8), Answer.CUSTOM)
    change = schedule.changes.get()
    assert (change.from_on, change.to_on, change.reason) == (JULY_28, dt.date(2026, 7, 8), "Asked for by phone")
    who = User.objects.get(email="casey@vendor.example")
    assert change.actor == f"csm:{who.pk}"
    assert f"{who.name}: Another date picked" in page


@pytest.mark.parametrize(
    ("on", "facts", "reason", "nearest"),
    [
        ("2026-06-18", {}, "You may choose any date June 19, 2026 or after.", "June 21, 2026"),
        (
            "2026-06-29",
            {"school_year_ends_on": dt.date(2026, 6, 30)},
            "The school year ends on June 30, 2026, and the reset must follow it.",
            "July 1, 2026",
        ),
        (
            "2026-07-10",
            {"summer_session_ends_on": dt.date(2026, 7, 10)},
            "The summer school session ends on July 10, 2026, and the reset must follow it.",
            "July 11, 2026",
        ),
        (
            "2026-08-10",
            {},
            "The reset must take place BEFORE rostering for the new school year, which starts on August 10, 2026.",
            "August 9, 2026",
        ),
        ("2026-06-19", {}, "June 19, 2026 is in the past.", "June 21, 2026"),
        ("2026-06-20", {}, "A date must be picked at least 1 day(s) ahead.", "June 21, 2026"),
    ],
)
def test_each_refusal_is_told_with_the_nearest_date(
    schedule: ResetSchedule, csm: Client, on: str, facts: dict[str, Any], reason: str, nearest: str
) -> None:
    District.objects.filter(pk=schedule.district_id).update(**facts)
    plain = csm.post(address(schedule), {"do": "check", "on": on}).content.decode()
    fragment = csm.post(address(schedule), {"do": "check", "on": on}, headers=HTMX).content.decode()
    for page in (plain, fragment):
        assert reason in page
        assert f"Use {nearest}" in page
    assert fragment.strip() in plain
    saved = pick(csm, schedule, on)
    assert saved.status_code == 400
    assert f"{reason} The nearest valid date is {nearest}." in saved.content.decode()
    schedule.refresh_from_db()
    assert (schedule.on, schedule.changes.count()) == (JULY_28, 0)


def test_a_closed_day_is_refused(schedule: ResetSchedule, csm: Client) -> None:
    schedule.district.closed_days.create(on=dt.date(2026, 7, 8), reason="Audit")
    page = csm.post(address(schedule), {"do": "check", "on": "2026-07-08"}).content.decode()
    assert "July 8, 2026 is a closed day of the district." in page
    assert "Use July 9, 2026" in page


def test_hero_leaves_its_range_only_with_a_reason(hero: ResetSchedule, csm: Client) -> None:
    page = csm.post(address(hero), {"do": "check", "on": "2026-07-20"}, headers=HTMX).content.decode()
    assert "archived between July 1, 2026 and July 15, 2026. Another date needs an exception with a reason." in page
    assert "Use July 15, 2026" in page
    excepted = {"on": "2026-07-20", "exception_reason": "Summer camp"}
    page = csm.post(address(hero), {"do": "check", **excepted}, headers=HTMX).content.decode()
    assert "Monday, July 20, 2026: a valid date, in 30 days." in page
    assert pick(csm, hero, **excepted).status_code == 200
    hero.refresh_from_db()
    assert (hero.on, hero.exception_reason) == (dt.date(2026, 7, 20), "Summer camp")
    pick(csm, hero, "2026-07-14", exception_reason="Summer camp")
    hero.refresh_from_db()
    assert (hero.on, hero.exception_reason) == (dt.date(2026, 7, 14), "")  # inside of the range no exception is kept


def test_only_a_window_with_a_range_asks_for_an_exception(
    schedule: ResetSchedule, hero: ResetSchedule, csm: Client
) -> None:
    assert "Reason for an exception" in csm.get(address(hero)).content.decode()
    assert "Reason for an exception" not in csm.get(address(schedule)).content.decode()


def test_the_nearest_date_is_put_into_the_form_and_not_saved(schedule: ResetSchedule, csm: Client) -> None:
    said = {"on": "2026-08-20", "use": "2026-08-09", "reason": "They start late"}
    for headers in ({}, HTMX):
        page = csm.post(address(schedule), said, headers=headers).content.decode()
        assert 'value="2026-08-09"' in page
        assert 'value="They start late"' in page
        assert "Sunday, August 9, 2026: a valid date" in page
    assert ResetSchedule.objects.get(pk=schedule.pk).on == JULY_28


def test_a_reason_is_asked_for(schedule: ResetSchedule, csm: Client) -> None:
    answer = pick(csm, schedule, "2026-07-08", reason=" ")
    assert answer.status_code == 400
    assert "Say in a few words why" in answer.content.decode()
    assert "This field is required" not in answer.content.decode()
    assert pick(csm, schedule, "July").status_code == 400
    assert not schedule.changes.exists()


def test_a_suite_that_is_not_subscribed_to_is_refused(schedule: ResetSchedule, csm: Client) -> None:
    Subscription.objects.filter(district=schedule.district).update(ends_on=dt.date(2025, 7, 1))
    page = csm.post(address(schedule), {"do": "check", "on": "2026-07-08"}).content.decode()
    assert "subscribes to no product of this suite" in page
    assert pick(csm, schedule, "2026-07-08").status_code == 400


def test_the_night_and_the_other_dates_are_told(
    schedule: ResetSchedule, hero: ResetSchedule, other_district: District, csm: Client
) -> None:
    EngineControl.objects.update_or_create(id=1, defaults={"districts_per_hour": 1})
    page = csm.post(address(hero), {"do": "check", "on": "2026-07-28"}, headers=HTMX).content.decode()
    assert "2 districts reset</span>, this one included. At 1 district an hour that takes about 2 hours." in page
    assert "Imagine Learning Literacy suite" in page
    assert "Tuesday, July 28, 2026</a>, the same day" in page


def test_what_the_district_asked_for_is_agreed_to_in_one_step(schedule: ResetSchedule, csm: Client) -> None:
    district = schedule.district
    ask_for_date(
        district, "literacy", 2026, dt.date(2026, 7, 14), actor="district_admin:1", as_of=TODAY, reason="Late camp"
    )
    page = csm.get(address(schedule)).content.decode()
    assert "The district asks for Tuesday, July 14, 2026." in page
    assert "“Late camp”" in page
    seen = schedule.changes.get().pk
    page = csm.post(address(schedule), {"do": "agree", "seen": seen}, follow=True).content.decode()
    assert "is moved from Tuesday, July 28, 2026 to Tuesday, July 14, 2026" in page
    assert "As the district asked: Late camp" in page
    assert "The district asks for" not in page
    schedule.refresh_from_db()
    assert (schedule.on, schedule.answer) == (dt.date(2026, 7, 14), Answer.CUSTOM)
    again = csm.post(address(schedule), {"do": "agree", "seen": seen}, follow=True).content.decode()
    assert "asks for no other date" in again


def test_an_asked_date_that_cannot_be_had_any_more_is_told(schedule: ResetSchedule, csm: Client) -> None:
    ask_for_date(
        schedule.district, "literacy", 2026, dt.date(2026, 7, 14), actor="district_admin:1", as_of=TODAY, reason="Camp"
    )
    District.objects.filter(pk=schedule.district_id).update(summer_session_ends_on=dt.date(2026, 7, 20))
    seen = schedule.changes.get().pk
    page = csm.post(address(schedule), {"do": "agree", "seen": seen}, follow=True).content.decode()
    assert "The date was not changed: The summer school session ends on July 20, 2026" in page
    assert ResetSchedule.objects.get(pk=schedule.pk).on == JULY_28


def test_the_second_of_two_who_pick_at_once_is_told(schedule: ResetSchedule, csm: Client, superuser: Client) -> None:
    seen = csm.get(address(schedule)).context["form"]["seen"].value()
    assert pick(superuser, schedule, "2026-07-08").status_code == 200
    page = pick(csm, schedule, "2026-07-09", seen=seen).content.decode()
    assert "The date was not changed: somebody else changed the date since you saw it" in page
    assert ResetSchedule.objects.get(pk=schedule.pk).on == dt.date(2026, 7, 8)
    assert ScheduleChange.objects.count() == 1


def test_of_two_at_the_same_moment_one_is_told(
    committed_districts: Callable[..., District], clock: Callable[[str], Any]
) -> None:
    clock(NOW.isoformat())
    district = committed_districts("birch")
    open_school_year(2026)
    Subscription.objects.create(
        district=district, product=suite_named("literacy").products[0].code, starts_on=dt.date(2025, 8, 1)
    )
    ResetSchedule.objects.create(district=district, suite="literacy", school_year=2026, on=JULY_28)
    both = threading.Barrier(2)

    def change(day: int) -> str:
        try:
            both.wait(timeout=30)
            schedule_reset(
                district, "literacy", 2026, dt.date(2026, 7, day), actor=f"csm:{day}", as_of=TODAY, reason="x", seen=0
            )
        except ChangedMeanwhileError:
            return "told"
        finally:
            connection.close()
        return "picked"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(change, (8, 9))) == ["picked", "told"]
    assert ScheduleChange.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "said"),
    [(RunState.COMPLETED, "completed and verified on"), (RunState.QUEUED, "The reset is under way.")],
)
def test_a_reset_that_is_made_or_under_way_has_no_form(
    schedule: ResetSchedule, csm: Client, state: str, said: str
) -> None:
    run = ResetRun.objects.create(
        district=schedule.district, suite="literacy", school_year=2026, on=JULY_28, schedule=schedule, state=state,
        actor="system:planner", created_at=NOW + dt.timedelta(hours=1), finished_at=NOW,
    )  # fmt: skip
    page = csm.get(address(schedule)).content.decode()
    assert said in page
    assert 'name="reason"' not in page
    assert f"/admin/resets/resetrun/{run.pk}/change/" in page
    assert "cannot be changed any more" in pick(csm, schedule, "2026-07-30").content.decode()
    assert ResetSchedule.objects.get(pk=schedule.pk).on == JULY_28


def test_after_a_failed_run_a_later_date_postpones(schedule: ResetSchedule, csm: Client) -> None:
    page = csm.get(address(schedule)).content.decode()
    assert "failed; nothing was changed." in page
    assert "postpones the reset" in page
    assert pick(csm, schedule, "2026-07-30").status_code == 200
    assert ResetSchedule.objects.get(pk=schedule.pk).on == dt.date(2026, 7, 30)


def test_a_held_date_says_so(schedule: ResetSchedule, csm: Client) -> None:
    ResetSchedule.objects.filter(pk=schedule.pk).update(held_at=NOW, held_by="csm:1", held_reason="A lawsuit")
    page = csm.get(address(schedule)).content.decode()
    assert "It is held: nothing is reset while it is" in page
    assert "A lawsuit" in page


def test_a_first_date_is_picked(book: District, csm: Client) -> None:
    product = suite_named("math").products[0].code
    Subscription.objects.create(district=book, product=product, starts_on=dt.date(2025, 8, 1))
    first = f"/admin/resets/resetschedule/first/{book.pk}/math/2026/"
    page = csm.get(first).content.decode()
    assert "There is no date yet." in page
    assert "Assessment, Progress, Pathway, and Usage data are all deleted." in page
    said = {"do": "pick", "on": "2026-07-08", "reason": "Their first year", "seen": 0}
    page = csm.post(first, said, follow=True).content.decode()
    assert "the reset of Imagine Math suite is on Wednesday, July 8, 2026" in page
    schedule = ResetSchedule.objects.get(district=book, suite="math")
    assert schedule.changes.get().from_on is None
    assert csm.get(first)["Location"] == address(schedule)


def test_nothing_can_be_picked_in_a_year_that_is_not_open(book: District, csm: Client) -> None:
    ResetWindow.objects.all().delete()
    schedule = ResetSchedule.objects.get(district=book)
    page = csm.get(address(schedule)).content.decode()
    assert "No reset window is open for Imagine Learning Literacy suite in 2025-26" in page
    assert "cannot be changed" in pick(csm, schedule, "2026-07-08").content.decode()


def test_it_is_the_own_books_only(book: District, other_district: District, csm: Client, superuser: Client) -> None:
    foreign = ResetSchedule.objects.get(district=other_district)
    assert csm.get(address(foreign)).status_code == 404
    assert pick(csm, foreign, "2026-07-08").status_code == 404
    first = f"/admin/resets/resetschedule/first/{other_district.pk}/literacy/2026/"
    assert csm.get(first).status_code == 404
    assert superuser.get(address(foreign)).status_code == 200
    assert foreign.changes.count() == 0
    for odd in ("0", "x", "9" * 30):
        assert csm.get(f"/admin/resets/resetschedule/{odd}/date/").status_code == 404
    assert csm.get(f"/admin/resets/resetschedule/first/{book.pk}/nothing/2026/").status_code == 404
    assert csm.get(f"/admin/resets/resetschedule/first/{book.pk}/renaissance/2026/").status_code == 404


def test_it_is_counted_in_the_background_and_kept(schedule: ResetSchedule, csm: Client) -> None:
    page = csm.get(address(schedule)).content.decode()
    assert "It is being counted" in page
    assert "?part=counts" in page
    csm.get(address(schedule))
    job = Job.objects.get(kind=KIND)
    count_job(schedule.district, job)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    counted = PreviewCount.objects.get(schedule=schedule)
    assert counted.lines[0]["category"] == "student_accounts"
    assert counted.reset_on == JULY_28
    fragment = csm.get(f"{address(schedule)}?part=counts", headers=HTMX).content.decode()
    assert "It is being counted" not in fragment
    assert "Counted Jun 20, 2026, 10:00 AM" in fragment
    assert fragment.lstrip().startswith("<section")
    csm.get(address(schedule))
    assert Job.objects.filter(kind=KIND).count() == 1


@pytest.mark.parametrize("why", ["a day", "an import", "another date", "another policy", "on demand"])
def test_it_is_counted_again_when_it_is_old(schedule: ResetSchedule, csm: Client, clock: Any, why: str) -> None:
    counted = PreviewCount.objects.create(
        schedule=schedule, policy_version="2023.1", counted_at=NOW, reset_on=JULY_28, lines=[]
    )
    csm.get(address(schedule))
    assert not Job.objects.filter(kind=KIND).exists()
    if why == "a day":
        clock((NOW + dt.timedelta(days=1, minutes=1)).isoformat())
    elif why == "an import":
        later = NOW + dt.timedelta(minutes=5)
        DistrictStatus.objects.update_or_create(district=schedule.district, defaults={"last_import_at": later})
    elif why == "another date":
        schedule_reset(schedule.district, "literacy", 2026, dt.date(2026, 7, 9), actor="csm:1", as_of=TODAY)
    elif why == "another policy":
        PreviewCount.objects.filter(pk=counted.pk).update(policy_version="2022.1")
    else:
        csm.post(address(schedule), {"do": "count"})
    csm.get(address(schedule))
    assert Job.objects.filter(kind=KIND).count() == 1


def test_a_count_that_failed_is_told_and_asked_for_again(schedule: ResetSchedule, csm: Client) -> None:
    csm.get(address(schedule))
    Job.objects.filter(kind=KIND).update(state=JobState.FAILED, error="PlanError: a rule")
    page = csm.get(address(schedule)).content.decode()
    assert "The last count could not be made." in page
    assert "PlanError" not in page
    page = csm.post(address(schedule), {"do": "count"}, headers=HTMX).content.decode()
    assert "It is being counted" in page
    assert Job.objects.filter(kind=KIND, state=JobState.WAITING).count() == 1


def test_a_longer_history_asks_no_more(schedule: ResetSchedule, csm: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert csm.get(address(schedule)).status_code == 200
        return len(asked)

    queries()
    few = queries()
    for number in range(30):
        schedule.changes.create(from_on=JULY_28, to_on=JULY_28, answer=Answer.CUSTOM, actor=f"csm:{number}", at=NOW)
        schedule.district.closed_days.create(on=dt.date(2026, 9, 1 + number % 30), reason="Closed")
        if number < 20:
            ResetSchedule.objects.create(
                district=schedule.district, suite="literacy", school_year=2000 + number, on=JULY_28
            )
    assert queries() <= few + 1  # the staff's names


def test_the_panel_says_what_the_rules_say(schedule: ResetSchedule, csm: Client) -> None:
    district = District.objects.prefetch_related("closed_days").get(pk=schedule.district_id)
    window = ResetWindow.objects.get(suite="literacy", school_year=2026)
    from resets.selectors import limits_of

    for day in range(0, 70, 7):
        on = dt.date(2026, 6, 12) + dt.timedelta(days=day)
        page = csm.post(address(schedule), {"do": "check", "on": on.isoformat()}, headers=HTMX).content.decode()
        refused = dates.refusals(on, limits_of(district, window), TODAY)
        assert ("a valid date" in page) == (not refused)
        assert all(refusal.reason in page for refusal in refused)


def test_an_early_date_is_asked_for_approved_and_picked(
    csm: Client, superuser: Client, schedule: ResetSchedule
) -> None:
    """The only thing against it is the window's earliest date: a second person may stand for it."""
    district = schedule.district
    District.objects.filter(pk=district.pk).update(
        school_year_ends_on=dt.date(2026, 5, 22), summer_session_ends_on=None
    )
    ResetWindow.objects.filter(suite="literacy").update(earliest_on=dt.date(2026, 7, 20))
    on = "2026-07-16"
    said = csm.post(address(schedule), {"do": "check", "on": on}, headers=HTMX).content.decode()
    assert "An early date takes two people." in said
    assert "Ask a second person for July 16, 2026" in said
    refused = pick(csm, schedule, on, do="early", reason="")
    assert "Give the reason" in refused.content.decode()
    asked = pick(csm, schedule, on, do="early")
    approval = Approval.objects.get(kind="early_reset")
    assert "An early date" in asked.content.decode()
    assert "a second person must decide" in asked.content.decode()
    early = pick(csm, schedule, on, do="pick_early")
    assert "needs the approval of a second person first" in early.content.decode()
    superuser.post(f"/admin/approvals/approval/{approval.pk}/change/", {"do": "approve"})
    assert "Pick July 16, 2026, as approved" in csm.get(address(schedule), {"on": on}).content.decode()
    done = pick(csm, schedule, on, do="pick_early").content.decode()
    assert "moved from Tuesday, July 28, 2026 to Thursday, July 16, 2026" in done
    schedule.refresh_from_db()
    assert (schedule.on, schedule.approval_id) == (dt.date(2026, 7, 16), approval.pk)
