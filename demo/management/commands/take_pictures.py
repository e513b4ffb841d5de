"""`take_pictures`: the pictures of docs/images, of one district of the demo's cast and a CSM's book.

Started by docs/pictures.py.
"""

import csv
import datetime as dt
import io
import os
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import schema_context
from playwright.sync_api import Browser, Page, sync_playwright

from accounts.models import Role, User
from config.processes import Processes
from demo import stage
from demo.book import fill_book
from demo.cast import CEDAR, ELKHORN, PASSWORD, Year
from demo.movers import bring_grade
from demo.wait import runs_completed, wait_until
from reports.asking.asked import Asked
from reports.asking.reader import reader_of
from reports.asking.reading import reading_of
from reports.formats.pdf import as_picture
from reports.yearend.compile import sheets
from resets.models import ResetSchedule
from resets.planner import ensure_schedules
from resets.services import open_school_year
from tenants import clock
from tenants.models import Csm, District, Job
from tenants.schema import enter_district

IMAGES = Path(settings.BASE_DIR) / "docs" / "images"
PORT = 8791
STUDENTS = 2000
MOST_BYTES = 250_000
JUNE = dt.datetime(2026, 6, 24, 15, tzinfo=dt.UTC)
RESET_MORNING = dt.datetime(2026, 7, 28, 15, tzinfo=dt.UTC)
YEAR = Year(2026, dt.date(2025, 8, 11), dt.date(2026, 6, 12))
PERSON_COLUMNS = {"users.csv": 0, "roles.csv": 3, "enrollments.csv": 5, "demographics.csv": 0}


class Command(BaseCommand):
    """It empties the database that the settings name."""

    help = "Take the pictures of docs/images. Started by docs/pictures.py, on services of its own."

    def handle(self, *args: Any, **options: Any) -> None:
        """Take them all.

        Raises:
            CommandError: there is no Chromium, or a picture is too large.
        """
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        if not chromium:
            raise CommandError("No Chromium: set CHROMIUM to its path, or install it (Debian: apt install chromium).")
        district, bundle = _set_the_stage(Path(settings.DATA_DIR))
        with Processes.for_settings(settings.SETTINGS_MODULE, Path(settings.DATA_DIR) / "logs") as site:
            site.start_web(PORT, workers=1)
            site.start_worker(concurrency=1)
            site.start_beat()
            with sync_playwright() as playwright:
                arguments = ["--no-sandbox", "--host-resolver-rules=MAP *.localhost 127.0.0.1"]
                browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
                self._walk_the_desk(browser, district, site)
                self._walk(browser, district, bundle, site)
                browser.close()

    def _walk_the_desk(self, browser: Browser, district: District, site: Processes) -> None:
        """June at the desk: the board, the calendar, the form of a date."""
        with schema_context("public"):
            book = fill_book(Csm.objects.get(), YEAR.school_year, JUNE)
            schedule = ResetSchedule.objects.get(district=district, suite="literacy")
        base = f"http://{settings.DISTRICT_HOST_SUFFIX}:{PORT}"
        page = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=base).new_page()
        _log_in(page, stage.CSM_EMAIL, site, "Today")
        page.goto("/admin/resets/resetschedule/board/?sort=date")
        self._shoot(page, "board", 900, 1440)
        page.goto("/admin/resets/resetschedule/calendar/?month=2026-07")
        self._shoot(page, "calendar", 1000, 1440)
        page.goto(f"/admin/resets/resetschedule/{schedule.pk}/date/")
        page.get_by_label("Reset date").fill("2026-08-10")
        page.get_by_text("The nearest valid date is").first.wait_for()
        page.get_by_text(re.compile("^Counted ")).first.wait_for(timeout=120_000)
        self._shoot(page, "pick", 1000, 1440)
        with schema_context("public"):  # they have no schema: nothing is to become due there
            District.objects.filter(pk__in=[each.pk for each in book]).update(removed_at=JUNE)
            Job.objects.filter(district__in=book).delete()

    def _walk(self, browser: Browser, district: District, bundle: Path, site: Processes) -> None:
        """June: home, preview, an import. Then the reset night passes: the run."""
        base = f"http://{district.slug}.{settings.DISTRICT_HOST_SUFFIX}:{PORT}"
        page = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=base).new_page()
        _log_in(page, f"admin@{district.slug}.example", site)
        self._shoot(page, "home", 1180)
        page.goto("/resets/")
        self._shoot(page, "dates", 1000)
        page.goto("/resets/literacy/2026/")
        self._shoot(page, "preview", 1500)
        self._reports(page, district)
        page.goto("/rosters/upload/")
        page.get_by_label("OneRoster bundle").set_input_files(bundle)
        page.get_by_label("Dry run: check only, change nothing").uncheck()
        page.get_by_role("button", name="Upload", exact=True).click()
        page.locator("dl.pairs").wait_for(timeout=120_000)
        self._shoot(page, "sync", 1240)
        clock.set_simulated_now(RESET_MORNING)
        wait_until(lambda: runs_completed(district.pk, "literacy", 2026), "the literacy reset", site)
        page.goto("/resets/")
        page.get_by_role("link", name="What happened to Imagine Learning Literacy").click()
        self._shoot(page, "run", 1400)
        self._review(page, district, site)

    def _reports(self, page: Page, district: District) -> None:
        """The library of year-end reports, one of them with its drawing, and the same on paper."""
        page.goto("/reports/")
        self._shoot(page, "reports", 1300)
        page.goto("/reports/literacy-growth/?by=grade")
        page.locator(".figure svg").first.wait_for()
        self._shoot(page, "report", 1560)
        with enter_district(district):
            user = User.objects.get(role=Role.DISTRICT_ADMIN)
            asked = Asked("literacy-growth", grain="grade")
            reading = reading_of(asked, reader_of(user), district, clock.now())
            tables = sheets(reading.report, reading.scope, reading.grain)
            picture = as_picture(reading.heading(clock.now()), tables)
        (IMAGES / "report-paper.png").write_bytes(picture)

    def _review(self, page: Page, district: District, site: Processes) -> None:
        """Students of another district wait for review: the record of one beside the one that may be the same."""
        source = stage.found_district(ELKHORN, YEAR, Csm.objects.get(), None, 1.0)
        waiting = bring_grade(source, district, site)
        page.goto(f"/people/transfers/imports/{waiting.pk}/review/?status=review")
        page.get_by_role("link", name="Edit").first.click()
        page.get_by_role("heading", name="Side by side").wait_for()
        self._shoot(page, "review", 1300)

    def _shoot(self, page: Page, name: str, height: int, width: int = 1280) -> None:
        IMAGES.mkdir(parents=True, exist_ok=True)
        path = IMAGES / f"{name}.png"
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=path)
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise CommandError(f"{path} has {size:,} bytes, more than {MOST_BYTES:,}")
        self.stdout.write(f"{path.name}: {size:,} bytes")


def _log_in(page: Page, email: str, site: Processes, heading: str = "The end of the") -> None:
    """Wait for the web server, then log in."""

    def is_up() -> bool:
        try:
            page.goto("/login/")
        except Exception:  # the browser has no narrower error for a refused connection
            return False
        return True

    wait_until(is_up, "the web server", site)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name=heading).first.wait_for()


def _set_the_stage(folder: Path) -> tuple[District, Path]:
    """One district in June, with its people, data and dates; and a bundle that lacks a fifth of its students."""
    stage.empty_database()
    clock.set_simulated_now(JUNE)
    part = replace(CEDAR, students=STUDENTS, summer_session_ends=(7, 3))
    district = stage.found_district(part, YEAR, stage.hire_csm(), None, 1.0)
    stage.invite_people(district)
    open_school_year(YEAR.school_year)
    ensure_schedules(JUNE)
    return district, _without_some(_own_bundle(part.slug, part.seed, folder), folder / "sis-export-june.zip")


def _own_bundle(slug: str, seed: int, folder: Path) -> Path:
    whole = folder / "whole.zip"
    call_command(
        "generate_district", slug=slug, students=STUDENTS, seed=seed, school_year=YEAR.school_year,
        bundle_only=str(whole), verbosity=0,
    )  # fmt: skip
    return whole


def _without_some(whole: Path, thin: Path) -> Path:
    """A bundle without every fifth student."""
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(thin, "w", zipfile.ZIP_DEFLATED) as out:
        files = {name: list(csv.reader(io.StringIO(source.read(name).decode()))) for name in source.namelist()}
        gone = {row[3] for row in [row for row in files["roles.csv"] if row[5] == "student"][::5]}
        for name, rows in files.items():
            column = PERSON_COLUMNS.get(name)
            text = io.StringIO()
            csv.writer(text).writerows(row for row in rows if column is None or row[column] not in gone)
            out.writestr(name, text.getvalue())
    return thin
