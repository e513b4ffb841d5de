"""Giving a code in one district's browser, using it in another's: with a mouse, by keyboard, on a phone, with axe."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from accounts.models import Role
from products.models import Subscription
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import make_person
from tests.support.processes import Site
from tests.transfers.engine.world import make_school, make_student
from tests.web.browser import Visit, chromium, too_wide, violations, visiting
from tests.web.conftest import JUNE
from transfers.codes.models import TransferCode
from transfers.codes.symbols import read_code
from transfers.imports.models import Import

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(600)]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
GIVER, TAKER = "dana@a.example", "tess@a.example"
GIVE = "/people/transfers/give/"


@pytest.fixture
def two(
    committed_districts: Callable[..., District], clock: Callable[[str], Any], site: Site
) -> tuple[District, District]:
    """A district with three students in a grade, and one that waits for them."""
    chromium()
    clock(JUNE)
    found = []
    for slug, school, admin in (("birch", "Lincoln", GIVER), ("alder", "Roosevelt", TAKER)):
        district = committed_districts(slug)
        with schema_context("public"):
            Subscription.objects.create(district=district, product="star_math", starts_on=dt.date(2025, 8, 1))
        key = make_school(district, school)
        if admin == GIVER:
            for given in ("Ana", "Ben", "Cleo"):
                make_student(district, key, given, "Hill")
        make_person(district, Role.DISTRICT_ADMIN, admin)
        found.append(district)
    return found[0], found[1]


def looked_at(page: Page, size: dict[str, int]) -> None:
    """Axe finds nothing in the light, no contrast too low in the dark, and the page is no wider than a phone.

    Looked at once, at the desk: the phone's turn is the same pages.
    """
    if size == PHONE:
        assert too_wide(page) <= 0, page.url
        return
    page.emulate_media(color_scheme="light")
    assert violations(page) == [], page.url
    page.emulate_media(color_scheme="dark")
    assert violations(page, "color-contrast") == [], page.url
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert too_wide(page) <= 0, page.url
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")


def give_a_student(page: Page, size: dict[str, int]) -> str:
    """Search, select the circle, close the banner by Esc, select again, generate, copy, OK; returns what was copied."""
    page.goto("/people/")
    page.get_by_role("link", name="Transfer Student Data").click()
    page.get_by_role("navigation", name="Transfer Student Data").get_by_role("link", name="Transfer").click()
    page.get_by_role("link", name="Individual Student").click()
    page.get_by_label("All or part of the student").fill("hill")
    page.get_by_role("button", name="Search").click()
    banner = page.get_by_role("button", name="Generate Transfer Code")
    expect(banner).to_be_hidden()
    page.get_by_role("radio", name="Hill, Ben").check()
    expect(page.get_by_text("Ben Hill, Grade 3 of Lincoln")).to_be_visible()
    looked_at(page, size)
    page.keyboard.press("Escape")
    expect(banner).to_be_hidden()
    expect(page.get_by_role("radio", name="Hill, Ben")).to_be_focused()
    page.get_by_role("radio", name="Hill, Cleo").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("Cleo Hill, Grade 3 of Lincoln")).to_be_visible()
    banner.click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("The code has been copied to the clipboard.")).to_be_visible()
    looked_at(page, size)
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Transfer code")).to_be_visible()  # shown once, so Esc does not lose it
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    page.get_by_role("link", name="OK").click()
    expect(page.get_by_role("row", name="Hill, Cleo").filter(has_text="Not used yet")).to_have_count(1)
    looked_at(page, size)
    return copied


def use_the_code(page: Page, code: str, size: dict[str, int]) -> None:
    """Mistype it, type it, look at where the data comes from, and continue."""
    page.goto("/people/transfers/")
    field = page.get_by_label("Enter Transfer Code")
    field.fill(f"{code[:-1]}{'2' if code[-1] != '2' else '3'}")
    page.get_by_role("button", name="Import Student Data").click()
    expect(page.get_by_role("alert")).to_contain_text("seventh group first")
    expect(field).to_be_focused()
    looked_at(page, size)
    field.fill(code.lower().replace("-", " ").replace("0", "o"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this the correct data?")
    assert code not in page.url
    expect(page.get_by_text("Lincoln", exact=True)).to_be_visible()
    looked_at(page, size)
    page.get_by_label("Enroll students in").select_option("Roosevelt")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Pending Imports")).to_be_visible()
    expect(page.get_by_text("from Lincoln, Birch Unified").first).to_be_visible()


def request_data(page: Page, size: dict[str, int]) -> None:
    """Copy the template, and look at the e-mail that would be sent."""
    page.goto("/people/transfers/")
    page.get_by_role("link", name="View and copy email template").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("The text has been copied to the clipboard.")).to_be_visible()
    assert "[the name of your school or district]" in str(page.evaluate("navigator.clipboard.readText()"))
    looked_at(page, size)
    page.get_by_label("E-mail address of the other").fill("old@school.example")
    page.get_by_label("Their school or district").fill("Birch Unified")
    page.get_by_label("Which student, or which grade").fill("Ana Hill, grade 3")
    page.get_by_role("button", name="Show the e-mail").click()
    expect(page.get_by_text("of the student Ana Hill, grade 3, who came")).to_be_visible()
    looked_at(page, size)


def give_a_grade_by_plain_forms(visit: Visit, state: Any) -> None:
    """Without a mouse and without JavaScript."""
    context = visit.context(storage_state=state, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{GIVE}?kind=grade")
    page.get_by_label("School", exact=True).focus()
    page.keyboard.type("Lincoln")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Grade", exact=True).focus()
    page.keyboard.type("Grade 3")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Grade 3 of Lincoln: 3 students")).to_be_visible()
    page.get_by_role("button", name="Generate Transfer Code").focus()
    page.keyboard.press("Enter")
    assert read_code(page.get_by_role("group", name="Transfer code").inner_text())
    context.close()


def windows(visit: Visit, slug: str, email: str, size: dict[str, int]) -> Page:
    """Somebody's window at a district, in which the clipboard may be used."""
    visit.base = f"http://{slug}.localhost:{visit.base.rpartition(':')[2]}"
    state = visit.log_in(email).context.storage_state()
    context = visit.context(viewport=size, storage_state=state, permissions=["clipboard-read", "clipboard-write"])
    return context.new_page()


def test_from_one_site_to_the_other_at_a_desk_and_on_a_phone(site: Site, two: tuple[District, District]) -> None:
    source, destination = two
    with visiting(site, source) as visit:
        for size in (DESK, PHONE):
            giver = windows(visit, "birch", GIVER, size)
            code = give_a_student(giver, size)
            taker = windows(visit, "alder", TAKER, size)
            use_the_code(taker, code, size)
        request_data(taker, DESK)
        visit.base = visit.base.replace("alder", "birch")
        give_a_grade_by_plain_forms(visit, giver.context.storage_state())
    with enter_district(destination):
        assert Import.objects.count() == 2
    with schema_context("public"):
        assert sorted(TransferCode.objects.values_list("students", flat=True)) == [1, 1, 3]
