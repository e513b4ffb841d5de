"""The year-end reports of a suite, inside of its package: tables whole as CSV and Parquet, summaries on paper.

"All of the Hero Reports can be exported to a .CSV file"; "please print the Schoolwide Points report prior to the
archive for your own records" (Hero source): that one is printed for each school, student by student.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from reports.formats.csv import csv_chunks
from reports.formats.parquet import write_parquet
from reports.formats.pdf import write_pdf
from reports.packages.models import Package
from reports.people.sight import Sight
from reports.yearend.compile.sheets import sheet_of
from reports.yearend.registry import reports_of
from reports.yearend.scope import Grain, Scope
from reports.yearend.sheet import Heading, Sheet
from reports.yearend.words import Part, Report, Totals
from rostering.models import School
from tenants import clock
from tenants.models import District
from tenants.templatetags.words import school_year
from tenants.zips import ZipWriter

GRAINS: Final = (Grain.STUDENT, Grain.SCHOOL)
"""By what a package has each table; whoever wants another adds up the tables by student."""
PRINTED: Final = frozenset({"hero-points"})
"""Reports that the source asks to print: for each school, student by student."""
MOST_PRINTED: Final = 300
"""Schools for which they are printed; a larger district has the tables."""
Entry = dict[str, Any]


@dataclass(frozen=True)
class Making:
    """What every report of a package is made with."""

    district: District
    scope: Scope
    made_at: dt.datetime
    writer: ZipWriter
    folder: Path

    def heading(self, report: Report, filters: tuple[tuple[str, str], ...] = ()) -> Heading:
        """What stands above a report on paper."""
        return Heading(
            district=self.district.name,
            title=report.title,
            period=f"School year {school_year(self.scope.years[0])}",
            filters=filters,
            made_at=self.made_at.astimezone(ZoneInfo(self.district.time_zone)),
            audience="District",
            about=report.about,
        )


def add_reports(
    district: District,
    package: Package,
    made_at: dt.datetime,
    writer: ZipWriter,
    folder: Path,
    tell: Callable[[str], None],
) -> list[Entry]:
    """Write the reports of a package's suite for its year, inside the caller's snapshot; returns what there is.

    Args:
        folder: for files that are in the making.
        tell: is told each report's title.
    """
    as_of = clock.date_in(made_at, district.time_zone)
    making = Making(district, Scope(Sight(), (package.school_year,), as_of), made_at, writer, folder)
    found: list[Entry] = []
    for report in reports_of(package.suite):
        tell(report.title)
        found += _tables(making, report)
        found.append(_paper(making, report))
        if report.code in PRINTED:
            found += _by_school(making, report)
    return found


def _tables(making: Making, report: Report) -> Iterator[Entry]:
    for part, grain in _wanted(report):
        sheet = sheet_of(report, part, making.scope, grain)
        name = f"reports/{report.code}/{_folder(part, grain)}/{part.code}"
        told = {"report": report.code, "table": part.code, "by": str(grain)}
        counted = _Counted(csv_chunks(sheet))
        csv = making.writer.add(f"{name}.csv", counted)
        yield {**told, "file": csv.name, "rows": counted.rows, "sha256": csv.sha256}
        scratch = making.folder / "report.parquet"
        rows = write_parquet(scratch, sheet)
        exact = making.writer.add_file(f"{name}.parquet", scratch, packed=True)
        scratch.unlink()
        yield {**told, "file": exact.name, "rows": rows, "sha256": exact.sha256}


def _wanted(report: Report) -> Iterator[tuple[Part, Grain]]:
    """Each table by student and by school, where it has such rows; a summary and a list once."""
    for part in report.parts:
        grains = part.grains[:1] if part.is_summary else [grain for grain in GRAINS if grain in part.grains]
        yield from ((part, grain) for grain in grains)


def _folder(part: Part, grain: Grain) -> str:
    if not isinstance(part, Totals):
        return "lists"
    return "summaries" if part.is_summary else f"by-{grain}"


def _paper(making: Making, report: Report) -> Entry:
    """The report's totals by school with its drawings."""
    parts = [part for part in report.parts if isinstance(part, Totals)]
    sheets = [sheet_of(report, part, making.scope, Grain.SCHOOL) for part in parts]
    return _print(making, report, f"reports/{report.code}/{report.code}.pdf", making.heading(report), sheets)


def _by_school(making: Making, report: Report) -> Iterator[Entry]:
    parts = [part for part in report.parts if isinstance(part, Totals) and Grain.STUDENT in part.grains]
    schools = list(School.objects.filter(is_active=True).order_by("name", "pk")[: MOST_PRINTED + 1])
    for school in schools if len(schools) <= MOST_PRINTED else ():
        scope = replace(making.scope, school=school.pk)
        sheets = [sheet_of(report, part, scope, Grain.STUDENT) for part in parts]
        name = f"reports/{report.code}/print/{slugify(school.name)[:40] or 'school'}-{school.pk}.pdf"
        yield _print(making, report, name, making.heading(report, (("School", school.name),)), sheets)


def _print(making: Making, report: Report, name: str, heading: Heading, sheets: list[Sheet]) -> Entry:
    scratch = making.folder / "report.pdf"
    write_pdf(scratch, heading, sheets)
    paper = making.writer.add_file(name, scratch)
    scratch.unlink()
    return {
        "report": report.code, "table": "", "by": "", "file": paper.name, "rows": None, "sha256": paper.sha256,
    }  # fmt: skip


class _Counted:
    """Chunks, and what their generator returns at the end: how many rows there were."""

    def __init__(self, chunks: "Iterator[bytes]") -> None:
        self._chunks = chunks
        self.rows = 0

    def __iter__(self) -> Iterator[bytes]:
        while True:
            try:
                yield next(self._chunks)
            except StopIteration as end:
                self.rows = int(end.value)
                return
