"""A hold in a real Chromium, on a phone in the dark and without JavaScript; and the numbers of anonymized data."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from rostering.models import School, Student, StudentDemographics
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import make_person
from tests.support.processes import Site
from tests.web.browser import chromium, too_wide, violations, visiting
from tests.web.conftest import JUNE, fill

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(600)]
ADMIN = "dana@a.example"


@pytest.fixture
def lived_in(
    committed_districts: Callable[..., District], clock: Callable[[str], Any], site: Site, tmp_path: Path
) -> District:
    """A district with a roster, and with anonymized students of one school."""
    chromium()
    clock(JUNE)
    site.environment["YEARTURN_DATA"] = str(tmp_path / "data")
    district = committed_districts("birch")
    fill(district, tmp_path, students=6)
    with enter_district(district):
        school = School.objects.get(name="School 1")
        for number in range(30):
            one = Student.objects.create(
                school=school, grade="03", status="anonymized", school_year=2025, rostered_on="2025-01-01"
            )
            StudentDemographics.objects.create(student=one, sex="female" if number % 3 else "male", race="white")
    make_person(district, Role.DISTRICT_ADMIN, ADMIN)
    return district


def test_a_hold_from_the_search_to_the_lifting(site: Site, lived_in: District) -> None:
    with visiting(site, lived_in) as visit:
        state = visit.log_in(ADMIN).context.storage_state()
        phone: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
        page = visit.context(storage_state=state, **phone).new_page()
        found = _seen(page, "/anonymized/") + _seen(page, "/holds/")
        page.get_by_label("Name or Student ID").fill("given2")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Given2 Family2").click()
        found += _seen(page)
        page.get_by_label("Ground").select_option("litigation")
        page.get_by_label("Reason").fill("Roe v. the district")
        page.get_by_role("button", name="Place the hold").click()
        expect(page.get_by_text("nothing of Given2 Family2 is deleted")).to_be_visible()
        found += _seen(page)
        plain = visit.context(storage_state=state, java_script_enabled=False).new_page()
        plain.goto("/holds/")
        plain.get_by_role("link", name="Lift").click()
        plain.get_by_label("Why is it over?").fill("Settled.")
        plain.get_by_role("button", name="Yes, lift the hold").click()
        expect(plain.get_by_text("What was postponed for it is done now.")).to_be_visible()
        wide = visit.context(storage_state=state).new_page()
        found += _seen(wide, "/holds/") + _seen(wide, "/anonymized/")
    assert found == []


def _seen(page: Page, address: str = "") -> list[str]:
    if address:
        page.goto(address)
    if folder := os.environ.get("SHOTS"):
        count = len(list(Path(folder).iterdir()))
        page.screenshot(path=f"{folder}/{count:02}.png", full_page=True)
    wide = too_wide(page)
    return [*violations(page), *([f"{page.url} is {wide} px too wide"] if wide > 0 else [])]
