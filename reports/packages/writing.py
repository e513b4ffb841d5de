"""Writing a package's zip from one snapshot: tables, files, dictionary, manifest, checksums. Streamed."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from products.registry import suite_named
from reports.packages.columns import ColumnType, column_types
from reports.packages.contents import WITHHELD, Source, choose_students, sources, stored_files
from reports.packages.dictionary import dictionary
from reports.packages.draft import add_draft
from reports.packages.inside import add_reports
from reports.packages.loading.district import subscriptions_of
from reports.packages.manifest import NAME, Manifest, TableEntry
from reports.packages.models import Package
from reports.packages.progress import Progress
from reports.packages.readme import moment_words, readme
from reports.packages.rows import csv_parts, write_parquet
from resets.policies.registry import policy_for
from tenants import clock
from tenants.models import District
from tenants.schema import current_schema
from tenants.spreadsheets import csv_lines
from tenants.zips import ZipWriter

MADE_BY = "Yearturn"
TABLES_SHARE = 55
"""Percent of the work that the tables are."""
REPORTS_AT = 60


@dataclass
class Written:
    """What was written: for the package's record."""

    snapshot_at: dt.datetime
    students: list[int]
    tables: list[TableEntry] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    has_draft: bool = False
    sealed_to: list[str] = field(default_factory=list)
    contents: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)


def write_package(district: District, package: Package, path: Path, progress: Progress) -> Written:
    """Write a package of the entered district to `path`, inside the caller's snapshot."""
    progress.reach(1, "Finding the year's students")
    written = Written(clock.now(), choose_students(package.suite, package.school_year))
    found = [(each, column_types(each.relation, each.columns)) for each in sources(package.suite, package.school_year)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        writer = ZipWriter(archive, written.snapshot_at.timetuple()[:6])
        for number, (source, columns) in enumerate(found):
            progress.reach(2 + TABLES_SHARE * number / len(found), f"Writing {source.relation}")
            written.tables.append(_add_table(writer, source, columns, path.parent))
        progress.reach(2 + TABLES_SHARE, "Writing stored files")
        written.files = _add_files(writer, package)
        moment, folder = written.snapshot_at, path.parent

        def tell(title: str) -> None:
            progress.reach(REPORTS_AT, f"Writing the report: {title}")

        written.reports = add_reports(district, package, moment, writer, folder, tell)
        written.has_draft = add_draft(district, package, moment, writer, folder)
        writer.add("data_dictionary.csv", (line.encode() for line in csv_lines(dictionary(found))))
        writer.add("README.txt", [_readme(district, package, written).encode()])
        writer.add(NAME, [_manifest(district, package, written).as_json()])
        writer.add_sums()
    rows: dict[str, Any] = {entry.file: entry.rows for entry in written.tables}
    rows |= {each["file"]: each["rows"] for each in written.reports}
    written.contents = [{**asdict(member), "rows": rows.get(member.name)} for member in writer.members]
    return written


def _add_table(writer: ZipWriter, source: Source, columns: tuple[ColumnType, ...], folder: Path) -> TableEntry:
    """Write a table twice: exactly, and for spreadsheets from the very same rows."""
    name = source.relation
    scratch = folder / f"{name}.parquet"
    rows = write_parquet(source.query(), columns, scratch)
    exact = writer.add_file(f"data/{name}.parquet", scratch, packed=True)
    sheet = writer.add(f"csv/{name}.csv", csv_parts(scratch))
    scratch.unlink()
    return TableEntry(
        table=name,
        of=source.table.name,
        archived=source.archived,
        owner=source.owner,
        category=source.category.code,
        rows=rows,
        file=exact.name,
        csv=sheet.name,
        sha256=exact.sha256,
        columns=[asdict(column) for column in columns],
        withheld=[column.name for column in columns if column.name in WITHHELD],
    )


def _add_files(writer: ZipWriter, package: Package) -> list[str]:
    """Stored files under the names that the rows give them; one that is not there any more is left out."""
    root = (Path(settings.MEDIA_ROOT) / current_schema()).resolve()
    added = []
    for name in _file_names(package):
        path = (root / name).resolve()
        if path.is_relative_to(root) and path.is_file():
            writer.add_file(f"files/{path.relative_to(root)}", path)
            added.append(str(path.relative_to(root)))
    return added


def _file_names(package: Package) -> Iterator[str]:
    query = stored_files(package.suite, package.school_year)
    if query is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(1000):
            yield from (str(row[0]) for row in rows)


def _readme(district: District, package: Package, written: Written) -> str:
    suite = suite_named(package.suite)
    return readme(
        district, suite.name, package.school_year, [product.name for product in suite.products],
        moment=moment_words(district, written.snapshot_at), rows=written.rows, tables=len(written.tables),
        students=len(written.students), has_draft=written.has_draft,
    )  # fmt: skip


def _manifest(district: District, package: Package, written: Written) -> Manifest:
    suite = suite_named(package.suite)
    summer = district.summer_session_ends_on
    return Manifest(
        district={
            "slug": district.slug,
            "name": district.name,
            "nces_id": district.nces_id,
            "time_zone": district.time_zone,
            "school_year": district.school_year,
            "school_year_ends_on": district.school_year_ends_on.isoformat(),
            "summer_session_ends_on": summer.isoformat() if summer else None,
            "rostering_starts_on": district.rostering_starts_on.isoformat(),
        },
        suite=suite.code,
        products=[product.code for product in suite.products],
        school_year=package.school_year,
        policy=policy_for(suite.code).version,
        snapshot_at=written.snapshot_at.astimezone(dt.UTC).isoformat(),
        made_by=MADE_BY,
        students=len(written.students),
        tables=written.tables,
        subscriptions=subscriptions_of(district, [product.code for product in suite.products]),
        files=written.files,
        reports=written.reports,
    )
