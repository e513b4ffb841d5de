"""How one reset, or each of a page of them, stands to its year's data: one query."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from resets.exports import conditions
from resets.models import ResetSchedule, YearExport
from tenants import clock

FIELDS = YearExport._meta.concrete_fields
NAMES = [field.attname for field in FIELDS]
EXPORT = ", ".join(f'e."{field.column}"' for field in FIELDS)
STANDING = f"""
SELECT s.id, s.on, {conditions.STATE}, {conditions.DELETES}, {conditions.LAST_DAY}, coalesce(w.run_hour, 0),
    d.time_zone, coalesce(w.export_grace_days, 0), {EXPORT} {conditions.SOURCES} WHERE s.id = ANY(%(keys)s)
"""


class ExportState(StrEnum):
    """Where the data of a year stands before its reset."""

    FREE = "free"
    """The reset deletes nothing of what the district has: nothing waits."""
    MISSING = "missing"
    EARLY = "early"
    OLD = "old"
    GONE = "gone"
    BUILT = "built"
    CHECKED = "checked"
    DOWNLOADED = "downloaded"
    WAIVED = "waived"


SETTLED = (ExportState.FREE, ExportState.DOWNLOADED, ExportState.WAIVED)
MADE = (ExportState.BUILT, ExportState.CHECKED)
NOT_MADE = (ExportState.MISSING, ExportState.EARLY, ExportState.OLD, ExportState.GONE)


@dataclass(frozen=True)
class Standing:
    """How a reset stands to its year's data.

    Attributes:
        deletes: whether the reset deletes data of a product that the district has.
        last_on: the last night on which the reset may begin; then it goes on without the download.
        run_hour: the local hour of that night.
        export: what was noted; None while nothing was.
    """

    on: dt.date
    state: ExportState
    deletes: bool
    last_on: dt.date
    run_hour: int
    time_zone: str
    grace_days: int
    export: YearExport | None

    @property
    def is_settled(self) -> bool:
        """Whether the reset need not wait (any more)."""
        return self.state in SETTLED

    @property
    def last_at(self) -> dt.datetime:
        """The moment at which the wait ends."""
        return clock.local_start(self.last_on, self.run_hour, self.time_zone)

    def blocks(self, now: dt.datetime) -> bool:
        """Whether the reset may not be done now, because the year's data can still be downloaded before it."""
        return not self.is_settled and now < self.last_at

    def waits(self, now: dt.datetime) -> bool:
        """Whether its date has come, and it waits."""
        return self.blocks(now) and now >= clock.local_start(self.on, self.run_hour, self.time_zone)

    @property
    def built_on(self) -> dt.date | None:
        """The local date on which the newest package was made."""
        built_at = self.export.built_at if self.export else None
        return clock.date_in(built_at, self.time_zone) if built_at else None

    @property
    def package_id(self) -> UUID | None:
        """The newest package."""
        return self.export.package_id if self.export else None


def standings(keys: Iterable[int], now: dt.datetime) -> dict[int, Standing]:
    """The standing of each schedule, by its key, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {**conditions.asked_at(now), "keys": list(keys)})
        rows = cursor.fetchall()
    return {row[0]: _read(row[1:8], row[8:]) for row in rows}


def _read(found: tuple[Any, ...], export: tuple[Any, ...]) -> Standing:
    """A row in two; the second is the year's export, whose key is null where nothing was noted."""
    on, state, deletes, last_on, hour, zone, grace = found
    noted = YearExport.from_db(connection.alias, NAMES, export) if export[0] is not None else None
    return Standing(on, ExportState(state), deletes, last_on, hour, zone, grace, noted)


def standing_of(schedule: ResetSchedule, now: dt.datetime) -> Standing:
    """The standing of one schedule."""
    return standings([schedule.pk], now)[schedule.pk]
