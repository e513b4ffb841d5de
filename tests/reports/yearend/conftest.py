"""One district for the whole folder, which no test changes; and all of it in memory.

The modules that read it are one group (`xdist_group`), so that one worker makes it once.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from tenants.models import District
from tenants.schema import enter_district
from tests.reports.yearend.world import World
from tests.support.districts import district_schemas, forget_districts, provision

STUDENTS = 180


@pytest.fixture(scope="package")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    """A committed district with made-up data of three years, the earlier ones archived."""
    with django_db_blocker.unblock():
        before = district_schemas()
        try:
            district = provision("birch")
            call_command(
                "generate_district", slug="birch", students=STUDENTS, seed=5, school_year=2026, years=3, verbosity=0
            )
            yield district
        finally:
            forget_districts(keep=before)
            connections.close_all()


@pytest.fixture(scope="package")
def world(lived: District) -> World:
    """The district in memory."""
    with enter_district(lived):
        return World()


@pytest.fixture
def inside(lived: District) -> Iterator[District]:
    """The district, entered."""
    with enter_district(lived):
        yield lived
