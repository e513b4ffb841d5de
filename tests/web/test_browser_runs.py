"""Runs in a real Chromium: a reset that a person stops waits, goes on when it may, and its page tells it live."""

import datetime as dt
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import expect

from accounts.models import Role
from resets.models import ControlChange, ResetRun, ResetSchedule
from resets.services import open_school_year, request_run
from tenants.models import Csm, District, Job
from tests.support.people import make_person
from tests.support.processes import Site
from tests.web.browser import Visit, chromium, visiting
from tests.web.test_browser_visits import in_scheme, wrong_with

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(290)]

AT = dt.datetime(2026, 7, 28, 15, tzinfo=dt.UTC)
CONTROLS = "/admin/resets/resetrun/controls/"


@pytest.fixture
def due(
    committed_districts: Callable[..., District], clock: Callable[[str], Any], site: Site, tmp_path: Path
) -> ResetRun:
    """A district with data whose reset of math is asked for, and nobody at work."""
    chromium()
    clock(AT.isoformat())
    site.environment["YEARTURN_DATA"] = str(tmp_path / "data")
    district = committed_districts("birch")
    call_command("generate_district", slug="birch", students=120, seed=5, suites="math", school_year=2026, verbosity=0)
    District.objects.update(csm=Csm.objects.create(name="Casey", email="casey@vendor.example"))
    open_school_year(2026)
    ResetSchedule.objects.get_or_create(
        district=district, suite="math", school_year=2026, defaults={"on": dt.date(2026, 7, 28)}
    )
    make_person(None, Role.CSM, "casey@vendor.example")
    make_person(None, Role.SUPERUSER, "sue@vendor.example")
    return request_run(district, "math", 2026, actor="csm:1", now=AT)


def test_a_stopped_reset_waits_and_goes_on_before_ones_eyes(site: Site, due: ResetRun) -> None:
    found: list[str] = []
    address = f"/admin/resets/resetrun/{due.pk}/change/"
    with visiting(site, due.district) as birch:
        desk = Visit(birch.browser, re.sub("//[^:]*", "//localhost", birch.base))
        casey = desk.log_in("casey@vendor.example")
        casey.goto(address)
        expect(casey.locator("#progress")).to_contain_text("Waiting for a worker")
        for scheme in ("light", "dark"):
            found += wrong_with(in_scheme(casey.context, scheme, address), f"a queued run, {scheme}")

        casey.goto(CONTROLS)
        casey.get_by_label("Reason").fill("A wrong policy was seen")
        casey.get_by_role("button", name="Stop…").click()
        casey.get_by_role("heading", name="Stop everything?").wait_for()
        found += wrong_with(casey, "sure?")
        casey.get_by_role("button", name="Yes, stop all destructive work").click()
        casey.get_by_role("heading", level=1, name="All destructive work is stopped").wait_for()
        assert casey.get_by_role("button", name="Let work go on").count() == 0
        for scheme in ("light", "dark"):
            found += wrong_with(in_scheme(casey.context, scheme, CONTROLS), f"stopped, {scheme}")
        casey.goto("/admin/")
        expect(casey.get_by_role("region", name="All destructive work is stopped")).to_be_visible()

        site.start_worker("worker", concurrency=1)
        site.start_beat()
        casey.goto(address)
        site.wait_for(lambda: tried(due))
        expect(casey.get_by_role("region", name="All destructive work is stopped")).to_contain_text("A wrong policy")
        expect(casey.locator("#progress")).to_contain_text("Waiting until all work may go on")

        sue = desk.log_in("sue@vendor.example")
        sue.goto(CONTROLS)
        sue.get_by_label("Reason").first.fill("The policy is mended")
        sue.keyboard.press("Tab")
        sue.keyboard.press("Enter")
        sue.get_by_role("heading", level=1, name="Work goes on").wait_for()
        expect(casey.get_by_text("Completed and verified").first).to_be_visible()
        expect(casey.locator("#counts")).to_contain_text("In all")
        casey.locator("#counts").get_by_role("link", name="schools").first.click()
        casey.get_by_role("heading", name="School by school").wait_for()
        for scheme in ("light", "dark"):
            found += wrong_with(in_scheme(casey.context, scheme, casey.url), f"a completed run, {scheme}")
    assert found == []
    assert list(ControlChange.objects.order_by("pk").values_list("reason", flat=True)) == [
        "A wrong policy was seen", "The policy is mended",
    ]  # fmt: skip


def tried(run: ResetRun) -> bool:
    """Whether a worker has taken the run up and put it back. Asked in a thread: the browser's has an event loop."""

    def ask() -> bool:
        try:
            return bool(Job.objects.filter(kind="reset", key=str(run.pk), stopped__gt=0).exists())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ask).result()
