"""The district's own pages in a real Chromium: answering a date, the checklist, Hero's switches and its warning."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django_tenants.utils import schema_context
from playwright.sync_api import Page

from accounts.models import Role
from products.hero.models import BehaviorCode, NotificationTemplate, SchoolSubscription
from products.models import Subscription
from resets.models import Answer
from rostering.models import School
from rostering.services import import_bundle
from tenants.models import District
from tenants.schema import enter_district
from tests.rostering.bundles import small_bundle
from tests.support.people import make_person
from tests.support.processes import Site
from tests.web.browser import Visit, chromium, too_wide, violations, visiting
from tests.web.conftest import JUNE, fill, literacy_date
from tests.web.test_resets import make_run

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(290)]
WIDTHS = ((1280, 900), (390, 844))


@pytest.fixture
def portal(
    committed_districts: Callable[..., District], clock: Callable[[str], Any], site: Site, tmp_path: Path
) -> District:
    """A committed district with a roster, dates and Hero."""
    chromium()
    clock(JUNE)
    site.environment["YEARTURN_DATA"] = str(tmp_path / "data")
    district = committed_districts("birch")
    fill(district, tmp_path)
    with schema_context("public"):
        Subscription.objects.create(district=district, product="hero", starts_on=dt.date(2025, 8, 1))
    with enter_district(district):
        for school in School.objects.all():
            SchoolSubscription.objects.create(school=school, starts_on=dt.date(2025, 8, 1))
            BehaviorCode.objects.create(school=school, code="TARDY", name="Tardy", points=-1)
            NotificationTemplate.objects.create(school=school, name="Praise", subject="Good news", body="x")
    make_person(district, Role.DISTRICT_ADMIN, "dana@a.example")
    return district


def next_roster(district: District, folder: Path) -> None:
    """The reset is done, and the new roster has left four students' grades blank."""
    make_run(district)
    bundle = small_bundle(students=40, school_year=2027)
    for row in bundle.rows["users"]:
        if row["sourcedId"].startswith("s"):
            row["grades"] = "" if row["sourcedId"] in ("s1", "s2", "s3", "s4") else "06"
    with enter_district(district):
        import_bundle(
            bundle.write(folder, "next.zip"), source="command", actor="district_admin:1", as_of=dt.date(2026, 8, 20)
        )


def answer_the_date(page: Page) -> None:
    """Ask for a date that cannot be had, then for one that can."""
    page.goto("/")
    page.locator(".timeline .today").wait_for()
    page.locator('a[href="/resets/literacy/2026/"]').first.click()
    page.get_by_text("Ask for another date").click()
    page.get_by_label("The date that you ask for").fill("2026-06-01")
    page.get_by_label("The date that you ask for").press("Tab")
    page.get_by_text("Monday, June 1, 2026 cannot be had.").wait_for()
    page.get_by_label("The date that you ask for").fill("2026-07-14")
    page.get_by_label("The reason, for your customer success manager").fill("Summer session")
    page.get_by_text("Tuesday, July 14, 2026 can be had.").wait_for()
    page.get_by_role("button", name="Ask for this date").click()
    page.get_by_text("You asked for Tuesday, July 14, 2026.").wait_for()
    page.get_by_role("heading", name="History of the date").wait_for()


def make_the_address(page: Page) -> None:
    """A private address of the calendar, copied, then renewed."""
    page.goto("/resets/")
    page.get_by_role("link", name="The dates in your own calendar").click()
    page.get_by_role("button", name="Make a private address").click()
    field = page.get_by_label("Address of the calendar")
    old = field.input_value()
    page.get_by_role("button", name="Copy the address").click()
    page.get_by_role("button", name="Renew the address").click()
    page.get_by_text("The old address has stopped.").wait_for()
    assert field.input_value() != old
    status = "address => fetch(address).then(answer => answer.status)"
    assert [page.evaluate(status, at) for at in (old, field.input_value())] == [404, 200]


def summer_at_hero(page: Page) -> None:
    """Turn e-mails off everywhere; then an edit that the archive's warning stops until it is confirmed."""
    page.goto("/hero/")
    page.get_by_role("button", name="Turn off at all schools (Email notifications)").click()
    page.get_by_text("turned off at 2 schools").wait_for()
    page.get_by_role("link", name="School 1").click()
    page.get_by_role("link", name="Change TARDY").click()
    page.get_by_label("Name").fill("Late")
    page.get_by_role("button", name="Change it").click()
    page.get_by_text("Tick this to go on. Nothing was changed.").wait_for()
    page.get_by_label("I have read this, and change it all the same").check()
    page.get_by_role("button", name="Change it").click()
    page.get_by_text("Changed the behavior code: TARDY: Late, minus 1 point.").wait_for()


def look_behind_a_number(page: Page) -> None:
    """From the menu to the checklist, to the students, to one of them."""
    page.goto("/")
    page.get_by_role("link", name="After the reset").click()
    page.locator('a[href="/readiness/grade-levels/"]').click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all as CSV").click()
    assert "No grade is given." in download.value.path().read_text("utf-8-sig")
    page.get_by_label("School").select_option("School 1")
    page.get_by_role("button", name="Show").click()
    assert page.locator("tbody tr").count() == 2
    page.locator("tbody th a").first.click()
    page.get_by_role("heading", level=1).wait_for()
    assert "/people/students/" in page.url


def test_the_year_is_answered_and_prepared(site: Site, portal: District) -> None:
    with visiting(site, portal) as visit:
        page = visit.log_in("dana@a.example")
        answer_the_date(page)
        make_the_address(page)
        summer_at_hero(page)
    assert literacy_date(portal).answer == Answer.ASKED


def test_the_new_year_is_checked_and_axe_finds_nothing(site: Site, portal: District, tmp_path: Path) -> None:
    next_roster(portal, tmp_path)
    with enter_district(portal):
        school = School.objects.order_by("name").values_list("pk", flat=True)[0]
        code = BehaviorCode.objects.filter(school_id=school).values_list("pk", flat=True)[0]
    with visiting(site, portal) as visit:
        page = visit.log_in("dana@a.example")
        look_behind_a_number(page)
        assert faults(visit, page.context.storage_state(), school, code) == []


def faults(visit: Visit, state: Any, school: int, code: int) -> list[str]:
    """What axe says of the pages in both schemes, and which of them are too wide."""
    pages = (
        "/", "/resets/", "/resets/calendar/", "/resets/hero/2026/", "/readiness/", "/readiness/grade-levels/",
        "/hero/", f"/hero/{school}/", f"/hero/{school}/codes/{code}/", f"/hero/{school}/codes/{code}/remove/",
    )  # fmt: skip
    found = []
    for scheme in ("light", "dark"):
        context = visit.context(storage_state=state, color_scheme=scheme)
        page = context.new_page()
        for address in pages:
            page.goto(address)
            rules = ("color-contrast",) if scheme == "dark" else ()
            found += [f"{address} {scheme}: {fault}" for fault in violations(page, *rules)]
            for width, height in WIDTHS:
                page.set_viewport_size({"width": width, "height": height})
                if (over := too_wide(page)) > 0:
                    found.append(f"{address} {scheme}: {over} px too wide at {width}")
        context.close()
    return found


def test_a_switch_and_an_answer_on_a_phone_by_keyboard_alone(site: Site, portal: District) -> None:
    with visiting(site, portal) as visit:
        state = visit.log_in("dana@a.example").context.storage_state()
        context = visit.context(storage_state=state, viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.goto("/hero/")
        reach(page, "Turn off at all schools (Email notifications)")
        page.keyboard.press("Enter")
        page.get_by_text("turned off at 2 schools").wait_for()
        page.goto("/resets/literacy/2026/")
        reach(page, "Agree to Tuesday, July 28, 2026")
        page.keyboard.press("Enter")
        page.get_by_text("You agreed to July 28").or_(page.get_by_text("You agreed to Tuesday")).first.wait_for()
        context.close()
    assert literacy_date(portal).answer == Answer.AGREED


def reach(page: Page, words: str) -> None:
    """Press Tab until the button of these words has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.replace(/\\s+/g, ' ').trim()") == words:
            return
    raise AssertionError(f"the keyboard does not reach {words!r}")


def test_without_javascript_every_form_works(site: Site, portal: District) -> None:
    with visiting(site, portal) as visit:
        state = visit.log_in("dana@a.example").context.storage_state()
        context = visit.context(storage_state=state, java_script_enabled=False)
        page = context.new_page()
        page.goto("/resets/literacy/2026/")
        page.locator("details.ask > summary").filter(has_text="Ask for another date").click()
        page.get_by_label("The date that you ask for").fill("2026-06-01")
        page.get_by_label("The reason, for your customer success manager").fill("Early")
        page.get_by_role("button", name="Ask for this date").click()
        page.get_by_text("The nearest valid date is").first.wait_for()
        page.goto("/resets/calendar/")
        page.get_by_role("button", name="Make a private address").click()
        assert page.get_by_label("Address of the calendar").input_value().endswith(".ics")
        assert not page.get_by_role("button", name="Copy the address").is_visible()
        page.goto("/hero/")
        page.get_by_role("button", name=re.compile("Turn off ?: Schedules for parents, School 1")).click()
        page.get_by_text("Schedules for parents: turned off at 1 school.").wait_for()
        context.close()
