"""People in a real Chromium: removing educators, a student's fate, merging and undoing; axe, phones, the keyboard."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from rostering.models import Educator, School, Student, StudentIdentity
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import make_person
from tests.support.processes import Site
from tests.web.browser import Visit, chromium, too_wide, violations, visiting
from tests.web.conftest import JUNE, fill

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(600)]
PHONE = {"width": 390, "height": 844}
ADMIN = "dana@a.example"


@pytest.fixture
def lived_in(
    committed_districts: Callable[..., District], clock: Callable[[str], Any], site: Site, tmp_path: Path
) -> District:
    """A committed district with a roster, a student who is on it twice, and people."""
    chromium()
    clock(JUNE)
    site.environment["YEARTURN_DATA"] = str(tmp_path / "data")
    district = committed_districts("birch")
    fill(district, tmp_path)
    with enter_district(district):
        school, teacher = School.objects.get(name="School 1"), Educator.objects.get(identity__sourced_id="t1")
        who = StudentIdentity.objects.get(sourced_id="s1")
        StudentIdentity.objects.filter(sourced_id="s3").update(
            given_name=who.given_name, family_name=who.family_name, birth_date=who.birth_date
        )
    make_person(district, Role.DISTRICT_ADMIN, ADMIN)
    make_person(district, Role.SCHOOL_ADMIN, "sam@a.example", school_id=school.pk)
    make_person(district, Role.EDUCATOR, "toni@a.example", educator_id=teacher.pk)
    return district


def remove_educators(page: Page) -> None:
    """Tick one, read what happens, remove, bring back."""
    page.get_by_role("link", name="People").click()
    page.get_by_label("Family-t2, Given-t2").check()
    page.get_by_role("button", name="Remove the ticked educators").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove 1 educator?")
    expect(page.get_by_text("accounts are retained")).to_be_visible()
    page.get_by_role("button", name="Yes, remove 1 educator").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 educator was removed")
    page.get_by_role("button", name="Bring the ticked educators back").click()
    expect(page.get_by_text("1 educator is on the roster again")).to_be_visible()


def read_a_students_fate(page: Page) -> None:
    """Filter, search, open one, and read what will happen on July 28."""
    page.goto("/people/")
    page.get_by_role("navigation", name="People").get_by_role("link", name="Students").click()
    page.get_by_label("School", exact=True).select_option("School 2")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("20 students on the roster.")).to_be_visible()
    page.get_by_label("Section").select_option(index=1)
    page.get_by_role("button", name="Show").click()
    page.get_by_label("Part of a name, or a Student ID").fill("given12")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("link", name="Family12, Given12").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Given12 Family12")
    fate = page.locator(".rule", has=page.get_by_role("heading", name="Students' Booster Bits"))
    expect(fate).to_contain_text("will be reset on July 28, 2026: set to 0")
    expect(fate).to_contain_text("booster bits: 5")
    page.goto("/people/students/")
    page.get_by_role("button", name="Clear the search").click()


def merge_and_undo(page: Page) -> None:
    """From a student's page to the other record, compare, merge, undo."""
    page.goto("/people/students/")
    page.get_by_role("link", name="Family1, Given1").first.click()
    page.get_by_role("link", name="This student is on the roster twice").click()
    page.get_by_role("link", name="Family1, Given1").click()
    page.get_by_label("The second record").check()
    page.get_by_role("button", name="Show what moves then").click()
    expect(page.get_by_text("to the second record")).to_be_visible()
    page.get_by_role("button", name="Yes, merge into").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two records became one")
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The merge was undone")


def test_the_journeys_at_a_desk_and_on_a_phone(site: Site, lived_in: District) -> None:
    with visiting(site, lived_in) as visit:
        state = visit.log_in(ADMIN).context.storage_state()
        for size in ({"width": 1280, "height": 900}, PHONE):
            context = visit.context(viewport=size, storage_state=state)
            page = context.new_page()
            page.goto("/")
            remove_educators(page)
            read_a_students_fate(page)
            merge_and_undo(page)
            context.close()
        _by_keyboard(visit, state)
    with enter_district(lived_in):
        assert Student.objects.filter(status="active").count() == 40
        assert Educator.objects.filter(status="active").count() == 2


def _by_keyboard(visit: Visit, state: Any) -> None:
    """Without a mouse and without JavaScript: search, open a student, and remove an educator up to the question."""
    context = visit.context(storage_state=state, java_script_enabled=False)
    page = context.new_page()
    page.goto("/people/students/")
    page.get_by_label("Part of a name, or a Student ID").focus()
    page.keyboard.type("given7")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Family7, Given7").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Given7 Family7")
    page.goto("/people/educators/")
    page.get_by_label("Family-t1, Given-t1").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Remove the ticked educators").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove 1 educator?")
    context.close()


def visit_all(page: Page) -> list[str]:
    """Look at the pages of an admin, along the way of a removal and a merge; returns what is wrong."""
    found = seen(page, "/people/educators/")
    page.get_by_label("Family-t2, Given-t2").check()
    page.get_by_role("button", name="Remove the ticked educators").click()
    found += seen(page)
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 educator was removed")
    found += seen(page) + seen(page, "/people/educators/?status=inactive")
    found += seen(page, "/people/students/?status=anonymized") + seen(page, "/people/students/")
    page.get_by_role("link", name="Family1, Given1", exact=True).first.click()
    found += seen(page)
    gone = page.url
    page.get_by_role("link", name="This student is on the roster twice").click()
    found += seen(page)
    page.get_by_role("link", name="Family1, Given1").click()
    page.get_by_label("The second record").check()
    page.get_by_role("button", name="Show what moves then").click()
    expect(page.get_by_text("to the second record")).to_be_visible()
    found += seen(page)
    page.get_by_role("button", name="Yes, merge into").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two records became one")
    return found + seen(page) + seen(page, gone)


@pytest.mark.soak  # in states of their own; every page is looked at in test_browser_every_page
def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(site: Site, lived_in: District) -> None:
    with visiting(site, lived_in) as visit:
        found = visit_all(visit.log_in(ADMIN))
        toni = visit.log_in("toni@a.example")
        found += seen(toni, "/") + seen(toni, "/people/students/")
        toni.goto("/")
        toni.get_by_role("link", name="Homeroom 1").click()
        found += seen(toni)
    assert found == []


def seen(page: Page, address: str = "") -> list[str]:
    """What is wrong with a page: by axe in the light, its contrasts in the dark, and its width on a phone."""
    if address:
        page.goto(address)
    for details in page.locator("main details:not([open]) > summary").all():
        details.click()
    page.emulate_media(color_scheme="light")
    problems = violations(page)
    page.emulate_media(color_scheme="dark")
    problems += [f"dark: {problem}" for problem in violations(page, "color-contrast")]
    page.set_viewport_size({"width": 390, "height": 844})
    if (over := too_wide(page)) > 0:
        problems.append(f"{over} px too wide for a phone")
    page.set_viewport_size({"width": 1280, "height": 900})
    return [f"{page.url}: {problem}" for problem in problems]
