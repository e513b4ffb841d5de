"""The first page of every year-end report in a large district, by every grain and for every role, beside 25 rows."""

import datetime as dt
import re
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db import connection
from django.test import Client

from accounts.models import Role
from benchmarks.database import use_database
from benchmarks.floor_page import LISTED, client_of, floor_of, floor_page, person
from benchmarks.large_data import large_database, the_district
from benchmarks.measure import Result, interleaved, seconds
from reports.yearend.registry import REPORTS
from reports.yearend.scope import Grain
from tenants import clock
from tenants.schema import enter_district

NOW = dt.datetime(2026, 6, 8, 15, tzinfo=dt.UTC)
ROUNDS = 3
BAR = 0.3
"""Seconds of the server's time: nobody calls that a wait."""
OWN = {Role.SCHOOL_ADMIN: {"school_id": 100}, Role.EDUCATOR: {"educator_id": 1000}}
NOBODY = {"since": "2026-06-08", "grade": "UG", "product": "lectura"}
"""Filters that fit nobody: days after the last, a grade that nobody is in, and a product that nobody uses."""
NEXT = re.compile(r'href="\?([^"]*after=[^"#]*)')
FOLLOWS = "Show the table"


@dataclass(frozen=True)
class Page:
    """One page: its server time in seconds, in turn with that of the floor; and whether its table follows it."""

    address: str
    seconds: float
    floor: float
    is_followed: bool


def measure(facts: int, students: int) -> Iterator[Result]:
    """The slowest pages of each kind, and how many there are above the bar."""
    clock.set_simulated_now(NOW)
    own = str(connection.settings_dict["NAME"])
    use_database(large_database(own, facts, students))
    district = the_district()
    with enter_district(district):
        people = {role: person(role, f"{role}@large.example", **OWN.get(role, {}))
                  for role in (Role.DISTRICT_ADMIN, *OWN)}  # fmt: skip
    clients = {role: client_of(district, user) for role, user in people.items()}
    everything: list[Page] = []
    with floor_page():
        floor = floor_of(clients[Role.DISTRICT_ADMIN], "/bench-floor/")
        for kind, client, addresses in _kinds(clients):
            pages = [page for address in addresses if (page := _page(client, address, floor))]
            everything += pages
            yield _slowest(kind, pages)
    slow = [page.address for page in everything if page.seconds > BAR]
    note = f"of {len(everything)} pages; {facts:,} facts, {students:,} students{': ' if slow else ''}{', '.join(slow)}"
    yield Result(f"report pages slower than {BAR:g} s", len(slow), None, 0, note, unit="")
    firsts = set(_addresses([Grain.GRADE], firsts=True))
    if later := [page for page in everything if page.is_followed and page.address in firsts]:
        admin = clients[Role.DISTRICT_ADMIN]
        taken = {page.address: seconds(partial(admin.get, f"{page.address}&wait=1")) for page in later}
        last = max(taken, key=taken.__getitem__)
        note = f"the slowest of {len(later)} reports' first tables by grade, {last}"
        yield Result("a table that follows its page", taken[last], later[0].floor, None, note)
        middle = statistics.median(taken.values())
        yield Result("the same, the median", middle, later[0].floor, None, "the whole page with it")
    use_database(own)


def _kinds(clients: dict[Role, Client]) -> Iterator[tuple[str, Client, list[str]]]:
    """What is measured: its name, who looks, and where."""
    admin = clients[Role.DISTRICT_ADMIN]
    for grain in Grain:
        yield f"first page by {grain}", admin, _addresses([grain])
    for grain in (Grain.STUDENT, Grain.SECTION, Grain.SCHOOL):
        later = (_later(admin, address) for address in _addresses([grain]))
        yield f"third page by {grain}", admin, list(filter(None, later))
    yield (
        "first page, filters that fit nobody",
        admin,
        [
            f"{address}&{name}={value}"
            for address in _addresses([Grain.STUDENT, Grain.SECTION, Grain.SCHOOL], firsts=True)
            for name, value in NOBODY.items()
        ],
    )
    yield "first page of a school admin", clients[Role.SCHOOL_ADMIN], _addresses(list(Grain))
    yield "first page of an educator", clients[Role.EDUCATOR], _addresses(list(Grain))


def _addresses(grains: list[Grain], *, firsts: bool = False) -> list[str]:
    """The pages of every table that can be by these grains.

    Args:
        firsts: of each report only the table that it begins with.
    """
    return [
        f"/reports/{report.code}/?part={part.code}&by={grain}"
        for report in REPORTS
        for part in (report.parts[:1] if firsts else report.parts)
        for grain in grains
        if not part.is_summary and grain in part.grains
    ]


def _later(client: Client, address: str) -> str | None:
    """The third page of a table; None where there are fewer."""
    for _ in range(2):
        following = NEXT.search(client.get(address).content.decode())
        if following is None:
            return None
        address = f"{address.partition('?')[0]}?{following[1].replace('&amp;', '&')}"
    return address


def _page(client: Client, address: str, floor: Callable[[], object]) -> Page:
    first = client.get(address)
    if first.status_code != 200:
        raise RuntimeError(f"{address} is no page")
    is_followed = FOLLOWS in first.content.decode()
    return Page(address, *interleaved(lambda: client.get(address), floor, ROUNDS), is_followed)


def _slowest(kind: str, pages: list[Page]) -> Result:
    slowest = max(pages, key=lambda page: page.seconds / page.floor)
    later = sum(page.is_followed for page in pages)
    then = f"; {later} without their table at first" if later else ""
    note = f"the slowest of {len(pages)}, {slowest.address}; in turn with a page of {LISTED} rows of one table{then}"
    return Result(kind, slowest.seconds, slowest.floor, None, note)
