"""How many districts reset in a night, and for how long the night then lasts."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from resets.controls import engine_control
from resets.models import ResetSchedule

AFTERWARDS = """
SELECT night, count(DISTINCT district_id) FROM (
    SELECT s.on AS night, s.district_id FROM public.resets_resetschedule AS s
    WHERE s.on = ANY(%(nights)s) AND s.school_year = ANY(%(years)s) AND NOT s.id = ANY(%(keys)s)
    UNION ALL
    SELECT moved.night, s.district_id FROM unnest(%(keys)s::bigint[], %(to)s::date[]) AS moved (id, night)
    JOIN public.resets_resetschedule AS s ON s.id = moved.id
) AS nights GROUP BY night ORDER BY night
"""


@dataclass(frozen=True)
class Night:
    """A night's work.

    Attributes:
        per_hour: the ceiling of districts that may start in an hour; None for none.
    """

    on: dt.date
    districts: int
    per_hour: int | None

    @property
    def hours(self) -> int | None:
        """For how many hours the night lasts by the ceiling alone; None where there is none."""
        return math.ceil(self.districts / self.per_hour) if self.per_hour else None


def night_of(on: dt.date, school_year: int, *, besides: int | None = None) -> Night:
    """The night of a date, with one district counted in that is not there yet (`besides`, by its key)."""
    there = ResetSchedule.objects.filter(school_year=school_year, on=on).exclude(district=besides)
    number = there.values("district").distinct().count() + (besides is not None)
    return Night(on, number, engine_control().districts_per_hour)


def nights_afterwards(moved: Sequence[tuple[int, dt.date]], school_years: Sequence[int]) -> list[Night]:
    """The nights that schedules are moved to, as they will be: (schedule's key, new date) of each. One question."""
    if not moved:
        return []
    keys, to = [key for key, _ in moved], [on for _, on in moved]
    values: dict[str, Any] = {"nights": list(set(to)), "years": list(school_years), "keys": keys, "to": to}
    ceiling = engine_control().districts_per_hour
    with connection.cursor() as cursor:
        cursor.execute(AFTERWARDS, values)
        return [Night(on, number, ceiling) for on, number in cursor.fetchall()]
