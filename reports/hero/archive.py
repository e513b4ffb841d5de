"""Whether the Hero archive of the school year is still ahead: then an edit of codes and actions asks first."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from resets.models import ResetRun, ResetSchedule, RunState
from tenants.models import District

SUITE: Final = "hero"
SEASON: Final = dt.timedelta(days=90)
"""From how long before the end of a school year on its codes are taken to be edited for the next one.

The source warns of edits "prior to the archive process" and frees them "once the archive takes place": the codes of a
year in full swing are changed for that year, with no archive near, and nobody is asked.
"""


@dataclass(frozen=True)
class ArchiveAhead:
    """An archive that has not been made yet; `on` is its date, None while it has none."""

    school_year: int
    on: dt.date | None


def archive_ahead(district: District, as_of: dt.date) -> ArchiveAhead | None:
    """The Hero archive that is still to be made; None once it has been, and until the end of the next year is near."""
    year = district.school_year
    if as_of < district.school_year_ends_on - SEASON:
        year -= 1
    own = {"district": district, "suite": SUITE, "school_year": year}
    if ResetRun.objects.filter(**own, state=RunState.COMPLETED).exists():
        return None
    schedule = ResetSchedule.objects.filter(**own).first()
    if schedule is None and year < district.school_year:
        return None  # nothing was ever planned for the year before
    return ArchiveAhead(year, schedule.on if schedule else None)
