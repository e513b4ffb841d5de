"""Districts in the public schema only, many at once, and what the board shows of them."""

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from products.models import Subscription
from resets.desk.board import BoardFilters, schedules_matching
from resets.desk.paging import board_page
from resets.models import ResetSchedule
from resets.services import open_school_year
from tenants.clock import set_simulated_now
from tenants.models import Csm, District
from tests.web.desk import NOW

BOARD = "/admin/resets/resetschedule/board/"
CSV = "/admin/resets/resetschedule/board.csv"
FIRST_ON = dt.date(2026, 7, 1)


def crowd_of(number: int, *, csm: Csm | None = None, suites: tuple[str, ...] = ("literacy",)) -> list[ResetSchedule]:
    """Districts without schemas, in order of name, with a date each; it is June 20."""
    set_simulated_now(NOW)
    open_school_year(2026)
    start = District.objects.count()
    districts = District.objects.bulk_create(
        District(
            slug=f"crowd-{n}", name=f"Crowd {n:05}", schema_name=f"crowd_{n}", csm=csm, school_year=2026,
            nces_id=f"{n:05}00", school_year_ends_on=dt.date(2026, 6, 12), rostering_starts_on=dt.date(2026, 8, 10),
        )
        for n in range(start, start + number)
    )  # fmt: skip
    products = {"literacy": "espanol", "math": "math_facts", "hero": "hero"}
    Subscription.objects.bulk_create(
        Subscription(district=district, product=products[suite], starts_on=dt.date(2025, 8, 1))
        for district in districts
        for suite in suites
    )
    return ResetSchedule.objects.bulk_create(
        ResetSchedule(district=d, suite=suite, school_year=2026, on=FIRST_ON + dt.timedelta(days=n % 28))
        for n, d in enumerate(districts)
        for suite in suites
    )


def keys_on(client: Client, asked: str) -> set[int]:
    """The schedules that the board's first page shows."""
    return {line["row"].schedule.pk for line in client.get(f"{BOARD}?{asked}").context["lines"]}


def districts_on(client: Client, asked: str) -> set[str]:
    """The districts that the board's first page shows."""
    return {line["row"].district.name for line in client.get(f"{BOARD}?{asked}").context["lines"]}


def walk(sort: str, limit: int) -> tuple[list[int], list[int]]:
    """Every key, page after page, as a superuser sees them; and those before the last page, walked back."""
    request = RequestFactory().get("/")
    request.user = type("Everybody", (AnonymousUser,), {"is_superuser": True})()
    rows = schedules_matching(request, BoardFilters(school_year=2026))
    pages = [board_page(rows, sort, limit=limit)]
    while pages[-1].after:
        pages.append(board_page(rows, sort, after=pages[-1].after, limit=limit))
    back, page = [], pages[-1]
    while page.before:
        page = board_page(rows, sort, before=page.before, limit=limit)
        back.append(page)
    forwards = [row.pk for page in pages for row in page.schedules]
    return forwards, [row.pk for page in reversed(back) for row in page.schedules]
