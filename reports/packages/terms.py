"""How long a package is kept, and how large things may be: data, with the grounds."""

import datetime as dt
from typing import Final

from django.db.models import Q

from archiving.selectors import returning_days
from resets.models import ResetRun, ResetSchedule, RunState
from resets.policies.registry import policy_for
from tenants.models import District

EXPIRE: Final = "expire_package"
"""The kind of job that destroys a package when its time is over."""
KEPT: Final = 60
"""Days for which a package can be downloaded: a summer. Whoever needs another one asks for it, while there is data."""
NAMES: Final = 90
"""Days after a reset after which no name stays: "Student data is anonymized 90 days after the reset" (literacy)."""
CSV_ROWS: Final = 20_000
"""Rows that are written as CSV at a time."""


def kept_until(district: District, suite: str, built_on: dt.date) -> dt.date:
    """The last day on which a package is kept: never beyond the day on which the names of a reset go."""
    last = built_on + dt.timedelta(days=KEPT)
    return min([last, *(day for day in _names_go(district, suite) if day >= built_on)])


def _names_go(district: District, suite: str) -> list[dt.date]:
    """The last days of the names: so many days after each reset that was made or is to come."""
    days = dt.timedelta(days=returning_days(policy_for(suite)) or NAMES)
    made = ResetRun.objects.filter(Q(undone_at=None) | ~Q(restored_schools=[]), state=RunState.COMPLETED)
    made = made.filter(district=district, suite=suite)
    ahead = ResetSchedule.objects.filter(district=district, suite=suite)
    return [on + days for on in {*made.values_list("on", flat=True), *ahead.values_list("on", flat=True)}]
