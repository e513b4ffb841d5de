"""Every page of both hosts in a real Chromium: axe finds nothing, light and dark; no page is wider than a phone."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django_tenants.utils import schema_context
from playwright.sync_api import BrowserContext

from accounts.models import Role
from benchmarks.pages_addresses import Address, desk_addresses, portal_addresses
from products.models import Subscription
from resets.models import ResetRun, ResetSchedule, RunState
from resets.planner import ensure_schedules
from resets.windows import open_school_year
from tenants.models import Csm, District
from tenants.schema import enter_district
from tests.support.people import PUBLIC_HOST, make_person
from tests.support.processes import Site
from tests.web.browser import Visit, chromium, too_wide, violations, visiting
from tests.web.conftest import JUNE, fill
from tests.web.test_queries import crowd

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(600)]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
DESK_PEOPLE = {"root@vendor.example": Role.SUPERUSER, "casey@vendor.example": Role.CSM}


@pytest.fixture
def lived_in(committed_districts: Callable[..., District], clock: Callable[[str], Any], tmp_path: Path) -> District:
    """A committed district with a roster, syncs, dates, a run, and people; and a CSM whose book it is in."""
    chromium()
    now = clock(JUNE)
    district = committed_districts("birch")
    fill(district, tmp_path)
    with schema_context("public"):
        csm = Csm.objects.create(name="Casey", email="casey@vendor.example")
        District.objects.filter(pk=district.pk).update(csm=csm)
        Subscription.objects.create(district=district, product="hero", starts_on="2025-08-01")
        open_school_year(2026)
        ensure_schedules(now)
    crowd(district, 3)
    make_person(district, Role.DISTRICT_ADMIN, "dana@a.example")
    for email, role in DESK_PEOPLE.items():
        make_person(None, role, email)
    return district


def test_every_page_of_a_district(site: Site, lived_in: District) -> None:
    with enter_district(lived_in):
        addresses = portal_addresses(lived_in)
    with visiting(site, lived_in) as visit:
        assert look(visit, addresses, ["dana@a.example"]) == []


def test_every_page_of_the_desk(site: Site, lived_in: District) -> None:
    with schema_context("public"):
        schedule = ResetSchedule.objects.filter(district=lived_in).earliest("pk")
        facts = {"district": lived_in, "suite": schedule.suite, "school_year": 2025, "on": schedule.on}
        ResetRun.objects.create(
            **facts, state=RunState.FAILED, actor="system:planner", created_at=JUNE, error="PlanError: a rule"
        )
        addresses = desk_addresses(lived_in)
    with visiting(site, lived_in) as visit:
        visit.base = visit.base.replace(visit.base.split("//")[1].split(":")[0], PUBLIC_HOST)
        assert look(visit, addresses, DESK_PEOPLE) == []


def look(visit: Visit, addresses: list[Address], people: Iterable[str]) -> list[str]:
    """What is wrong with pages, in words: each is looked at by the first person who may open it."""
    found: list[str] = []
    seen: set[str] = set()
    for email in people:
        state: Any = visit.log_in(email).context.storage_state()
        left = [address for address in addresses if address.name not in seen]
        for scheme in ("light", "dark"):
            context = visit.context(viewport=DESK, color_scheme=scheme, storage_state=state)
            for address in left:
                if problems := _problems(context, address):
                    found += [f"{address.name}, {scheme}: {problem}" for problem in problems]
                seen.add(address.name)
            context.close()
    return found


def _problems(context: BrowserContext, address: Address) -> list[str]:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"script: {error}"))
    response = page.goto(address.path)
    status = response.status if response else 0
    if status == 403:  # not for this person: the database's own lists are for superusers to see, some for nobody to add
        page.close()
        return []
    found = [] if status == 200 else [f"status {status}"]
    found += violations(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    if (over := too_wide(page)) > 0:
        found.append(f"{over} px too wide for a phone")
    page.close()
    return [*found, *errors]
