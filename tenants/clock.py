"""The one source of "now". Real in production; the demo and the tests may set it.

"Today" is taken once, at the edge (a view, a task, a command), and handed down as `as_of`.
"""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.module_loading import import_string

UTC = dt.UTC


def real_now() -> dt.datetime:
    """The machine's time, aware, in UTC."""
    return dt.datetime.now(UTC)


def simulated_now() -> dt.datetime:
    """The time that the demo or a test has set in the database; the machine's time while none is set."""
    from tenants.models import SimulatedClock  # noqa: PLC0415 - models need the apps to be loaded

    row = SimulatedClock.objects.first()
    return row.now if row else real_now()


def now() -> dt.datetime:
    """The current time, aware, in UTC, from the clock that the settings name."""
    clock: Callable[[], dt.datetime] = import_string(settings.CLOCK)
    return clock()


def date_in(moment: dt.datetime, time_zone: str) -> dt.date:
    """The calendar date of a moment in an IANA time zone."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def today_in(time_zone: str) -> dt.date:
    """The calendar date of now in an IANA time zone."""
    return date_in(now(), time_zone)


def local_start(on: dt.date, hour: int, time_zone: str) -> dt.datetime:
    """The first moment at or after `hour` o'clock that exists on a local date, in UTC.

    In the night when clocks go forward, 02:00 does not exist; the answer is then the first minute after the gap.
    When clocks go back, the earlier of the two is meant.
    """
    zone = ZoneInfo(time_zone)
    wall = dt.datetime.combine(on, dt.time(hour), tzinfo=zone)
    for _ in range(24 * 60):
        as_utc = wall.astimezone(UTC)
        if as_utc.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
            return as_utc
        wall += dt.timedelta(minutes=1)
    raise ValueError(f"{on} has no local time at or after {hour}:00 in {time_zone}")


def set_simulated_now(moment: dt.datetime) -> None:
    """Set the simulated clock, for the demo and the tests.

    Raises:
        RuntimeError: the settings use the real clock.
    """
    from tenants.models import SimulatedClock  # noqa: PLC0415 - models need the apps to be loaded

    if settings.CLOCK != "tenants.clock.simulated_now":
        raise RuntimeError("the clock is real here: only the demo and the tests may set it")
    SimulatedClock.objects.update_or_create(id=1, defaults={"now": moment})
