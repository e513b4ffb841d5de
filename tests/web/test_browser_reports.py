"""Year-end reports in a real Chromium: each role finds, filters, reads and downloads; the worker's files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from reports.asking.asked import Asked
from reports.asking.reader import reader_of
from reports.asking.reading import reading_of
from reports.downloads.preparing import ask_file
from reports.formats import CSV, FORMATS
from resets.planner import ensure_schedules
from resets.windows import open_school_year
from rostering.models import Educator, School
from tenants import clock
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import make_person
from tests.support.processes import Site
from tests.web.browser import Visit, chromium, too_wide, violations, visiting
from tests.web.conftest import JUNE

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(600)]
PHONE = {"width": 390, "height": 844}
PEOPLE = {"dana@a.example": "School", "sam@a.example": "Student", "toni@a.example": "Student"}
"""Who they are, and of whom a row speaks at first."""
MAGIC = {"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "parquet": b"PAR1", "pdf": b"%PDF"}


@pytest.fixture
def lived_in(
    committed_districts: Callable[..., District], clock: Callable[[str], Any], site: Site, tmp_path: Path
) -> District:
    """A committed district with a year of literacy, its earlier years in the archive, and a person of each role."""
    chromium()
    now = clock(JUNE)
    site.environment["YEARTURN_DATA"] = str(tmp_path / "data")
    site.environment["REPORT_PATIENCE_MS"] = "1"  # as in a large district: tables follow their pages
    district = committed_districts("birch")
    call_command("generate_district", slug="birch", students=90, seed=5, suites="literacy", verbosity=0)
    with schema_context("public"):
        open_school_year(2026)
        ensure_schedules(now)
    with enter_district(district):
        school = School.objects.filter(students__status="active").order_by("pk").first()
        teacher = Educator.objects.filter(assignments__is_active=True).order_by("pk").first()
        assert school
        assert teacher
    make_person(district, Role.DISTRICT_ADMIN, "dana@a.example")
    make_person(district, Role.SCHOOL_ADMIN, "sam@a.example", school_id=school.pk)
    make_person(district, Role.EDUCATOR, "toni@a.example", educator_id=teacher.pk)
    return district


def find(page: Page) -> None:
    """From home to a report."""
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Reports").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Year-end reports")
    page.get_by_role("link", name="Literacy: usage").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Literacy: usage")


def narrow(page: Page, first: str) -> None:
    """See the drawing, its numbers, then last year's by grade, in place."""
    expect(page.get_by_label("A row for each")).to_have_value(first.lower())
    expect(page.locator(".figure svg").first).to_be_visible()
    page.get_by_text("The numbers as a table").first.click()
    expect(page.locator(".figure table").first).to_be_visible()
    page.get_by_label("A row for each").select_option("grade")
    page.get_by_role("checkbox", name="2024").check()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("columnheader", name="Grade")).to_be_visible()
    expect(page.get_by_text("is in the archive")).to_be_visible()
    assert "by=grade" in page.url
    assert violations(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert too_wide(page) == 0
    page.set_viewport_size({"width": 1280, "height": 900})


def take(page: Page, folder: Path) -> None:
    """Download in each format; print."""
    for form in FORMATS:
        with page.expect_download() as waiting:
            page.get_by_role("button", name=form.label).click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        assert path.suffix == f".{form.code}"
        assert path.read_bytes().startswith(MAGIC[form.code])
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Print").click()
    paper = opened.value
    expect(paper.get_by_role("heading", name="Usage time")).to_be_visible()
    expect(paper.get_by_role("button", name="Print")).to_be_visible()
    assert violations(paper) == []
    paper.close()


def test_each_role_finds_filters_reads_and_downloads(site: Site, lived_in: District, tmp_path: Path) -> None:
    with enter_district(lived_in):
        dana, now = User.objects.get(email="dana@a.example"), clock.now()
        reading = reading_of(Asked("literacy-lessons", grain="student"), reader_of(dana), lived_in, now)
        large = ask_file(reading, CSV, user=dana, at=now)
    with visiting(site, lived_in) as visit:
        for email, first in PEOPLE.items():
            page = visit.log_in(email)
            find(page)
            narrow(page, first)
            take(page, tmp_path)
            if first == "School":
                _one_student_by_name(page)
                _publish(page)
            page.context.close()
        _by_keyboard_without_javascript(visit)
        _what_the_worker_prepares(visit, site, f"/reports/files/{large.pk}/")


def _one_student_by_name(page: Page) -> None:
    """A name is posted, never part of an address."""
    page.goto("/reports/literacy-lessons/?by=student")
    name = page.get_by_role("rowheader").first.inner_text()
    page.get_by_label("One student").fill(name.partition(",")[0])
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("list", name="Students who were found").get_by_role("link").first.click()
    expect(page.get_by_text("All students again")).to_be_visible()
    assert name.partition(",")[0] not in page.url
    assert page.get_by_role("rowheader").count() < 25


def _publish(page: Page) -> None:
    page.goto("/reports/literacy-lessons/")
    page.get_by_role("link", name="For publication").click()
    expect(page.get_by_text("so that it can be published")).to_be_visible()
    page.get_by_role("link", name="Back to the report for your own staff").click()
    expect(page.get_by_role("link", name="For publication")).to_be_visible()


def _by_keyboard_without_javascript(visit: Visit) -> None:
    """Filter, read the summary on its own page, and subscribe."""
    page = visit.log_in("toni@a.example")
    state = page.context.storage_state()
    page = visit.context(storage_state=state, java_script_enabled=False).new_page()
    page.goto("/reports/literacy-growth/")
    page.get_by_label("A row for each").focus()
    page.keyboard.press("c")  # Class
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    follows, there = page.get_by_role("link", name="Show the table"), page.get_by_role("columnheader", name="Class")
    expect(follows.or_(there)).to_be_visible()
    if follows.count():
        follows.focus()
        page.keyboard.press("Enter")
    expect(there).to_be_visible()
    page.get_by_role("link", name="See the summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Literacy: Benchmark growth: at a glance")
    page.go_back()
    page.get_by_label("before the reset:").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Send it to me").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("7 days before the reset, at 7:00 AM")).to_be_visible()
    page.goto("/reports/")
    page.get_by_role("button", name="Stop sending").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is not sent any more.")).to_be_visible()
    page.context.close()


def _what_the_worker_prepares(visit: Visit, site: Site, address: str) -> None:
    """Asked for, watched until it is ready without loading the page again, downloaded, removed."""
    page = visit.log_in("dana@a.example")
    page.goto(address)
    expect(page.get_by_text("Being prepared")).to_be_visible()
    site.start_worker()
    site.start_beat()
    page.get_by_role("link", name="Download").wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download").click()
    assert Path(waiting.value.path()).read_bytes().startswith(MAGIC["csv"])
    page.get_by_role("button", name="Remove it now").click()
    expect(page.get_by_text("The file was removed.")).to_be_visible()
