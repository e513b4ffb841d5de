"""What a CSM asks the board for, read from an address: what makes no sense there is told, and ignored."""

import datetime as dt
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict

from resets.desk.suites import suite_choices
from resets.models import Answer, RunState

NO_RUN = "none"
NOBODY = "none"
RUNS = (NO_RUN, *RunState.values)
SORTS = ("date", "district", "suite", "answer", "ready", "sync")
"""The columns that the board is sorted by; a minus before one turns it round. Days left are the date's."""
LONGEST_SEARCH = 100
YEARS = range(2000, 2101)
EXPORTS = ("open", "missing", "made", "waiting", "downloaded", "waived")
"""How a reset's year's data stands: see `resets.desk.export_filter`."""
FLAGS = ("conflicts", "held", "undated")


@dataclass(frozen=True)
class BoardFilters:
    """A typed question to the board. Empty fields do not narrow it.

    Attributes:
        school_year: None for the school year that is being closed now.
        csm: whose book, by key; `none` for districts in nobody's; only superusers' is heeded.
        export: how the year's data stands; one of `EXPORTS`.
        undated: product suites that have no date at all, instead of those that have one.
        problems: what was asked and ignored, in words.
    """

    school_year: int | None = None
    suite: str = ""
    answer: str = ""
    run: str = ""
    export: str = ""
    conflicts: bool = False
    held: bool = False
    undated: bool = False
    csm: str = ""
    first_on: dt.date | None = None
    last_on: dt.date | None = None
    search: str = ""
    sort: str = "date"
    problems: tuple[str, ...] = field(default=(), compare=False)

    def query(self, **changes: str | bool | int | dt.date | None) -> str:
        """The query string that asks this, with some fields changed."""
        asked = replace(self, **changes)  # type: ignore[arg-type]  # the fields' own types
        said = {
            "year": asked.school_year, "suite": asked.suite, "answer": asked.answer, "run": asked.run,
            "export": asked.export,
            "csm": asked.csm, "from": asked.first_on, "to": asked.last_on, "q": asked.search,
            "sort": "" if asked.sort == "date" else asked.sort,
            **{name: "1" if getattr(asked, name) else "" for name in FLAGS},
        }  # fmt: skip
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the school year and the order was asked for."""
        return replace(self, school_year=None, sort="date", problems=()) != BoardFilters()


def parse_filters(data: QueryDict) -> BoardFilters:
    """Read a query string. Never fails: each value that makes no sense becomes a line in `problems`."""
    problems: list[str] = []
    first, last = (_day(data, name, problems) for name in ("from", "to"))
    if first and last and last < first:
        problems.append(f"The dates from {first} to {last} were ignored: the last is before the first.")
        first = last = None
    suites = tuple(code for code, _ in suite_choices())
    flags = {name: bool(_one_of(data, name, ("1",), problems)) for name in FLAGS}
    order = _one_of(data, "sort", (*SORTS, *(f"-{name}" for name in SORTS)), problems) or "date"
    asked = BoardFilters(
        school_year=_year(data, problems),
        suite=_one_of(data, "suite", suites, problems),
        answer=_one_of(data, "answer", tuple(Answer.values), problems),
        run=_one_of(data, "run", RUNS, problems),
        export=_one_of(data, "export", EXPORTS, problems),
        csm=_csm(data, problems),
        first_on=first,
        last_on=last,
        search=" ".join(_said(data, "q").split())[:LONGEST_SEARCH],
        sort=order,
        conflicts=flags["conflicts"],
        held=flags["held"],
        undated=flags["undated"],
    )
    return replace(asked, problems=tuple(problems))


def _said(data: QueryDict, name: str) -> str:
    """A parameter without what no database takes."""
    return str(data.get(name, "")).replace("\x00", "").strip()


def _one_of(data: QueryDict, name: str, allowed: tuple[str, ...], problems: list[str]) -> str:
    said = _said(data, name)
    if not said or said in allowed:
        return said
    problems.append(_ignored(name, said, f"it is one of {', '.join(allowed)}"))
    return ""


def _year(data: QueryDict, problems: list[str]) -> int | None:
    said = _said(data, "year")
    if not said:
        return None
    if said.isascii() and said.isdecimal() and len(said) == 4 and int(said) in YEARS:
        return int(said)
    problems.append(_ignored("year", said, "give the year in which the school year ends, such as 2026"))
    return None


def _csm(data: QueryDict, problems: list[str]) -> str:
    said = _said(data, "csm")
    if said in {"", NOBODY} or (said.isascii() and said.isdecimal() and len(said) < 19):
        return said
    problems.append(_ignored("csm", said, "choose one of the list"))
    return ""


def _day(data: QueryDict, name: str, problems: list[str]) -> dt.date | None:
    said = _said(data, name)
    if not said:
        return None
    try:
        day = dt.datetime.strptime(said, "%Y-%m-%d").date()  # noqa: DTZ007 - a date, of no zone
    except ValueError:
        problems.append(_ignored(name, said, "write a date as 2026-07-28"))
        return None
    return day


def _ignored(name: str, said: str, hint: str) -> str:
    return f"“{said[:40]}” for {name} was ignored: {hint}."
