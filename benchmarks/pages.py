"""Every page's server time, in a book of many districts and a large district, against a page that lists 25 rows."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from accounts.models import Role
from benchmarks.book_data import fill_book
from benchmarks.floor_page import LISTED, client_of, floor_of, floor_page, person
from benchmarks.measure import Result, interleaved
from benchmarks.pages_addresses import Address, desk_addresses, portal_addresses
from disposal.counting import count_district
from resets.models import ResetRun, RunCount, RunState
from resets.planner import ensure_schedules
from resets.windows import open_school_year
from rostering.models import HeldRemoval, School, Student, Sync, SyncState
from tenants import clock
from tenants.models import Csm, District
from tenants.schema import enter_district

NOW = dt.datetime(2026, 6, 24, 15, tzinfo=dt.UTC)
ROUNDS = 7
BAR = 3.0
TOLD = 5


@dataclass(frozen=True)
class Measured:
    """One page: how many queries it took, and its server time in seconds, in turn with that of its host's floor."""

    queries: int
    seconds: float
    floor: float


def measure(districts: int, students: int) -> Iterator[Result]:
    """Queries in a small and in a large installation, and the slowest pages of each host against their floor."""
    clock.set_simulated_now(NOW)
    small = _measure_all(*_installation("small", 10, 200))
    large = _measure_all(*_installation("large", districts, students))
    more = sorted(name for name in small if small[name].queries < large[name].queries)
    yield Result(
        "pages that take more queries in a large installation",
        len(more),
        None,
        0,
        f"of {len(large)} pages; {districts:,} districts, {students:,} students{': ' if more else ''}{', '.join(more)}",
        unit="",
    )
    for host in ("desk", "portal"):
        pages = {name: page for name, page in large.items() if name.startswith(host)}
        ranked = sorted(pages, key=lambda name: pages[name].seconds / pages[name].floor, reverse=True)
        for name in ranked[:TOLD]:
            note = f"{pages[name].queries} queries; in turn with a page of {LISTED} rows of one table"
            yield Result(f"page: {name}", pages[name].seconds, pages[name].floor, BAR, note)


def _installation(slug: str, districts: int, students: int) -> tuple[District, Csm]:
    """A book of so many districts, and in it one district with people and data."""
    call_command(
        "generate_district", slug=slug, students=students, seed=7, suites="literacy,hero", years=2, verbosity=0
    )
    with schema_context("public"):
        fill_book(districts)
        csm = Csm.objects.earliest("pk")
        district = District.objects.get(slug=slug)
        District.objects.filter(pk=district.pk).update(csm=csm)
        open_school_year(2026)
        ensure_schedules(NOW)
        _record_run(district)
    with enter_district(district):
        _record_sync()
        count_district(district, NOW)  # as a worker does after the first look
    return district, csm


def _record_run(district: District) -> None:
    """Last year's reset, with its counts for every school."""
    run = ResetRun.objects.create(
        district=district,
        suite="literacy",
        school_year=2025,
        on=dt.date(2025, 7, 28),
        state=RunState.COMPLETED,
        actor="system:planner",
        created_at=NOW,
    )
    with enter_district(district):
        schools = list(School.objects.values_list("pk", flat=True))
    counts = [
        RunCount(run=run, position=position, category="benchmarks", action="Archive", school_id=school, before=0)
        for position in range(12)
        for school in schools
    ]
    RunCount.objects.bulk_create(counts)


def _record_sync() -> None:
    """A night's import with removals held back, after the first one."""
    sync = Sync.objects.create(
        source="nightly",
        file_name="night.zip",
        state=SyncState.PARTLY_HELD,
        as_of=NOW.date(),
        actor="system:worker",
        started_at=NOW + dt.timedelta(minutes=1),
        finished_at=NOW + dt.timedelta(minutes=1),
        school_year=2026,
    )
    students = Student.objects.order_by("pk").values_list("pk", "school_id")[:150]
    HeldRemoval.objects.bulk_create(
        HeldRemoval(sync=sync, kind="student", person_id=key, school_id=school) for key, school in students
    )


def _measure_all(district: District, csm: Csm) -> dict[str, Measured]:
    with schema_context("public"):
        root, own = person(Role.SUPERUSER, "root@vendor.example"), person(Role.CSM, csm.email)
        desk = desk_addresses(district)
    with enter_district(district):
        admin = person(Role.DISTRICT_ADMIN, "admin@a.example")
        portal = portal_addresses(district)
    measured: dict[str, Measured | None] = {}
    for who, client in (("superuser", client_of(None, root)), ("CSM", client_of(None, own))):
        floor = floor_of(client_of(None, root), "/admin/tenants/csm/")
        measured |= {f"desk {address.name} ({who})": _page(client, address, floor) for address in desk}
    client = client_of(district, admin)
    with floor_page():
        floor = floor_of(client, "/bench-floor/")
        measured |= {f"portal {address.name}": _page(client, address, floor) for address in portal}
    return {name: page for name, page in measured.items() if page}


def _page(client: Client, address: Address, floor: Callable[[], object]) -> Measured | None:
    """A page's queries and the median of its times; None for what is no page: a redirection, a file."""
    first = client.get(address.path)
    if first.status_code != 200 or not first.headers.get("Content-Type", "").startswith("text/html"):
        return None
    with CaptureQueriesContext(connection) as captured:
        client.get(address.path)
        queries = len(captured)  # the next request empties the log
    return Measured(queries, *interleaved(lambda: client.get(address.path), floor, ROUNDS))
