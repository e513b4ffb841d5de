"""The schools of a district of N students, and its calendar."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from products.generator.dice import dice, ordered_id
from products.generator.names import PLACES

GRADES = ("PK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12")
KINDERGARTEN, LAST_GRADE = 1, len(GRADES) - 1
GRADE_WEIGHTS = (0.35, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.1, 1.02, 0.97, 0.93)
"""Students per grade against an average one: few in pre-kindergarten, a bulge in grade 9, fewer in each after it."""
LEVELS = (("Elementary School", 0, 6, 430), ("Middle School", 7, 9, 700), ("High School", 10, 13, 1300))
"""Kind of school, lowest and highest grade, usual size."""
BUSY_MONTHS = {9, 10, 2, 3}
SMALL = 150
"""Below this many students one school teaches them all."""


@dataclass(frozen=True)
class SchoolPlan:
    """A school: `low` and `high` are indexes into GRADES, `share` is its part of each of its grades' students."""

    number: int
    sourced_id: str
    name: str
    low: int
    high: int
    share: float


@dataclass(frozen=True)
class Plan:
    """A district to be made. The school year is named by the year in which it ends."""

    students: int
    seed: int
    school_year: int
    name: str = "Generated School District"
    slug: str = "generated"

    @cached_property
    def district_id(self) -> str:
        """The sourcedId of the district's own org."""
        return ordered_id(self.seed, 0, "district")

    @cached_property
    def zones(self) -> tuple[float, ...]:
        """The parts of the district that the attendance zones have; one zone per elementary school."""
        count = 1 if self.students < SMALL else _count(self.students, *LEVELS[0][1:])
        rng = dice(self.seed, "zones")
        weights = [rng.uniform(0.6, 1.4) for _ in range(count)]
        return tuple(weight / sum(weights) for weight in weights)

    @cached_property
    def schools(self) -> tuple[SchoolPlan, ...]:
        """The schools, elementary first."""
        if self.students < SMALL:
            kinds = [("Community School", 0, LAST_GRADE, 1)]
        else:
            kinds = [
                (kind, low, high, min(len(self.zones), _count(self.students, low, high, size)))
                for kind, low, high, size in LEVELS
            ]
        names = dice(self.seed, "school names").sample(PLACES, len(PLACES))
        schools: list[SchoolPlan] = []
        for kind, low, high, count in kinds:
            for nth in range(count):
                number = len(schools)
                name = f"{names[number % len(names)]}{_numeral(number // len(names))} {kind}"
                share = sum(part for zone, part in enumerate(self.zones) if self._nth(zone, count) == nth)
                schools.append(SchoolPlan(number, ordered_id(self.seed, number + 1, "school"), name, low, high, share))
        return tuple(schools)

    def school_of(self, zone: int, grade: int) -> SchoolPlan:
        """The school that teaches a grade's children of an attendance zone."""
        level = self._levels[grade]
        return level[self._nth(zone, len(level))]

    def sections(self, school: SchoolPlan, grade: int) -> int:
        """How many parallel classes a grade has at a school."""
        expected = self.students * school.share * GRADE_WEIGHTS[grade] / sum(GRADE_WEIGHTS)
        return max(1, round(expected / 23))

    @cached_property
    def _levels(self) -> tuple[tuple[SchoolPlan, ...], ...]:
        """For each grade, the schools that teach it."""
        return tuple(
            tuple(school for school in self.schools if school.low <= grade <= school.high)
            for grade in range(len(GRADES))
        )

    def _nth(self, zone: int, count: int) -> int:
        return zone * count // len(self.zones)


@dataclass(frozen=True)
class Calendar:
    """The days of a school year."""

    school_year: int

    @property
    def starts_on(self) -> dt.date:
        """First day of school."""
        return dt.date(self.school_year - 1, 8, 15)

    @property
    def winter_on(self) -> dt.date:
        """First day of the second semester."""
        return dt.date(self.school_year, 1, 6)

    @property
    def ends_on(self) -> dt.date:
        """Last day of school."""
        return dt.date(self.school_year, 6, 10)

    @cached_property
    def busy_days(self) -> tuple[dt.date, ...]:
        """The days of school, those of the busy months twice: there is more to record in autumn and early spring."""
        span = (self.ends_on - self.starts_on).days + 1
        days = [self.starts_on + dt.timedelta(days=nth) for nth in range(span)]
        open_days = [day for day in days if day.weekday() < 5 and not self._is_holiday(day)]
        return tuple(day for day in open_days for _ in range(2 if day.month in BUSY_MONTHS else 1))

    def _is_holiday(self, day: dt.date) -> bool:
        """Winter holidays, a week in November and one in spring."""
        return (day.month == 12 and day.day > 20) or (day.month, day.day // 7) in {(1, 0), (11, 3), (3, 2)}


def _count(students: int, low: int, high: int, size: int) -> int:
    """How many schools of a usual size the students of these grades need."""
    share = sum(GRADE_WEIGHTS[low : high + 1]) / sum(GRADE_WEIGHTS)
    return max(1, round(students * share / size))


def _numeral(times: int) -> str:
    """Names come round again in very large districts: the second Alder is Alder 2."""
    return f" {times + 1}" if times else ""
