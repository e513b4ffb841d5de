"""The words in which a readiness item is written: what is looked for in the new year's roster, and what to do then.

The items themselves are in `resets/readiness` (one file each) and, of a product, in `products/<suite>/readiness.py` as
`ITEMS`. Each is a query of what is not as it should be: its rows are counted, listed and written to a file by the same
code, so that a number and the people behind it cannot differ.
"""

import datetime as dt
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


class State(enum.StrEnum):
    """How an item stands."""

    OK = "ok"
    LOOK = "look"
    NOT_YET = "not_yet"


class Subject(enum.StrEnum):
    """What an item's rows are; by it they are named on the page."""

    STUDENT = "student"
    SECTION = "section"
    SESSION = "session"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Ground:
    """What an item is asked about.

    Attributes:
        school_year: the new one.
        school_id: one school only; None for all.
        reset_done: whether the old year has been reset.
        has_roster: whether a roster of the new year has been received.
    """

    school_year: int
    as_of: dt.date
    school_id: int | None = None
    reset_done: bool = True
    has_roster: bool = True


@dataclass(frozen=True)
class Outcome:
    """What an item found: its state, how many rows are behind it, and a sentence."""

    state: State
    count: int
    says: str


@dataclass(frozen=True)
class Item:
    """One item of the checklist.

    Attributes:
        code: in the page's address.
        source: the source's own words.
        todo: what to do when it says "look", and where.
        rows: SQL of what is not as it should be, with the columns `key`, `school_id`, `why`, `was` and `now`; in it
            `{school_year}`, `{as_of}` and the roster's tables (`{student}`) and `{suite_table}`s by name are filled in.
        words: for each `why` a sentence, in which `{was}` and `{now}` are filled in; grades are put in words.
        good: what is said when there are none.
        noun: what the rows are, one and many.
        suite: only for districts that have this suite; empty for all.
        check: for an item without rows, what it finds.
        tells: a further sentence with figures.
    """

    code: str
    title: str
    source: str
    todo: str
    subject: Subject
    rows: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    good: str = ""
    noun: tuple[str, str] = ("student", "students")
    suite: str = ""
    check: Callable[[Ground], Outcome] | None = None
    tells: Callable[[Ground], str] | None = None
