"""The closed vocabulary of what is measured. No SQL: what a word is computed as is known to `compile` alone."""

from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True)
class Is:
    """Rows whose column has this value."""

    column: str
    value: str | bool


@dataclass(frozen=True)
class AboveZero:
    """Rows whose column is above zero."""

    column: str


@dataclass(frozen=True)
class BelowZero:
    """Rows whose column is below zero."""

    column: str


Condition = Is | AboveZero | BelowZero


@dataclass(frozen=True)
class Count:
    """How many rows there are, or how many meet a condition."""

    where: Condition | None = None


@dataclass(frozen=True)
class Sum:
    """A column added up; `turned`, what is below zero is told by its size."""

    column: str
    where: Condition | None = None
    turned: bool = False


@dataclass(frozen=True)
class Share:
    """The percentage of the rows that meet a condition."""

    where: Condition


@dataclass(frozen=True)
class Mean:
    """A column's average over the rows; `percent`, of numbers from 0 to 100."""

    column: str
    percent: bool = False


@dataclass(frozen=True)
class PerStudent:
    """The average of the students' own sums or counts. Of one student there is none."""

    of: Count | Sum


@dataclass(frozen=True)
class Last:
    """Each student's newest value; of several students their average."""

    column: str
    where: Condition | None = None


@dataclass(frozen=True)
class LastWord:
    """Each student's newest value, a word. Of several students there is none."""

    column: str


@dataclass(frozen=True)
class LastDay:
    """The newest day."""


@dataclass(frozen=True)
class ShareOfStudents:
    """The percentage of the students whom a row of a breakdown speaks of, among those of all its values."""


@dataclass(frozen=True)
class Growth:
    """From a first to a last result of the same school year: both, and the difference.

    Of several students: the averages of those who have both, so that the difference of the averages is the average of
    the differences, and how many they are.

    Attributes:
        column: what grows.
        by: the column that says which result it is.
        first, last: its values.
    """

    column: str
    by: str
    first: str
    last: str


What = Count | Sum | Share | Mean | PerStudent | Last | LastWord | LastDay | ShareOfStudents | Growth


@dataclass(frozen=True)
class Measure:
    """A column of a table.

    Attributes:
        name: the column's name; of a Growth its columns' first part.
        of: the category, where it is not the table's own.
    """

    name: str
    label: str
    what: What
    about: str = ""
    of: str = ""


@dataclass(frozen=True)
class ByValue:
    """A row for each value of a column, in this order, others by the alphabet. A student may be in several.

    Attributes:
        words: for a value that reads badly what is shown.
    """

    column: str
    label: str
    order: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ByLatest:
    """A row for each value of a column, in this order; a student counts where their newest one is."""

    column: str
    label: str
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class ByStaff:
    """A row for each educator to whose key a column leads."""

    column: str
    label: str


@dataclass(frozen=True)
class ByThing:
    """A row for each of the things to whose key a column leads, called by one of their own columns."""

    column: str
    label: str
    of: type[Model]
    title: str


@dataclass(frozen=True)
class ByMonth:
    """A row for each month."""

    label: str = "Month"


By = ByValue | ByLatest | ByStaff | ByThing | ByMonth
