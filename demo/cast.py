"""Who plays: three fictional districts, and the dates of their year."""

import datetime as dt
from dataclasses import dataclass

PASSWORD = "summer-turns-the-year"  # noqa: S105 - printed on purpose: the demo's people do not exist


@dataclass(frozen=True)
class Part:
    """A district of the demo.

    Attributes:
        suites: whose product data it is given.
        dates: the answer given per suite: (month, day) picked by the CSM or agreed; a suite that is missing here is
            one for which the district never answers.
    """

    slug: str
    name: str
    nces_id: str
    time_zone: str
    students: int
    seed: int
    suites: tuple[str, ...]
    dates: dict[str, tuple[int, int]]
    summer_session_ends: tuple[int, int] | None = None


CEDAR = Part(
    "cedar-valley",
    "Cedar Valley Unified School District",
    "4801001",
    "America/Chicago",
    20_000,
    11,
    ("literacy", "hero", "renaissance"),
    {"literacy": (7, 21), "hero": (7, 8)},
    summer_session_ends=(7, 3),
)
HARBOR = Part(
    "harbor-point",
    "Harbor Point Public Schools",
    "0602002",
    "America/Los_Angeles",
    3_000,
    23,
    ("math",),
    {},
)
ELKHORN = Part(
    "little-elk",
    "Little Elk School District",
    "3003003",
    "America/Denver",
    400,
    37,
    ("literacy", "hero", "renaissance"),
    {"literacy": (7, 1)},
)
CAST = (CEDAR, HARBOR, ELKHORN)


@dataclass(frozen=True)
class Year:
    """The dates of the school year that ends, the same for the three districts."""

    school_year: int
    starts_on: dt.date
    ends_on: dt.date

    def on(self, month: int, day: int) -> dt.date:
        """A date in the summer and autumn after the school year."""
        return dt.date(self.school_year, month, day)

    @property
    def rostering_starts_on(self) -> dt.date:
        """The first day of rostering for the new school year."""
        return self.on(8, 3)


def year_ending(school_year: int) -> Year:
    """A school year with the usual dates."""
    return Year(school_year, dt.date(school_year - 1, 8, 15), dt.date(school_year, 6, 10))
