"""The district's pages in a real Chromium: the roster's journey, axe on every page, phones, the keyboard."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.models import Role
from resets.models import RunState
from rostering.models import Educator, School, Sync, SyncState
from tenants.models import District
from tenants.schema import enter_district
from tests.rostering.bundles import small_bundle
from tests.support.people import make_person
from tests.support.processes import Site
from tests.web.browser import Visit, chromium, too_wide, violations, visiting
from tests.web.conftest import JUNE, fill
from tests.web.test_queries import crowd
from tests.web.test_resets import make_run

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(290)]


@pytest.fixture
def lived_in(
    committed_districts: Callable[..., District], clock: Callable[[str], Any], site: Site, tmp_path: Path
) -> District:
    """A committed district with a roster, dates and people."""
    chromium()
    clock(JUNE)
    site.environment["YEARTURN_DATA"] = str(tmp_path / "data")
    district = committed_districts("birch")
    fill(district, tmp_path)
    with enter_district(district):
        school, teacher = School.objects.get(name="School 1"), Educator.objects.get(identity__sourced_id="t1")
    make_person(district, Role.DISTRICT_ADMIN, "dana@a.example")
    make_person(district, Role.SCHOOL_ADMIN, "sam@a.example", school_id=school.pk)
    make_person(district, Role.EDUCATOR, "toni@a.example", educator_id=teacher.pk)
    return district


def send(page: Page, bundle: Path, *, dry_run: bool) -> str:
    """Upload a bundle through the form, and wait for its result's heading."""
    page.goto("/rosters/upload/")
    page.get_by_label("OneRoster bundle").set_input_files(bundle)
    box = page.get_by_label("Dry run: check only, change nothing")
    assert box.is_checked()
    if not dry_run:
        box.uncheck()
    page.get_by_role("button", name="Upload", exact=True).click()
    page.locator("dl.pairs").wait_for()
    return page.get_by_role("heading", level=1).inner_text()


def test_a_roster_from_the_dry_run_to_the_release(site: Site, lived_in: District, tmp_path: Path) -> None:
    bad, half = small_bundle(students=40), small_bundle(students=40)
    for row in bad.rows["users"][:3]:
        row["enabledUser"] = "maybe"
    for number in range(1, 21):
        half.drop_person(f"s{number}")
    site.start_worker("worker", concurrency=1)
    site.start_beat()
    with visiting(site, lived_in) as visit:
        page = visit.log_in("dana@a.example")
        assert send(page, bad.write(tmp_path, "bad.zip"), dry_run=True) == "The bundle was refused"
        assert page.get_by_role("heading", name="3 errors").is_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download all as CSV").click()
        assert "enabledUser" in download.value.path().read_text("utf-8-sig")
        whole = half.write(tmp_path, "half.zip")
        assert send(page, whole, dry_run=True) == "The bundle was checked"
        assert send(page, whole, dry_run=False) == "Imported, with removals held back"
        page.get_by_role("link", name="Release 20 removals").click()
        page.get_by_role("button", name="Yes, release 20 removals").click()
        page.get_by_text("20 people have left the roster").wait_for()
        assert page.locator(".page-head .chip").inner_text().split() == ["✓", "Applied"]


def pages_of(district: District) -> dict[str, dict[str, str]]:
    """Every page, by who looks at it."""
    sync, release, run = crowd(district, 12).split("|")
    with enter_district(district):
        refused = Sync.objects.exclude(pk=sync.split("/")[2]).filter(state=SyncState.PARTLY_HELD).first()
        assert refused
        Sync.objects.filter(pk=refused.pk).update(state=SyncState.REFUSED, note="Refused: 12 errors.", error_count=12)
    failed = make_run(district, RunState.FAILED, error="PlanError: a rule", school_year=2025)
    running = make_run(
        district, RunState.RUNNING, step="verifying", school_year=2024, started_at=dt.datetime.now(dt.UTC)
    )
    return {
        "": {"log-in": "/login/"},
        "dana@a.example": {
            "home": "/", "rosters": "/rosters/", "upload": "/rosters/upload/", "complete": "/rosters/complete/",
            "held": sync, "release": release, "refused": f"/rosters/{refused.pk}/", "resets": "/resets/",
            "preview": "/resets/hero/2026/", "answer": "/resets/literacy/2027/", "run": run,
            "failed": f"/resets/runs/{failed.pk}/", "running": f"/resets/runs/{running.pk}/", "none": "/nothing/",
            "password": "/password/",
        },
        "sam@a.example": {"home": "/", "preview": "/resets/hero/2026/", "not his": "/rosters/upload/"},
        "toni@a.example": {"home": "/"},
    }  # fmt: skip


@pytest.mark.soak  # in states of their own; every page is looked at in test_browser_every_page
def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(site: Site, lived_in: District) -> None:
    pages = pages_of(lived_in)
    found: list[str] = []
    with visiting(site, lived_in) as visit:
        for email, addresses in pages.items():
            state = visit.log_in(email).context.storage_state() if email else None
            for scheme in ("light", "dark"):
                found += look(visit, addresses, f"{email or 'a stranger'}, {scheme}", state, scheme)
    assert found == []


def look(visit: Visit, addresses: dict[str, str], who: str, state: Any, scheme: str) -> list[str]:
    """What is wrong with pages: by axe at a desk's width, and with the width of a phone."""
    found = []
    options: dict[str, Any] = {"color_scheme": scheme, **({"storage_state": state} if state else {})}
    context = visit.context(viewport={"width": 1280, "height": 900}, **options)
    page = context.new_page()
    for name, address in addresses.items():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        for details in page.locator("main details:not([open]) > summary").all():
            details.click()
        found += [f"{name} ({who}): {violation}" for violation in violations(page)]
        page.set_viewport_size({"width": 390, "height": 844})
        if (over := too_wide(page)) > 0:
            found.append(f"{name} ({who}): {over} px too wide for a phone")
    context.close()
    return found


def test_the_keyboard_reaches_the_content_first(site: Site, lived_in: District) -> None:
    with visiting(site, lived_in) as visit:
        page = visit.log_in("dana@a.example")
        page.goto("/rosters/upload/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "id_bundle"
