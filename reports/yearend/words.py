"""The closed vocabulary of reports: what a definition is written in."""

from dataclasses import dataclass, field

from django.db.models import Model

from products.datamap import Product
from reports.yearend.measures import By, ByStaff, Measure
from reports.yearend.scope import Grain
from reports.yearend.sheet import ChartSpec

ALL_GRAINS = (Grain.STUDENT, Grain.SECTION, Grain.GRADE, Grain.SCHOOL, Grain.DISTRICT)
GROUP_GRAINS = ALL_GRAINS[1:]


@dataclass(frozen=True)
class Totals:
    """A table with a row for each student, class, grade or school, and school year and product.

    Attributes:
        code: the sheet's.
        category: of the suite's data map, whose rows are measured.
        by: a further row for each of these.
        fixed: always by this grain, of all products together and of the newest chosen year: a summary.
        most: of a summary, only so many rows, those with the most.
        chart: of a summary.
    """

    code: str
    title: str
    category: str
    measures: tuple[Measure, ...]
    by: By | None = None
    fixed: Grain | None = None
    most: int | None = None
    chart: ChartSpec | None = None
    note: str = ""

    @property
    def grains(self) -> tuple[Grain, ...]:
        """By what its rows may be."""
        if self.fixed is not None:
            return (self.fixed,)
        return ALL_GRAINS if self.by is None else GROUP_GRAINS

    @property
    def is_summary(self) -> bool:
        """Whether it is a small table beside the others."""
        return self.fixed is not None

    @property
    def names_people(self) -> bool:
        """Whether its rows say who somebody is, whatever they are by."""
        return isinstance(self.by, ByStaff)


@dataclass(frozen=True)
class Field:
    """A column of a list.

    Attributes:
        column: of the category's table.
        percent: a number from 0 to 100.
        words: for a code that reads badly what is shown.
    """

    column: str
    label: str
    percent: bool = False
    words: tuple[tuple[str, str], ...] = ()
    about: str = ""


@dataclass(frozen=True)
class StaffField:
    """A column with the name of the educator to whose key a column leads."""

    column: str
    label: str


@dataclass(frozen=True)
class ThingField:
    """A column with what the thing is called to whose key a column leads."""

    column: str
    label: str
    of: type[Model]
    title: str


@dataclass(frozen=True)
class Listing:
    """A list of what was recorded, by student and day."""

    code: str
    title: str
    category: str
    fields: tuple[Field | StaffField | ThingField, ...]
    note: str = ""
    grains: tuple[Grain, ...] = (Grain.STUDENT,)
    is_summary: bool = False
    names_people: bool = True


Part = Totals | Listing


@dataclass(frozen=True)
class Report:
    """A report.

    Attributes:
        code: lower case with hyphens, in addresses and files' names.
        suite: whose data map its categories are of.
        products: whose data it has.
        about: what it says, in a sentence or two.
        parts: its tables; the first is the one that a page begins with.
        source: the source's own words, where it names the report.
        cumulative: of several years: what resets archive is shown of the previous academic year and the current one,
            what they retain of all chosen ones.
    """

    code: str
    title: str
    suite: str
    products: tuple[Product, ...]
    about: str
    parts: tuple[Part, ...]
    source: str = ""
    cumulative: bool = False
    grains: tuple[Grain, ...] = field(default=ALL_GRAINS)

    def part(self, code: str) -> Part:
        """The part of this code.

        Raises:
            LookupError: there is none; the message lists those there are.
        """
        for part in self.parts:
            if part.code == code:
                return part
        raise LookupError(f"{self.code} has no part {code!r}; it has: {', '.join(part.code for part in self.parts)}")
