"""A table's columns, as every format needs them: a name for programs, a label for people, and a kind."""

import enum
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """What a column's values are; each format has its own type for it."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    PERCENT = "percent"
    """A number from 0 to 100."""
    DATE = "date"
    YES_NO = "yes_no"

    @property
    def is_number(self) -> bool:
        """Whether values are added up, compared, and set to the right."""
        return self in (Kind.WHOLE, Kind.DECIMAL, Kind.PERCENT)


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: lower case with underscores: the name in Parquet, and of the SQL query's column.
        label: the heading on the page and in CSV, Excel and PDF.
        about: what it says, where the label does not: for the data dictionary.
        personal: it says who somebody is; left out of what leaves the district's own staff.
        counts: it counts or measures people of the row: a small group's is suppressed in what leaves the staff.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    about: str = ""
    personal: bool = False
    counts: bool = False
