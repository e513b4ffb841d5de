"""Districts with holds."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from holds.models import LegalHold
from holds.services import place_hold
from tenants.models import District
from tenants.schema import enter_district
from tests.resets.conftest import filled, make_run

__all__ = ["filled", "make_run"]
PLACED = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def hold() -> Callable[..., LegalHold]:
    """Place a hold: `hold(district, "student", student_id=7)`."""

    def place(district: District, scope: str, **whom: Any) -> LegalHold:
        with enter_district(district):
            return place_hold(
                district, scope, ground="litigation", reason="Roe v. the district", actor="tests", at=PLACED, **whom
            )

    return place
