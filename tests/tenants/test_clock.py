"""Times of day in districts' own zones."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants import clock as tenants_clock
from tenants.clock import local_start

ZONES = sorted(available_timezones())
DATES = st.dates(dt.date(1995, 1, 1), dt.date(2060, 12, 31))


def exists(wall: dt.datetime, zone: ZoneInfo) -> bool:
    return wall.replace(tzinfo=zone).astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) == wall


@settings(max_examples=1500, deadline=None)
@given(on=DATES, hour=st.integers(0, 23), name=st.sampled_from(ZONES))
def test_a_start_exists_on_its_day_at_or_after_its_hour(on: dt.date, hour: int, name: str) -> None:
    zone = ZoneInfo(name)
    wall = dt.datetime.combine(on, dt.time(hour))
    later = [wall + dt.timedelta(minutes=m) for m in range(24 * 60 - hour * 60)]
    first = next((one for one in later if exists(one, zone)), None)
    if first is None:  # a day that a zone left out, such as 2011-12-30 in Samoa, or its end
        with pytest.raises(ValueError, match="no local time"):
            local_start(on, hour, name)
        return
    assert local_start(on, hour, name).astimezone(zone).replace(tzinfo=None) == first


@pytest.mark.parametrize(
    ("on", "hour", "zone", "expected"),
    [
        ("2026-07-28", 2, "America/Chicago", "2026-07-28T07:00+00:00"),
        ("2026-03-08", 2, "America/New_York", "2026-03-08T07:00+00:00"),  # 02:00 to 03:00 does not exist
        ("2026-11-01", 1, "America/New_York", "2026-11-01T05:00+00:00"),  # the earlier of two
        ("2026-03-29", 0, "Africa/Casablanca", "2026-03-28T23:00+00:00"),
        ("2026-07-28", 0, "Pacific/Kiritimati", "2026-07-27T10:00+00:00"),
    ],
)
def test_known_days(on: str, hour: int, zone: str, expected: str) -> None:
    assert local_start(dt.date.fromisoformat(on), hour, zone) == dt.datetime.fromisoformat(expected)


def test_today_is_the_districts(clock: Callable[[str], dt.datetime]) -> None:
    clock("2026-07-28T04:30:00Z")
    assert tenants_clock.today_in("America/New_York") == dt.date(2026, 7, 28)
    assert tenants_clock.today_in("America/Los_Angeles") == dt.date(2026, 7, 27)


def test_the_real_clock_cannot_be_set(db: None) -> None:
    with override_settings(CLOCK="tenants.clock.real_now"), pytest.raises(RuntimeError, match="clock is real"):
        tenants_clock.set_simulated_now(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
