"""The board, the calendar and a timeline in a real Chromium: a CSM's morning, by mouse, by keyboard, on a phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from resets.models import Answer, EngineControl, ResetSchedule
from tenants.models import Csm, District
from tenants.status import note_status
from tests.support.people import make_person
from tests.support.processes import Site
from tests.web.board import BOARD, crowd_of
from tests.web.browser import Visit, chromium, too_wide, violations, visiting
from tests.web.desk import JULY_28, NOW

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(290)]

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
TIMELINE = "/admin/resets/resetschedule/timeline/"
CALENDAR = "/admin/resets/resetschedule/calendar/?month=2026-07"


@pytest.fixture
def desk(committed_districts: Callable[..., District], clock: Callable[[str], Any]) -> District:
    """Sixty districts in Casey's book, one of which asks for another date and has a conflict."""
    chromium()
    clock(NOW.isoformat())
    district = committed_districts("birch")
    casey = Csm.objects.create(name="Casey", email="casey@vendor.example")
    rows = crowd_of(60, csm=casey, suites=("literacy", "hero"))
    ResetSchedule.objects.filter(pk__in=[row.pk for row in rows[10:20]]).update(on=JULY_28)
    ResetSchedule.objects.filter(pk=rows[8].pk).update(answer=Answer.ASKED, conflicts="closed", held_at=NOW)
    ResetSchedule.objects.filter(pk=rows[9].pk).delete()
    note_status(rows[8].district_id, last_sync_at=NOW, last_sync_state="refused", ready_items=2, ready_total=6)
    EngineControl.objects.update_or_create(pk=1, defaults={"districts_per_hour": 2})
    make_person(None, Role.CSM, "casey@vendor.example")
    return district


def at_the_desk(visit: Visit) -> Visit:
    """The same browser, on the public host."""
    return Visit(visit.browser, re.sub("//[^:]*", "//localhost", visit.base))


def test_a_csms_morning(site: Site, desk: District) -> None:
    with visiting(site, desk) as visit:
        page = at_the_desk(visit).log_in("casey@vendor.example")
        page.get_by_role("link", name="Another date asked for").click()
        expect(page.locator("#matching")).to_have_text("1 reset date matches the filters.")
        row = page.get_by_role("row").filter(has=page.get_by_role("rowheader"))
        for words in ("Crowd 00005", "Another date asked for", "Closed day", "Held", "2 of 6", "Refused"):
            expect(row).to_contain_text(words)
        row.get_by_role("link", name="Crowd 00005").first.click()
        expect(page.get_by_text("Today", exact=True)).to_be_visible()
        expect(page.get_by_text("Another date asked for; Held: nothing is reset while it is")).to_be_visible()
        filtered_and_downloaded(page)
        from_a_night_to_its_list(page)
        without_a_date(page)
        by_keyboard(page)
        without_javascript(at_the_desk(visit), page.context.storage_state())


@pytest.mark.soak  # in states of their own; every page is looked at in test_browser_every_page
def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(site: Site, desk: District) -> None:
    timeline = f"{TIMELINE}{District.objects.get(name='Crowd 00005').pk}/"
    with visiting(site, desk) as visit:
        state = at_the_desk(visit).log_in("casey@vendor.example").context.storage_state()
        assert looked_at_all(at_the_desk(visit), state, timeline) == []


def filtered_and_downloaded(page: Page) -> None:
    """Narrow the board by its form, and take what is left home."""
    page.goto(BOARD)
    page.get_by_text("Filters, order and export").click()
    page.get_by_label("District, host or NCES id").fill("crowd 0000")
    page.get_by_label("Suite", exact=True).select_option("hero")
    page.get_by_label("In order of").select_option("-district")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("rowheader").first).to_contain_text("Crowd 00009")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download these as CSV").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + page.get_by_role("rowheader").count()


def from_a_night_to_its_list(page: Page) -> None:
    """The calendar's number leads to exactly so many lines."""
    page.goto(CALENDAR)
    night = page.get_by_role("link", name=re.compile("^July 28: "))
    number = int(night.inner_text().split()[0])
    expect(page.get_by_role("cell", name=re.compile("July 28:"))).to_contain_text("hours")
    night.click()
    expect(page.locator("#matching")).to_have_text(f"{number} reset dates match the filters.")


def without_a_date(page: Page) -> None:
    """What has no date says why, and leads to where one is picked."""
    page.get_by_role("link", name=re.compile("Without a date")).click()
    expect(page.get_by_text("It has not been given its date yet.")).to_be_visible()
    page.get_by_role("link", name="Pick a date for Crowd").click()
    expect(page.get_by_label("Reset date")).to_be_visible()


def by_keyboard(page: Page) -> None:
    """Turn the order round, go to the next page, and send a choice on to be changed."""
    page.goto(BOARD)
    page.get_by_role("link", name="District", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="District")).to_have_attribute("aria-sort", "ascending")
    first = page.get_by_role("rowheader").first.inner_text()
    page.get_by_role("link", name="Next page").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Previous page")).to_be_visible()
    assert page.get_by_role("rowheader").first.inner_text() != first
    page.get_by_role("checkbox").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Change the dates of the selected").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/dates/**")
    page.get_by_role("main").wait_for()


def looked_at_all(visit: Visit, state: Any, timeline: str) -> list[str]:
    """What is wrong with any page: by axe and with the width of a phone, light and dark."""
    pages = (BOARD, f"{BOARD}?conflicts=1&sort=x", f"{BOARD}?undated=1", CALENDAR, timeline)
    found = []
    for scheme in ("light", "dark"):
        options: dict[str, Any] = {"color_scheme": scheme, "storage_state": state}
        page = visit.context(**options).new_page()
        for address in pages:
            for size in (DESK, PHONE):
                page.set_viewport_size(size)  # type: ignore[arg-type]  # a width and a height
                page.goto(address)
                where = f"{address}, {scheme}, {size['width']}"
                if size == DESK or scheme == "light":
                    found += [f"{where}: {violation}" for violation in violations(page)]
                found += [f"{where}: {over} px too wide" for over in (too_wide(page),) if over > 0]
        page.context.close()
    return found


def without_javascript(visit: Visit, state: Any) -> None:
    """The filters are a plain form, and the theme's own lists have their box of actions."""
    page = visit.context(viewport=DESK, java_script_enabled=False, storage_state=state).new_page()
    page.goto("/admin/resets/resetschedule/")
    page.locator("input.action-select").first.check()
    page.locator("#changelist-actions select").click(trial=True)  # nothing lies above it
    page.locator("#changelist-actions select").select_option("change_dates")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("1 reset date is chosen.")).to_be_visible()
    page.goto(BOARD)
    page.get_by_text("Filters, order and export").click()
    page.get_by_label("With conflicts").check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#matching")).to_have_text("1 reset date matches the filters.")
