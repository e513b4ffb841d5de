"""Tables are rewritten in a quiet hour of the district's own night."""

import datetime as dt
from typing import Any

import pytest

from resets.engine.followups import quiet_time

UTC = dt.UTC


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        (dt.datetime(2026, 7, 28, 5, 30, tzinfo=UTC), dt.datetime(2026, 7, 28, 6, tzinfo=UTC)),
        (dt.datetime(2026, 7, 28, 7, 30, tzinfo=UTC), dt.datetime(2026, 7, 28, 7, 30, tzinfo=UTC)),
        (dt.datetime(2026, 7, 28, 9, tzinfo=UTC), dt.datetime(2026, 7, 29, 6, tzinfo=UTC)),
        (dt.datetime(2026, 3, 7, 20, tzinfo=UTC), dt.datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ],
)
def test_the_next_quiet_hour_in_chicago(at: dt.datetime, quiet: dt.datetime, settings: Any) -> None:
    settings.QUIET_HOURS = (1, 4)
    assert quiet_time(at, "America/Chicago") == quiet


def test_without_quiet_hours_it_is_at_once(settings: Any) -> None:
    settings.QUIET_HOURS = None
    at = dt.datetime(2026, 7, 28, 9, tzinfo=UTC)
    assert quiet_time(at, "America/Chicago") == at
