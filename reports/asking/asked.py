"""What is asked for, in surrogate keys: the same words stand in an address, in a subscription and beside a file."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict
from django.utils.http import urlencode

from accounts.pages import whole_number

PUBLICATION: Final = "publication"
"""The value of `for` that asks for a report for readers outside of the district's own staff."""
MOST_YEARS: Final = 12


@dataclass(frozen=True)
class Asked:
    """A report with its filters. Nothing of it is checked yet; see `asking.frame`.

    Attributes:
        part: the one table of the report that is looked at; empty for the first.
        grain: of whom a row speaks (`by` in the address); empty for the report's own choice.
        years: empty for the report's own choice, which moves on with the school year.
        student: never part of what is kept as text: it stands in a column of its own.
    """

    report: str
    part: str = ""
    grain: str = ""
    years: tuple[int, ...] = ()
    product: str = ""
    school: int | None = None
    grade: str = ""
    section: int | None = None
    group: UUID | None = None
    student: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    for_outsiders: bool = False

    @property
    def query(self) -> str:
        """The filters as the address has them; empty without any."""
        return urlencode(list(self._pairs()))

    @property
    def kept(self) -> str:
        """The filters as they are kept: without the student."""
        return replace(self, student=None).query

    def changed(self, **facts: Any) -> "Asked":
        """The same with some of it changed."""
        return replace(self, **facts)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        yield from (("year", str(year)) for year in self.years)
        named = {
            "by": self.grain,
            "part": self.part,
            "product": self.product,
            "school": self.school,
            "grade": self.grade,
            "section": self.section,
            "group": self.group,
            "student": self.student,
            "since": self.since,
            "until": self.until,
            "for": PUBLICATION if self.for_outsiders else "",
        }
        yield from ((name, str(value)) for name, value in named.items() if value not in (None, ""))


def asked_in(report: str, said: QueryDict) -> Asked:
    """What an address asks for; a value that makes no sense counts as none."""
    years = {year for text in said.getlist("year") if (year := whole_number(text)) and 1900 < year < 3000}
    return Asked(
        report=report,
        part=said.get("part", "")[:60],
        grain=said.get("by", "")[:20],
        years=tuple(sorted(years, reverse=True)[:MOST_YEARS]),
        product=said.get("product", "")[:40],
        school=whole_number(said.get("school", "")),
        grade=said.get("grade", "")[:2],
        section=whole_number(said.get("section", "")),
        group=_uuid(said.get("group", "")),
        student=whole_number(said.get("student", "")),
        since=_day(said.get("since", "")),
        until=_day(said.get("until", "")),
        for_outsiders=said.get("for", "") == PUBLICATION,
    )


def asked_again(report: str, kept: str, student: int | None) -> Asked:
    """What was kept as text, with the student of its own column."""
    return asked_in(report, QueryDict(kept)).changed(student=student)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
