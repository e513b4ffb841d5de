"""Each report's numbers are those of an independent computation, in every state that a year's data can be in."""

import datetime as dt

import pytest

from reports.people.sight import Sight
from reports.yearend.registry import REPORTS
from reports.yearend.scope import Grain, Scope
from reports.yearend.words import Report
from tenants.models import District
from tests.reports.yearend.checking import check_report
from tests.reports.yearend.independent import World

ALL = Scope(Sight(), (2024, 2025, 2026), dt.date(2026, 6, 15))


@pytest.fixture(scope="module")
def worlds() -> dict[int, World]:
    return {}


@pytest.fixture
def world(inside: District, worlds: dict[int, World]) -> World:
    """Read once for the module: nothing changes here."""
    return worlds.setdefault(inside.pk, World())


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)
def test_numbers_of_a_district(report: Report, world: World) -> None:
    assert all(check_report(world, report, ALL, grain) for grain in Grain)
