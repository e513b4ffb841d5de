"""What of a district a report is about: whose sight, which years, and what it is filtered by."""

import datetime as dt
import enum
from dataclasses import dataclass
from uuid import UUID

from reports.people.sight import Sight


class Grain(enum.StrEnum):
    """Of whom a row of a report speaks."""

    STUDENT = "student"
    SECTION = "section"
    GRADE = "grade"
    SCHOOL = "school"
    DISTRICT = "district"


@dataclass(frozen=True)
class Scope:
    """The frame of a report. Values were checked when it was made: another district's or school's are not found.

    Attributes:
        sight: what its reader may see; always applied, whatever the filters say.
        years: school years, by the year in which each ends; at least one.
        as_of: the district's today.
        product: one product's code; empty for all of the report's.
        group: a group of the literacy suite, by its id.
        since, until: days, both included.
        previous: of a cumulative report, the previous academic year, which the suite's last reset archived: of the
            archive nothing earlier is shown. None for all that is there.
        for_outsiders: for readers beyond the district's own staff: nothing personal, small cells suppressed.
    """

    sight: Sight
    years: tuple[int, ...]
    as_of: dt.date
    product: str = ""
    school: int | None = None
    grade: str = ""
    section: int | None = None
    group: UUID | None = None
    student: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    previous: int | None = None
    for_outsiders: bool = False
