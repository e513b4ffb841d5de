"""In a real Chromium: a reset waits for its data; the CSM finds and waives one, the district's admin the other."""

import datetime as dt
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from products.models import Subscription
from resets.models import ResetSchedule
from resets.services import open_school_year
from tenants.models import Csm, District
from tests.exports.conftest import night
from tests.support.people import make_person
from tests.support.processes import Site
from tests.web.browser import Visit, chromium, visiting
from tests.web.test_browser_visits import in_scheme, wrong_with

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(290)]


@pytest.fixture
def waiting(committed_districts: Callable[..., District], clock: Callable[[str], Any], site: Site) -> District:
    """Birch, whose math waits since this night, and whose literacy is reset on July 30."""
    chromium()
    clock(night(28, minutes=600).isoformat())
    district = committed_districts("birch")
    District.objects.update(csm=Csm.objects.create(name="Casey", email="casey@vendor.example"))
    open_school_year(2026)
    for product, suite, day in (("math_3plus", "math", 28), ("language_literacy", "literacy", 30)):
        Subscription.objects.create(district=district, product=product, starts_on=dt.date(2025, 8, 1))
        ResetSchedule.objects.create(district=district, suite=suite, school_year=2026, on=dt.date(2026, 7, day))
    make_person(None, Role.CSM, "casey@vendor.example")
    make_person(district, Role.DISTRICT_ADMIN, "dana@birch.example")
    return district


def picture(page: Page, name: str) -> None:
    """Keep a picture where the environment says so, for whoever wants to look."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_both_see_what_is_missing_and_waive_it(site: Site, waiting: District) -> None:
    found: list[str] = []
    with visiting(site, waiting) as birch:
        desk = Visit(birch.browser, re.sub("//[^:]*", "//localhost", birch.base))
        casey = desk.log_in("casey@vendor.example")
        casey.goto("/admin/")
        picture(casey, "first")
        casey.get_by_role("link", name="Waiting for the download").click()
        expect(casey.get_by_text("Waits until Jul 31")).to_be_visible()
        picture(casey, "board")
        found += wrong_with(casey, "the board")
        casey.get_by_role("link", name=re.compile("Not made: the year's data of Birch Unified")).click()
        expect(casey.get_by_text("Waits for the download until Friday, July 31, 2026").first).to_be_visible()
        for scheme in ("light", "dark"):
            page = in_scheme(casey.context, scheme, casey.url)
            picture(page, f"data-{scheme}")
            found += wrong_with(page, f"the year's data, {scheme}")
        casey.get_by_label("Reason").fill("They keep a copy in their own warehouse")
        casey.get_by_role("button", name="Waive the download").press("Enter")
        expect(casey.get_by_text("Waived: the reset waits for no download")).to_be_visible()
        expect(casey.get_by_text("They keep a copy in their own warehouse").first).to_be_visible()

        dana = birch.log_in("dana@birch.example")
        picture(dana, "home")
        ask = dana.get_by_role("listitem").filter(
            has=dana.get_by_role("heading", name=re.compile("Download the year's data: .*Math"))
        )
        expect(ask.first).to_contain_text("Waived on")
        dana.goto("/resets/literacy/2026/")
        found += wrong_with(dana, "the preview")
        dana.get_by_text("Let the reset go on without a download").click()
        dana.get_by_label("Why you need no copy").fill("We copied everything in June")
        dana.get_by_label("Type the district's name to confirm").fill("Birch")
        dana.get_by_role("button", name="Wait for no download").click()
        expect(dana.get_by_text("Type it exactly: Birch Unified").first).to_be_visible()
        picture(dana, "preview")
        found += wrong_with(dana, "the preview with an error")
        dana.get_by_label("Why you need no copy").fill("We copied everything in June")
        dana.get_by_label("Type the district's name to confirm").fill("Birch Unified")
        dana.get_by_role("button", name="Wait for no download").click()
        expect(dana.get_by_text("waits for no download").first).to_be_visible()
        expect(dana.get_by_text("We copied everything in June")).to_be_visible()
        picture(dana, "preview-waived")
    assert found == []
