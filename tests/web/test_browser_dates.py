"""Dates at the desk in a real Chromium: one refused and mended, many with a preview, windows carried on."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Role
from products.models import Subscription
from products.registry import suite_named
from resets.models import ResetRun, ResetSchedule, ResetWindow, RunState
from resets.services import ask_for_date, open_school_year
from tenants.models import Csm, District
from tests.support.people import make_person
from tests.support.processes import Site
from tests.web.browser import Visit, chromium, too_wide, violations, visiting
from tests.web.desk import JULY_28, NOW
from tests.web.test_bulk import crowd

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(290)]

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SCHEDULES = "/admin/resets/resetschedule/"
YEARS = "/admin/resets/resetwindow/year/"


@pytest.fixture
def desk(committed_districts: Callable[..., District], clock: Callable[[str], Any], site: Site) -> District:
    """A district with dates for literacy and Hero, thirty others in the same book, a CSM and a superuser."""
    chromium()
    clock(NOW.isoformat())
    district = committed_districts("birch")
    casey = Csm.objects.create(name="Casey", email="casey@vendor.example")
    District.objects.update(csm=casey)
    for suite in ("literacy", "hero"):
        product = suite_named(suite).products[0].code
        Subscription.objects.create(district=district, product=product, starts_on=dt.date(2025, 8, 1))
    open_school_year(2025)
    open_school_year(2026)
    ResetWindow.objects.filter(suite="hero", school_year=2025).update(exception_allowed=False)
    for suite, on in (("literacy", JULY_28), ("hero", dt.date(2026, 7, 10))):
        ResetSchedule.objects.create(district=district, suite=suite, school_year=2026, on=on)
    crowd(30, casey)
    make_person(None, Role.CSM, "casey@vendor.example")
    make_person(None, Role.SUPERUSER, "sue@vendor.example")
    return district


@contextmanager
def at_the_desk(site: Site, district: District) -> Iterator[Visit]:
    """The public host, in a browser."""
    with visiting(site, district) as visit:
        yield Visit(visit.browser, re.sub("//[^:]*", "//localhost", visit.base))


def logged_in(visit: Visit, email: str) -> Any:
    page = visit.log_in(email)
    state = page.context.storage_state()
    page.context.close()
    return state


def address_of(district: District, suite: str) -> str:
    return f"{SCHEDULES}{ResetSchedule.objects.get(district=district, suite=suite).pk}/date/"


def test_a_refused_date_is_mended_and_picked(site: Site, desk: District) -> None:
    site.start_worker("worker", concurrency=1)
    site.start_beat()
    literacy, hero_page = address_of(desk, "literacy"), address_of(desk, "hero")
    ask_for_date(
        desk, "literacy", 2026, dt.date(2026, 7, 14), actor="district_admin:1", as_of=NOW.date(), reason="Late camp"
    )
    with at_the_desk(site, desk) as visit:
        page = visit.log_in("casey@vendor.example")
        page.goto(literacy)
        page.get_by_text("“Late camp”").wait_for()
        page.get_by_label("Reset date").fill("2026-08-12")
        expect(page.locator("#verdict")).to_contain_text("BEFORE rostering for the new school year")
        expect(page.locator("#verdict")).to_contain_text("Hero: Friday, July 10, 2026")
        page.get_by_role("button", name="Use August 9, 2026").click()
        expect(page.get_by_label("Reset date")).to_have_value("2026-08-09")
        expect(page.locator("#verdict")).to_contain_text("a valid date, in 50 days")
        expect(page.get_by_label("Reason", exact=True)).to_be_focused()
        page.keyboard.type("They start late")
        page.keyboard.press("Enter")
        expect(page.get_by_text("is moved from Tuesday, July 28, 2026 to Sunday, August 9, 2026")).to_be_visible()
        expect(page.get_by_role("row", name="They start late")).to_be_visible()
        expect(page.locator("#counts")).to_contain_text("Counted Jun 20, 2026", timeout=60_000)
        by_keyboard(page, hero_page)
    hero = ResetSchedule.objects.get(district=desk, suite="hero")
    assert (hero.on, hero.exception_reason) == (dt.date(2026, 7, 20), "Camp")


def by_keyboard(page: Page, hero: str) -> None:
    """Pick Hero's exception without a mouse."""
    page.goto(hero)
    page.get_by_label("Reset date").focus()
    page.keyboard.type("07202026")
    expect(page.locator("#verdict")).to_contain_text("needs an exception with a reason")
    press_until(page, "id_exception_reason")
    page.keyboard.type("Camp")
    expect(page.locator("#verdict")).to_contain_text("July 20, 2026: a valid date")
    press_until(page, "id_reason")
    page.keyboard.type("Camp, by phone")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Pick this date")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("is moved from Friday, July 10, 2026 to Monday, July 20, 2026")).to_be_visible()


def press_until(page: Page, name: str) -> None:
    """Go on with the tabulator until a field has the focus."""
    for _ in range(12):
        if page.evaluate("document.activeElement.id") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {name}")


def test_many_dates_with_a_preview_and_windows_carried_on(site: Site, desk: District) -> None:
    with at_the_desk(site, desk) as visit:
        page = visit.log_in("sue@vendor.example")
        page.goto(SCHEDULES + "?suite=literacy")
        choose_all(page)
        page.get_by_label("The date for all").fill("2026-07-09")
        page.get_by_label("Reason", exact=True).fill("The state's holiday")
        page.get_by_role("button", name="Show what will happen").click()
        expect(page.locator("h2.d-lead")).to_contain_text("dates will change")
        page.get_by_role("button", name="Use the nearest valid date for the refused ones").click()
        expect(page.get_by_text("get the nearest valid date instead")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download all as CSV").click()
        assert "District 1," in download.value.path().read_text("utf-8-sig")
        page.get_by_role("button", name=re.compile(r"Change \d+ dates")).click()
        expect(page.locator("h2.d-lead")).to_contain_text("dates were changed")
        page.goto(YEARS)
        page.get_by_text("allowed with a reason; last year not allowed").wait_for()
        page.get_by_role("link", name="Carry to").click()
        page.get_by_role("button", name="Make 3 windows of 2026-27").click()
        expect(page.get_by_text("3 windows of 2026-27 made")).to_be_visible()
    assert ResetWindow.objects.filter(school_year=2027).count() == 3


def choose_all(page: Page) -> None:
    """Tick every line of the list and open the first step."""
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("change_dates")
    page.get_by_role("button", name="Run").first.click()
    page.get_by_role("button", name="Show what will happen").wait_for()


@pytest.mark.soak  # in states of their own; every page is looked at in test_browser_every_page
def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(site: Site, desk: District) -> None:
    literacy = ResetSchedule.objects.get(district=desk, suite="literacy")
    ResetSchedule.objects.filter(pk=literacy.pk).update(
        held_at=NOW, held_reason="A lawsuit", conflicts="earliest", on=dt.date(2026, 6, 1)
    )
    ResetRun.objects.create(
        district=desk, schedule=literacy, suite="literacy", school_year=2026, on=JULY_28, actor="system:planner",
        state=RunState.FAILED, created_at=NOW,
    )  # fmt: skip
    hero = address_of(desk, "hero")
    pages = [
        address_of(desk, "literacy"), hero + "?on=2026-08-20", f"{SCHEDULES}dates/",
        f"{YEARS}2026/", f"{YEARS}2027/carry/",
    ]  # fmt: skip
    found: list[str] = []
    with at_the_desk(site, desk) as visit:
        state = logged_in(visit, "sue@vendor.example")
        for scheme in ("light", "dark"):
            context = visit.context(viewport=DESK, color_scheme=scheme, storage_state=state)
            page = context.new_page()
            for address in pages:
                page.goto(address)
                found += looked_at(page, f"{address}, {scheme}")
            found += bulk_pages(page, scheme)
            context.close()
    assert found == []


def test_a_date_is_picked_without_javascript(site: Site, desk: District) -> None:
    hero = address_of(desk, "hero")
    with at_the_desk(site, desk) as visit:
        state = logged_in(visit, "sue@vendor.example")
        without = visit.context(viewport=PHONE, storage_state=state, java_script_enabled=False)
        picked_without_javascript(without, hero)
    assert ResetSchedule.objects.get(district=desk, suite="hero").on == dt.date(2026, 7, 15)


def looked_at(page: Page, where: str) -> list[str]:
    """What is wrong with a page, by axe (in the dark: its contrasts) and with the width of a phone."""
    page.set_viewport_size(DESK)
    page.wait_for_load_state("networkidle")
    rules = ("color-contrast",) if where.endswith("dark") else ()
    found = [f"{where}: {violation}" for violation in violations(page, *rules)]
    page.set_viewport_size(PHONE)
    if (over := too_wide(page)) > 0:
        found.append(f"{where}: {over} px too wide for a phone")
    page.set_viewport_size(DESK)
    return found


def bulk_pages(page: Page, scheme: str) -> list[str]:
    """The steps of a change of many dates, each looked at."""
    page.goto(SCHEDULES + "?suite=literacy")
    choose_all(page)
    found = looked_at(page, f"choosing, {scheme}")
    page.get_by_label("Move each date by some days").check()
    page.get_by_label("By how many days").fill("-19" if scheme == "light" else "1")
    page.get_by_label("Reason", exact=True).fill("A holiday")
    page.get_by_role("button", name="Show what will happen").click()
    page.get_by_role("heading", name="The nights afterwards").wait_for()
    found += looked_at(page, f"the preview, {scheme}")
    page.get_by_role("button", name=re.compile(r"Change \d+ date")).click()
    page.get_by_role("link", name="Download all as CSV").wait_for()
    return found + looked_at(page, f"the result, {scheme}")


def picked_without_javascript(context: BrowserContext, hero: str) -> None:
    """Check a date, use the nearest one, and pick it: by the form's own buttons."""
    page = context.new_page()
    page.goto(hero)
    page.get_by_label("Reset date").fill("2026-07-20")
    page.get_by_role("button", name="Check this date").click()
    page.get_by_role("button", name="Use July 15, 2026").click()
    page.get_by_label("Reason", exact=True).fill("By phone")
    page.get_by_role("button", name="Pick this date").click()
    expect(page.get_by_text("is moved from Friday, July 10, 2026 to Wednesday, July 15, 2026")).to_be_visible()
