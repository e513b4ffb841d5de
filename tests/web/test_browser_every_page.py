"""Every page of both hosts in a real Chromium: axe finds nothing, light and dark; no page is wider than a phone."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django_tenants.utils import schema_context
from playwright.sync_api import Page

from accounts.models import Role
from api.access.scopes import SCOPES
from api.access.services import make_client
from api.webhooks.queue import hand_out_events
from api.webhooks.services import make_endpoint, send_test
from approvals.services import ask_approval
from archiving.years.services import note_reset
from benchmarks.pages_addresses import Address, desk_addresses, portal_addresses
from reports.downloads.models import PreparedFile
from resets.engine.counting import LineKey, Tally
from resets.models import ResetRun, ResetSchedule, RunState
from resets.planner import ensure_schedules
from resets.windows import open_school_year
from tenants.models import Csm, District
from tenants.schema import enter_district
from tests.support.certificates import certify
from tests.support.people import PUBLIC_HOST, make_person
from tests.support.processes import Site
from tests.web.browser import Visit, chromium, too_wide, violations, visiting
from tests.web.conftest import JUNE
from tests.web.test_queries import crowd

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(600)]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
DESK_PEOPLE = {"root@vendor.example": Role.SUPERUSER, "casey@vendor.example": Role.CSM}


@pytest.fixture
def lived_in(committed_districts: Callable[..., District], clock: Callable[[str], Any]) -> District:
    """A committed district with a roster, syncs, dates, a run, and people; and a CSM whose book it is in."""
    chromium()
    now = clock(JUNE)
    district = committed_districts("birch")
    call_command("generate_district", slug="birch", students=60, seed=5, suites="literacy,hero", verbosity=0)
    with schema_context("public"):
        csm = Csm.objects.create(name="Casey", email="casey@vendor.example")
        District.objects.filter(pk=district.pk).update(csm=csm)
        open_school_year(2026)
        ensure_schedules(now)
    crowd(district, 3)
    certify(district, now)
    let_in(district, now)
    dana = make_person(district, Role.DISTRICT_ADMIN, "dana@a.example")
    with enter_district(district):
        PreparedFile.objects.create(user=dana, report="literacy-usage", format="csv", asked_at=now, state="failed")
    told_of(district, now)
    let_in(district, now)
    for email, role in DESK_PEOPLE.items():
        make_person(None, role, email)
    return district


def told_of(district: District, now: dt.datetime) -> None:
    said: dict[str, Any] = {"address": "https://example.com/yearturn", "description": "Warehouse", "actor": "system:x"}
    endpoint, _ = make_endpoint(district, **said, types=["reset.verified"], at=now)
    send_test(endpoint, actor="system:x", at=now)
    with schema_context("public"), transaction.atomic():
        hand_out_events(now)


def let_in(district: District, now: dt.datetime) -> None:
    ends = now + dt.timedelta(days=30)
    facts: dict[str, Any] = {"scopes": list(SCOPES)[:3], "expires_at": ends, "actor": "district_admin:1", "at": now}
    make_client(district=district, name="Northwind SIS", **facts)


def test_every_page_of_a_district(site: Site, lived_in: District) -> None:
    with enter_district(lived_in):
        addresses = portal_addresses(lived_in)
    with visiting(site, lived_in) as visit:
        found = look(visit, addresses, ["dana@a.example"])
    assert not found, "\n".join(found)


def test_every_page_of_the_desk(site: Site, lived_in: District) -> None:
    with schema_context("public"):
        schedule = ResetSchedule.objects.filter(district=lived_in).earliest("pk")
        facts = {"district": lived_in, "suite": schedule.suite, "school_year": 2025, "on": schedule.on}
        ResetRun.objects.create(
            **facts, state=RunState.FAILED, actor="system:planner", created_at=JUNE, error="PlanError: a rule"
        )
        run = ResetRun.objects.filter(district=lived_in, state=RunState.COMPLETED).latest("created_at")
        note_reset(run, {LineKey(3, "benchmarks", 1): Tally(archived=10)}, run.created_at)
        ask_approval(
            lived_in, "restore", subject=f"run:{run.pk}", scope={"schools": [1]}, policy_version="2023.1",
            ceiling={"rows": 12}, reason="The wrong date.", actor="csm:77", at=run.created_at,
        )  # fmt: skip
        addresses = desk_addresses(lived_in)
    with visiting(site, lived_in) as visit:
        visit.base = visit.base.replace(visit.base.split("//")[1].split(":")[0], PUBLIC_HOST)
        found = look(visit, addresses, DESK_PEOPLE)
    assert not found, "\n".join(found)


def look(visit: Visit, addresses: list[Address], people: Iterable[str]) -> list[str]:
    """What is wrong with pages, in words: each is looked at by the first person who may open it."""
    found: list[str] = []
    left = list(addresses)
    for email in people:
        page = visit.log_in(email).context.new_page()
        page.on("pageerror", lambda error, page=page: found.append(f"{page.url}: script: {error}"))
        left = [address for address in left if not _looked_at(page, address, found)]
    closed = [address.name for address in left if not address.name.endswith("_add")]  # nobody adds to a record
    return found + [f"{name}: open to nobody" for name in closed]


def _looked_at(page: Page, address: Address, found: list[str]) -> bool:
    """Look at one page: axe in the light, its contrasts in the dark too, and its width on a phone."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    response = page.goto(address.path)
    status = response.status if response else 0
    if status == 403:
        return False
    problems = violations(page) if status == 200 else [f"status {status}"]
    page.emulate_media(color_scheme="dark")
    problems += [f"dark: {problem}" for problem in violations(page, "color-contrast")]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    if (over := too_wide(page)) > 0:
        problems.append(f"{over} px too wide for a phone")
    found += [f"{address.name}: {problem}" for problem in problems]
    return True
