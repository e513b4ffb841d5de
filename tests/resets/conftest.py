"""Districts with real rows in every table, committed, because a reset tells its progress from a second connection."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from products.hero.models import SchoolSubscription
from resets.models import ResetRun
from tenants.models import District
from tenants.schema import enter_district

SCHOOL_YEAR = 2026
RESET_ON = dt.date(2026, 7, 28)


@pytest.fixture
def filled(committed_districts: Callable[..., Any]) -> Callable[..., District]:
    """Make a district with made-up people and product data: `filled("birch", suites="literacy")`."""

    def fill(slug: str = "birch", suites: str = "literacy,math,hero,renaissance", students: int = 240) -> District:
        district: District = committed_districts(slug)
        call_command(
            "generate_district",
            slug=slug,
            students=students,
            seed=5,
            suites=suites,
            school_year=SCHOOL_YEAR,
            verbosity=0,
        )
        if "hero" in suites:
            _end_one_subscription(district)
        return district

    return fill


def _end_one_subscription(district: District) -> None:
    """One school's Hero subscription ended before the archive."""
    with enter_district(district):
        school = SchoolSubscription.objects.order_by("school_id").values_list("school_id", flat=True).first()
        SchoolSubscription.objects.filter(school_id=school).update(ends_on=dt.date(2026, 6, 30))


@pytest.fixture
def make_run() -> Callable[..., ResetRun]:
    """Ask for a run of a district's suite on July 28."""

    def make(district: District, suite: str, on: dt.date = RESET_ON) -> ResetRun:
        return ResetRun.objects.create(
            district=district,
            suite=suite,
            school_year=SCHOOL_YEAR,
            on=on,
            actor="csm:1",
            created_at=dt.datetime(2026, 7, 28, 7, tzinfo=dt.UTC),
        )

    return make


@pytest.fixture
def inside() -> Callable[[District], Any]:
    """Enter a district."""
    return enter_district
