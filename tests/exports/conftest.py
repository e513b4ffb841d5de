"""A district whose math is deleted on July 28, with a window that waits for three days, and its packages."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from products.models import Subscription
from resets.exports.services import note_export_built, note_export_checked, note_export_downloaded
from resets.models import ResetSchedule, ResetWindow
from tenants import clock as the_clock
from tenants.models import District

SCHOOL_YEAR = 2026
JULY_28 = dt.date(2026, 7, 28)
HOUR = 2


@pytest.fixture(autouse=True)
def windows_wait_for_nobody() -> None:
    """Here windows wait, as they do everywhere but in the tests of other things."""


def night(day: int, *, month: int = 7, minutes: int = 0, zone: str = "America/Chicago") -> dt.datetime:
    """The moment at which resets begin by themselves in that night, some minutes before or after."""
    start = the_clock.local_start(dt.date(2026, month, day), HOUR, zone)
    return start + dt.timedelta(minutes=minutes)


def window(suite: str = "math", **facts: Any) -> ResetWindow:
    """The window of a suite, which waits for three days."""
    usual: dict[str, Any] = {
        "default_on": JULY_28, "earliest_on": dt.date(2026, 6, 19), "run_hour": HOUR, "export_grace_days": 3,
    }  # fmt: skip
    return ResetWindow.objects.create(suite=suite, school_year=SCHOOL_YEAR, **{**usual, **facts})


def subscribe(district: District, *products: str) -> None:
    for product in products:
        Subscription.objects.create(district=district, product=product, starts_on=dt.date(2025, 8, 1))


def schedule(district: District, suite: str = "math", on: dt.date = JULY_28) -> ResetSchedule:
    return ResetSchedule.objects.create(district=district, suite=suite, school_year=SCHOOL_YEAR, on=on)


@dataclass
class Package:
    """A package of a district's year, noted step by step."""

    district: District
    suite: str = "math"
    built_at: dt.datetime = dt.datetime(2026, 7, 1, 15, tzinfo=dt.UTC)

    def built(self) -> "Package":
        self.id = uuid.uuid4()
        self._note(note_export_built, built_at=self.built_at, rows=1234)
        return self

    def checked(self) -> "Package":
        self.built()
        self._note(note_export_checked, at=self.built_at)
        return self

    def downloaded(self, at: dt.datetime | None = None, actor: str = "district_admin:1") -> "Package":
        self.checked()
        self._note(note_export_downloaded, at=at or self.built_at, actor=actor)
        return self

    def _note(self, note: Callable[..., Any], **said: Any) -> None:
        note(self.district, self.suite, SCHOOL_YEAR, package_id=self.id, **said)


@pytest.fixture
def waiting(district: District) -> ResetSchedule:
    """Maple, in Chicago: its math is deleted on July 28, and rostering starts on August 10."""
    window()
    subscribe(district, "math_3plus")
    return schedule(district)
