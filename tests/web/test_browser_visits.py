"""A support visit in a real Chromium: from the desk into the district, seen there, and ended by the district."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Role
from tenants.models import Csm, District
from tests.support.people import make_person
from tests.support.processes import Site
from tests.web.browser import Visit, chromium, too_wide, violations, visiting
from tests.web.conftest import JUNE, fill

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(290)]

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def visited(
    committed_districts: Callable[..., District], clock: Callable[[str], Any], site: Site, tmp_path: Path
) -> District:
    """A district with a roster in a CSM's book, and its admin."""
    chromium()
    clock(JUNE)
    site.environment["YEARTURN_DATA"] = str(tmp_path / "data")
    district = committed_districts("birch")
    fill(district, tmp_path)
    District.objects.update(csm=Csm.objects.create(name="Casey", email="casey@vendor.example"))
    make_person(None, Role.CSM, "casey@vendor.example")
    make_person(district, Role.DISTRICT_ADMIN, "dana@a.example")
    return District.objects.get(pk=district.pk)


def wrong_with(page: Page, name: str) -> list[str]:
    """What axe has against a page at a desk's width, and by how much it is too wide for a phone."""
    page.set_viewport_size(DESK)
    found = [f"{name}: {violation}" for violation in violations(page)]
    page.set_viewport_size(PHONE)
    over = too_wide(page)
    page.set_viewport_size(DESK)
    return [*found, *([f"{name}: {over} px too wide"] if over > 0 else [])]


def ask_for_a_visit(page: Page, district: District) -> None:
    """Up to the page with the way in."""
    page.goto(f"/admin/resets/resetschedule/timeline/{district.pk}/")
    page.get_by_role("link", name="Support visit").click()
    page.get_by_label("Reason").fill("The roster looks too small")
    page.get_by_role("button", name="Visit the district").click()
    page.get_by_role("link", name="Go into Birch Unified").wait_for()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.soak)])
def test_a_visit_is_asked_for_seen_and_ended(site: Site, visited: District, scheme: str) -> None:
    found: list[str] = []
    with visiting(site, visited) as birch:
        desk = Visit(birch.browser, re.sub("//[^:]*", "//localhost", birch.base))
        page = in_scheme(desk.log_in("casey@vendor.example").context, scheme)
        page.goto(f"/admin/resets/resetschedule/visit/{visited.pk}/")
        found += wrong_with(page, "the form")
        ask_for_a_visit(page, visited)
        found += wrong_with(page, "the way in")
        page.get_by_role("link", name="Go into Birch Unified").click()
        banner = page.get_by_role("region", name="Support visit")
        expect(banner).to_contain_text("Support visit by A customer success manager, read-only, until 10:30 AM")
        found += wrong_with(page, "a visitor's home")
        page.get_by_role("link", name="People").click()
        page.get_by_role("heading", level=1, name="Educators").wait_for()
        assert page.get_by_role("button", name="Remove").count() == 0
        found += wrong_with(page, "a visitor's people")

        admin = in_scheme(birch.log_in("dana@a.example").context, scheme)
        expect(admin.get_by_text("is looking at your district now")).to_be_visible()
        found += wrong_with(admin, "the district's home")
        admin.get_by_role("link", name="See what, or end it").click()
        expect(admin.get_by_text("The roster looks too small", exact=True)).to_be_visible()
        found += wrong_with(admin, "the district's list")
        by_keyboard(admin, "End now: the visit of A customer success manager")
        expect(admin.get_by_text("The visit has ended")).to_be_visible()

        page.get_by_role("link", name="Rosters").click()
        page.get_by_role("heading", level=1, name="The support visit is over").wait_for()
        found += wrong_with(page, "the end")
    assert found == []


def in_scheme(context: BrowserContext, scheme: Any, address: str = "/") -> Page:
    """Another page of somebody's window, light or dark."""
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    return page


def by_keyboard(page: Page, name: str) -> None:
    """Reach a button with Tab alone, and press it."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab does not reach {name!r}")


def test_it_works_without_javascript(site: Site, visited: District) -> None:
    with visiting(site, visited) as birch:
        desk = Visit(birch.browser, re.sub("//[^:]*", "//localhost", birch.base))
        state = desk.log_in("casey@vendor.example").context.storage_state()
        page = desk.context(java_script_enabled=False, storage_state=state, viewport=PHONE).new_page()
        ask_for_a_visit(page, visited)
        page.get_by_role("link", name="Go into Birch Unified").click()
        page.get_by_role("button", name="End the visit").click()
        page.get_by_role("heading", level=1, name="The support visit is over").wait_for()
