"""A district after its literacy reset, whose files are in a folder of the test's own."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from resets.engine import execute
from resets.models import ResetRun, RunState
from tenants.models import District
from tests.resets.conftest import filled, make_run

__all__ = ["filled", "make_run"]

NOW = dt.datetime(2026, 8, 3, 15, tzinfo=dt.UTC)
TODAY = NOW.date()
ADMIN, CSM = "district_admin:1", "csm:1"


@pytest.fixture
def town(
    filled: Callable[..., District],
    make_run: Callable[..., ResetRun],
    clock: Callable[[str], Any],
    settings: Any,
    tmp_path: Path,
) -> District:
    clock(NOW.isoformat())
    settings.MEDIA_ROOT, settings.LEDGER_DIR = tmp_path / "media", tmp_path / "ledger"
    settings.DROP_ROOT = tmp_path / "drop"
    district = filled(suites="literacy,hero", students=40)
    assert execute(make_run(district, "literacy").pk) == RunState.COMPLETED
    return district
