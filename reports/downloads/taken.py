"""Writing down that somebody took a report along: in the ledger, and for Hero's reset, which asks for a printed one."""

import datetime as dt
from typing import Any, Final

from accounts.models import Role, User
from reports.asking.reading import Reading
from reports.downloads.making import facts_of
from reports.noting import note_report
from resets.exports.services import note_report_printed

DOWNLOADED: Final = "report_downloaded"
POINTS: Final = "hero-points"
""" "Please print the Schoolwide Points report prior to the archive for your own records" (Hero's source)."""


def note_taken(
    reading: Reading, form: str, students: int, rows: int | None, *, user: User, at: dt.datetime, **more: Any
) -> None:
    """Write it down, committed when this returns: before a byte goes out."""
    facts = {**facts_of(reading, form, students, rows), **more}
    note_report(reading.district, DOWNLOADED, actor=user.actor, at=at, facts=facts)
    if _is_the_points(reading, user, facts):
        note_report_printed(reading.district, "hero", reading.district.school_year, actor=user.actor, at=at)


def _is_the_points(reading: Reading, user: User, facts: dict[str, Any]) -> bool:
    """Whether it is this year's Schoolwide Points of the whole district, taken by a district admin."""
    return (
        reading.report.code == POINTS
        and user.role == Role.DISTRICT_ADMIN
        and reading.district.school_year in reading.scope.years
        and not facts["filtered_by"]
        and not facts["for_outsiders"]
    )
