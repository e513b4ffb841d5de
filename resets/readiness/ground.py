"""What the checklist of a district is asked about: the new school year, and whether its reset and roster are there."""

import datetime as dt

from resets.models import ResetRun, RunState
from rostering.models import Sync
from rostering.readiness import Ground
from rostering.selectors import APPLIED
from tenants.models import District


def ground_of(district: District, as_of: dt.date, school_id: int | None = None) -> Ground:
    """The ground of the entered district: the year after the newest that was reset, else after the current one."""
    done = ResetRun.objects.filter(district=district, state=RunState.COMPLETED).order_by("-school_year")
    last = done.values_list("school_year", flat=True).first()
    year = (last if last is not None else district.school_year) + 1
    received = Sync.objects.filter(state__in=APPLIED, dry_run=False, school_year__gte=year).exists()
    return Ground(year, as_of, school_id, reset_done=last is not None, has_roster=received)
