"""The whole journey between two districts in a real Chromium: a grade of 103 of whom 98 import, and one student."""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from ledger.models import LedgerEntry
from rostering.models import StudentIdentity
from tenants.models import District
from tenants.schema import enter_district
from tests.support.hashing import hash_schema
from tests.support.people import PASSWORD
from tests.support.processes import Site
from tests.transfers.movers import (
    GIVER,
    GRADE,
    KNOWN,
    SPRING,
    TAKER,
    Two,
    add_people,
    aside,
    names,
    two_districts,
    work,
)
from tests.web.browser import WAIT, Visit, chromium, too_wide, violations, visiting
from transfers.imports.models import Import, ImportedStudent, ImportState, IncomingStudent
from transfers.imports.tasks import ANALYZE, IMPORT

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(600)]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
CONFLICTS = 5
NAME = re.compile("All or part of the student.s name")
RECORD = "All or part of the name, or the Student ID"


@pytest.fixture
def two(committed_districts: Callable[..., District], clock: Callable[[str], Any], site: Site, tmp_path: Path) -> Two:
    chromium()
    clock(SPRING)
    site.environment["YEARTURN_DATA"] = str(tmp_path / "data")
    return two_districts(committed_districts("birch"), committed_districts("hazel"))


def look(page: Page) -> None:
    """What axe and a narrow window have against a page, in the light and in the dark."""
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, "color-contrast") == []
    page.emulate_media(color_scheme="light")
    assert too_wide(page) == 0


def log_in(browser: Browser, base: str, email: str, size: Any) -> Page:
    context: BrowserContext = browser.new_context(base_url=base, viewport=size)
    context.set_default_timeout(WAIT)
    page = context.new_page()
    page.goto("/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", level=1).wait_for()
    return page


def sides(visit: Visit, size: Any) -> tuple[Page, Page]:
    """A window of the site that gives and one of the site that receives."""
    there = visit.base.replace("birch.", "hazel.")
    return log_in(visit.browser, visit.base, GIVER, size), log_in(visit.browser, there, TAKER, size)


def tab_to(page: Page, target: Locator) -> None:
    """Go to something with the Tab key only."""
    for _ in range(90):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not reach {target}")


def enter(page: Page, code: str, school: str) -> None:
    """Enter the code, see where it comes from, choose the school, Continue."""
    page.goto("/people/transfers/")
    page.get_by_label("Enter Transfer Code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Import Student Data").click()
    expect(page.get_by_text("Old School")).to_be_visible()
    page.get_by_label("Enroll students in").select_option(label=school)
    page.get_by_role("button", name="Continue").click()


def give_a_grade(page: Page) -> str:
    page.goto("/people/")
    page.get_by_role("link", name="Transfer Student Data").first.click()
    page.get_by_role("navigation", name="Transfer Student Data").get_by_role(
        "link", name="Transfer Student Data"
    ).click()
    page.get_by_role("link", name="Whole Grade").click()
    page.get_by_label("School").select_option(label="Old School")
    page.get_by_label("Grade", exact=True).select_option("05")
    page.get_by_role("button", name="Generate Transfer Code").click()
    return str(page.locator("#the_code").inner_text())


def review(page: Page) -> None:
    """Review and Match Students: filter, take a match apart, bring it together again, and go on to the next."""
    page.get_by_role("link", name="Review and Match Students").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review and Match Students")
    expect(page.get_by_text(f"{KNOWN} matched students, {GRADE - KNOWN} new students")).to_be_visible()
    look(page)
    page.get_by_label("Matching status").select_option("matched")
    page.get_by_role("button", name="Show").click()
    page.get_by_label(NAME).fill("amara oka")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("link", name="Edit Amara Okafor").click()
    expect(page.get_by_text("Almost certainly the same student")).to_be_visible()
    page.get_by_text("More details: ").click()
    expect(page.get_by_text("ST-Amara-Okafor").first).to_be_visible()
    look(page)
    page.get_by_role("button", name="Create New Student").click()
    page.get_by_role("link", name="All filters off").click()
    page.get_by_role("link", name="Edit Amara Okafor").click()
    expect(page.get_by_text("The state ID is in use.")).to_be_visible()
    page.get_by_label(RECORD).fill("okafor")
    page.get_by_label("Grade", exact=True).select_option("05")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_label("Amara Okafor, New School, Grade 5").check()
    page.get_by_label("Review the next student").check()
    page.get_by_role("button", name="Match Student").click()
    expect(page.get_by_text("That was the last student of the list.")).to_be_visible()
    expect(page.locator("tr", has_text="Okafor, Amara")).to_contain_text("Reviewed")
    page.get_by_role("button", name="Clear the search").click()
    page.get_by_role("link", name="< Back").first.click()


def import_students(page: Page, two: Two) -> None:
    """Import Students, its message, and the row in Completed Imports, which comes by itself."""
    page.get_by_role("button", name="Import Students").click()
    expect(page.get_by_text("transferred student data will be available on your site within 48 hours")).to_be_visible()
    look(page)
    page.get_by_role("link", name="OK").click()
    page.locator("#imports[hx-get]").wait_for()
    work(two.destination, IMPORT)


def request_and_enter(giver: Page, taker: Page, two: Two) -> None:
    """From the e-mail template to the import preview, which comes without a reload."""
    code = give_a_grade(giver)
    taker.goto("/people/transfers/")
    taker.get_by_role("link", name="View and copy email template").click()
    expect(taker.get_by_role("region", name="E-mail template", exact=True)).to_be_visible()
    enter(taker, code, "New School")
    expect(taker.get_by_text("Analyzing data for the import preview")).to_be_visible()
    work(two.destination, ANALYZE)
    expect(taker.get_by_text(f"{GRADE - KNOWN} new students")).to_be_visible()
    look(taker)


def newcomers(two: Two) -> None:
    """Since the analysis the roster has brought five students with state IDs of five who are coming."""
    late = add_people(two.destination, two.new, [("Late", f"Comer{number}") for number in range(CONFLICTS)], "05")
    with enter_district(two.destination):
        for key, (given, family) in zip(late, names(GRADE)[-CONFLICTS:], strict=True):
            StudentIdentity.objects.filter(pk=key).update(state_id=f"ST-{given}-{family}")


def read_the_log(page: Page) -> None:
    with page.expect_download() as download:
        page.get_by_role("link", name="View Import Log").click()
    rows = list(csv.DictReader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))
    assert len(rows) == GRADE
    assert [row["SourceImportStatus"] for row in rows].count("Not imported") == CONFLICTS


def owner_of_the_first(two: Two) -> int:
    """Who has the state ID of the first of those who are left."""
    with enter_district(two.destination):
        first = IncomingStudent.objects.order_by("family_name", "given_name", "pk")[0]
        return int(StudentIdentity.objects.get(state_id=first.state_id).pk)


def import_the_rest(page: Page, two: Two) -> None:
    """Review the remaining five: match one to the record with the state ID, and import again."""
    page.get_by_role("link", name=f"Review the remaining {CONFLICTS}").click()
    expect(page.get_by_role("link", name="Edit")).to_have_count(CONFLICTS)
    page.get_by_role("link", name="Edit").first.click()
    page.get_by_label(RECORD).fill("late comer")
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator(f"#record-{aside(lambda: owner_of_the_first(two))}").check()
    page.get_by_label("Review the next student").uncheck()
    page.get_by_role("button", name="Match Student").click()
    page.get_by_role("link", name="< Back").first.click()
    page.get_by_role("link", name="Grade 5", exact=True).click()
    look(page)
    page.get_by_role("link", name=f"Import the remaining {CONFLICTS}").click()
    page.get_by_role("button", name="Import Students").click()
    work(two.destination, IMPORT)
    page.get_by_role("link", name="OK").click()
    expect(page.get_by_text("99 of 103 students were imported")).to_be_visible()


def test_a_grade_of_103_of_whom_98_import(two: Two, site: Site) -> None:
    before = hash_schema(two.source.schema_name)
    with visiting(site, two.source) as visit:
        giver, taker = sides(visit, DESK)
        request_and_enter(giver, taker, two)
        review(taker)
        aside(lambda: newcomers(two))
        import_students(taker, two)
        words = "98 of 103 students were imported because of conflicts with information already on your site"
        expect(taker.get_by_text(words)).to_be_visible()
        read_the_log(taker)
        import_the_rest(taker, two)
        taker.get_by_role("link", name="Grade 5", exact=True).click()
        taker.get_by_role("link", name="Abernathy").first.click()
        expect(taker.get_by_text("from Birch Unified, Old School")).to_be_visible()
        giver.goto("/people/transfers/give/")
        expect(giver.get_by_text("Hazel Unified").first).to_be_visible()
    with enter_district(two.destination):
        assert (Import.objects.get().imported, ImportedStudent.objects.filter(is_new=True).count()) == (99, 78)
    after = hash_schema(two.source.schema_name)
    changed = {name for name in after if before.get(name) != after[name]}
    assert {name for name in changed if name.startswith(("renaissance", "rostering"))} == set()


def test_one_student_by_keyboard_on_a_phone_and_back_again(two: Two, site: Site) -> None:
    with visiting(site, two.source) as visit:
        giver, taker = sides(visit, PHONE)
        giver.goto("/people/transfers/give/?kind=student")
        tab_to(giver, giver.get_by_label(NAME))
        giver.keyboard.type("sing")
        giver.keyboard.press("Enter")
        tab_to(giver, giver.get_by_label("Single, Nia"))
        giver.keyboard.press("Space")
        tab_to(giver, giver.get_by_role("button", name="Generate Transfer Code"))
        giver.keyboard.press("Enter")
        code = giver.locator("#the_code").inner_text()
        enter(taker, code, "New School")
        work(two.destination, ANALYZE)
        expect(taker.get_by_role("link", name="Review and Match Students")).to_be_visible()
        look(taker)
        _review_by_keyboard(taker)
        import_students(taker, two)
        expect(
            taker.get_by_text("Imported with changes").or_(taker.get_by_text("Imported with no changes"))
        ).to_be_visible()
        tab_to(taker, taker.get_by_role("link", name="Take back"))
        taker.keyboard.press("Enter")
        expect(taker.get_by_text("2 records that the import brought are taken off 1 student")).to_be_visible()
        look(taker)
        tab_to(taker, taker.get_by_role("button", name="Yes, take back 1 student and 2 records"))
        taker.keyboard.press("Enter")
        expect(taker.get_by_text("Taken back: 1 student and 2 records.")).to_be_visible()
        look(taker)
    with enter_district(two.destination):
        assert Import.objects.get().state == ImportState.UNDONE
    assert LedgerEntry.objects.filter(kind="transfer_undone").count() == 1


def _review_by_keyboard(page: Page) -> None:
    """Find a record and match to it, without a mouse."""
    for name in ("Review and Match Students of Nia Single", "Edit Nia Single"):
        tab_to(page, page.get_by_role("link", name=name))
        page.keyboard.press("Enter")
    tab_to(page, page.get_by_label(RECORD))
    page.keyboard.type("niah")
    page.keyboard.press("Enter")
    record = page.get_by_label("Niah Single")
    record.wait_for()
    tab_to(page, record)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Match Student"))
    look(page)
    page.keyboard.press("Enter")
    expect(page.locator("tr", has_text="Single, Nia")).to_contain_text("Reviewed")
    tab_to(page, page.get_by_role("link", name="< Back").first)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Import Students").wait_for()
