"""Every report in every format: the same rows in each, and accessible on paper with its drawings."""

import csv
import datetime as dt
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django.db import connections

from reports.formats.csv import csv_chunks
from reports.formats.excel import write_excel
from reports.formats.parquet import write_parquet
from reports.formats.pdf import write_pdf
from reports.people.sight import Sight
from reports.yearend.columns import Kind
from reports.yearend.compile import sheets
from reports.yearend.registry import REPORTS
from reports.yearend.scope import Grain, Scope
from reports.yearend.sheet import Sheet
from reports.yearend.words import Report
from tenants.models import District
from tenants.schema import enter_district
from tenants.spreadsheets import neutralised
from tests.reports.formats.pdfs import complaints, tags
from tests.reports.formats.tables import HEADING
from tests.support.districts import district_schemas, forget_districts, provision


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    """A district with made-up data of this year and the last."""
    with django_db_blocker.unblock():
        before = district_schemas()
        try:
            district = provision("alder")
            told = {"students": 40, "seed": 7, "school_year": 2026, "years": 2}
            call_command("generate_district", slug="alder", verbosity=0, **told)
            yield district
        finally:
            forget_districts(keep=before)
            connections.close_all()


@pytest.fixture
def inside(lived: District) -> Iterator[District]:
    with enter_district(lived):
        yield lived


def scope() -> Scope:
    return Scope(sight=Sight(), years=(2025, 2026), as_of=dt.date(2026, 5, 20))


def rows_of(sheet: Sheet) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(csv_chunks(sheet)).decode("utf-8-sig"), newline="")))


def known(values: list[Any], times: int = 1) -> list[float]:
    """Numbers that can be compared; what is not known is the same in each format."""
    return [math.nan if value in (None, "") else float(value) * times for value in values]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)
def test_every_format_has_the_same_rows(inside: District, report: Report, tmp_path: Path) -> None:
    tables = sheets(report, scope(), Grain.STUDENT)
    assert write_excel(tmp_path / "a.xlsx", HEADING, tables) > 0, "a report without a row proves nothing"
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True)
    for table, name in zip(tables, book.sheetnames[1:], strict=True):
        labels, *rows = rows_of(table)
        assert labels == [column.label for column in table.columns]
        assert write_parquet(tmp_path / "a.parquet", table) == len(rows)
        exact = pq.read_table(tmp_path / "a.parquet").to_pylist()
        in_book = list(book[name].iter_rows(values_only=True, min_row=2, max_col=len(labels)))
        assert len(in_book) == len(exact)
        for place, column in enumerate(table.columns):
            shown, said = [row[place] for row in in_book], [row[place] for row in rows]
            if column.kind.is_number:
                numbers = known([row[column.name] for row in exact])
                assert known(said) == pytest.approx(numbers, rel=1e-9, nan_ok=True), (table.code, column.name)
                by_hundred = 100 if column.kind == Kind.PERCENT else 1
                assert known(shown, by_hundred) == pytest.approx(numbers, rel=1e-9, nan_ok=True)
            elif column.kind == Kind.TEXT:
                assert [value or "" for value in shown] == said == [neutralised(row[column.name]) for row in exact]
    book.close()


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)
def test_on_paper_it_is_accessible_with_its_drawings(inside: District, report: Report, tmp_path: Path) -> None:
    tables = sheets(report, scope(), Grain.SCHOOL)
    write_pdf(tmp_path / "a.pdf", HEADING, tables)
    pdf = (tmp_path / "a.pdf").read_bytes()
    found = [tag for tag, _ in tags(pdf)]
    assert complaints(pdf) == []
    assert found.count("H2") == len(tables)
    drawn = [table for table in tables if table.chart and len(rows_of(table)) > 1]
    assert found.count("Figure") == len(drawn)
