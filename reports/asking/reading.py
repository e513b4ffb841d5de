"""A report as one reader asked for it: which tables, of which scope, by what, and what stands above it."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reports.asking.asked import Asked
from reports.asking.empty import why_empty
from reports.asking.frame import Frame, frame_of
from reports.asking.reader import Reader
from reports.asking.years import KnownYear, known_years, previous_words, previous_year, years_asked
from reports.yearend.compile.outsiders import GRAINS as OUTSIDERS_GRAINS
from reports.yearend.compile.sheets import parts_for
from reports.yearend.registry import report_named
from reports.yearend.scope import Grain, Scope
from reports.yearend.sheet import Heading
from reports.yearend.words import Part, Report
from tenants import clock
from tenants.models import District


@dataclass(frozen=True)
class Reading:
    """A report with everything that was asked of it checked.

    Attributes:
        part: the table that is looked at.
        grain: of whom its rows speak.
        known: the school years that there are of the report's suite.
    """

    report: Report
    asked: Asked
    frame: Frame
    part: Part
    grain: Grain
    known: tuple[KnownYear, ...]
    district: District
    reader: Reader

    @property
    def scope(self) -> Scope:
        """The frame of its queries."""
        return self.frame.scope

    @property
    def tables(self) -> tuple[Part, ...]:
        """The tables that can be looked at one by one; the summary stands above them."""
        return tuple(part for part in parts_for(self.report, self.scope) if not part.is_summary)

    @property
    def grains(self) -> tuple[Grain, ...]:
        """By what the table can be."""
        return grains_of(self.part, for_outsiders=self.scope.for_outsiders)

    @property
    def group_text(self) -> str:
        """The group that is read, as the form has it."""
        return str(self.scope.group or "")

    @property
    def why_empty(self) -> str:
        """Why a table has no rows, and what to do, in plain words."""
        return why_empty(self.frame, self.known, self.report, self.part)

    @property
    def archive_words(self) -> str:
        """Of a cumulative report: which year its previous academic year is; else empty."""
        return previous_words(self.scope.previous) if self.report.cumulative else ""

    def heading(self, made_at: dt.datetime) -> Heading:
        """What stands above it on paper and in a file."""
        audience = "Readers outside of the district" if self.scope.for_outsiders else self.reader.audience
        return Heading(
            district=self.district.name,
            title=self.report.title,
            period=self.frame.period,
            filters=self.frame.filters,
            made_at=made_at.astimezone(ZoneInfo(self.district.time_zone)),
            audience=audience,
            about=f"{self.report.about} {self.archive_words}".strip(),
        )


def reading_of(asked: Asked, reader: Reader, district: District, now: dt.datetime) -> Reading:
    """Read what is asked for, in the entered district.

    Raises:
        LookupError: there is no such report.
        NotInSightError: a filter names what is not there, or not this reader's.
    """
    report = report_named(asked.report)
    known = known_years(district, reader.sight).get(report.suite, [])
    years = years_asked(asked, report, known, district)
    previous = previous_year(known) if report.cumulative else None
    frame = frame_of(asked, reader, years, clock.date_in(now, district.time_zone), previous)
    part = _part(report, frame.scope, asked.part)
    grains = grains_of(part, for_outsiders=frame.scope.for_outsiders)
    grain = next((grain for grain in grains if grain == asked.grain), _usual(grains, reader))
    return Reading(report, asked, frame, part, grain, tuple(known), district, reader)


def grains_of(part: Part, *, for_outsiders: bool) -> tuple[Grain, ...]:
    """By what a table can be."""
    return tuple(grain for grain in part.grains if not for_outsiders or grain in OUTSIDERS_GRAINS)


def _part(report: Report, scope: Scope, code: str) -> Part:
    tables = [part for part in parts_for(report, scope) if not part.is_summary]
    return next((part for part in tables if part.code == code), (tables or report.parts)[0])


def _usual(grains: tuple[Grain, ...], reader: Reader) -> Grain:
    """The grain that a reader most likely means: a district's people its schools, others their own students."""
    usual = Grain.SCHOOL if reader.sight.school_id is None and reader.sight.educator_id is None else Grain.STUDENT
    return usual if usual in grains else (grains or (Grain.STUDENT,))[0]
