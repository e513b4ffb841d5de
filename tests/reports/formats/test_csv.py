"""CSV, read back by Python's own reader."""

import csv
import datetime as dt
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from reports.formats.csv import MARK, csv_chunks, write_csv
from reports.formats.stream import BLOCK
from reports.yearend.columns import Column, Kind
from reports.yearend.sheet import Sheet
from tenants.spreadsheets import RISKY, neutralised, neutralised_sql
from tests.reports.formats.tables import RISKY_TEXTS, counting, sheet_of

pytestmark = pytest.mark.django_db
IN_DATABASE = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def read_back(sheet: Sheet) -> list[list[str]]:
    text = b"".join(csv_chunks(sheet)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_rows_come_in_their_order_with_labels_and_types() -> None:
    assert read_back(sheet_of()) == [
        ["Student", "Lessons passed", "Average score", "Share of lessons passed", "Since", "Active"],
        ["José Ñandú", "12", "71.25", "87.5", "2025-08-15", "Yes"],
        ["'=HYPERLINK(1)", "-3", "-0.5", "0", "1899-12-31", "No"],
        ["", "0", "0", "100", "2026-07-28", ""],
        ["", "", "", "", "", ""],
        ['said "hi",\nthen left', "9007199254740993", "0.3333333333333333", "33.333", "1900-03-01", "Yes"],
    ]


def test_a_spreadsheet_reads_utf_8_and_nothing_is_not_an_empty_text() -> None:
    raw = b"".join(csv_chunks(sheet_of([Column("a", "A"), Column("b", "B")], [("", None), (None, "")])))
    assert raw == MARK + b'A,B\n"",\n,""\n'


def test_a_table_without_rows_has_its_heading() -> None:
    assert read_back(sheet_of(rows=[])) == [[column.label for column in sheet_of().columns]]


def test_labels_are_whole_and_neutralised() -> None:
    long = "Percentage of lessons passed on the first attempt in the last 180 days, año por año"
    assert read_back(sheet_of([Column("a", long), Column("b", "+/-")], [("x", "y")]))[0] == [long, "'+/-"]


@IN_DATABASE
@given(RISKY_TEXTS | st.none())
def test_the_rule_is_the_same_in_sql_and_in_python(text: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}").format(neutralised_sql(sql.SQL("{}::text").format(sql.Literal(text)))))
        assert cursor.fetchone() == (text if text is None else neutralised(text),)


@IN_DATABASE
@given(st.lists(st.tuples(RISKY_TEXTS, RISKY_TEXTS | st.none()), max_size=5))
def test_any_text_comes_back_and_is_no_formula(rows: list[tuple[Any, ...]]) -> None:
    found = read_back(sheet_of([Column("a", "A"), Column("b", "B")], rows))[1:]
    assert found == [[neutralised(value) for value in row] for row in rows]
    assert not any(value.startswith(RISKY) for row in found for value in row)


def test_it_comes_in_small_blocks_of_whole_lines() -> None:
    chunks = list(csv_chunks(counting(50_000)))
    assert max(map(len, chunks)) < 2 * BLOCK
    assert all(chunk.endswith(b"\n") for chunk in chunks)
    assert len(chunks) > 5
    lines = b"".join(chunks).splitlines()[1:]
    assert lines == [b"%d,text %d" % (n, n) for n in range(1, 50_001)]


def test_an_error_in_the_middle_is_one_and_the_connection_goes_on() -> None:
    chunks = csv_chunks(counting(50_000, "100 / (40000 - n)"))
    got = []
    with pytest.raises(DataError), transaction.atomic():
        got.extend(chunks)
    assert 1 < len(got) < len(list(csv_chunks(counting(50_000))))
    assert read_back(counting(1)) == [["N", "Words"], ["1", "text 1"]]


def test_an_error_after_the_last_block_is_one() -> None:
    chunks = csv_chunks(counting(20, "100 / (20 - n)"))
    with pytest.raises(DataError), transaction.atomic():
        assert list(chunks) == []


def test_a_file_tells_its_rows(tmp_path: Path) -> None:
    assert write_csv(tmp_path / "a.csv", counting(4321)) == 4321
    assert len((tmp_path / "a.csv").read_bytes().splitlines()) == 4322


def test_what_the_transaction_has_not_committed_is_in_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE fresh ON COMMIT DROP AS SELECT 7 AS n, date '2026-01-02' AS d")
    columns = (Column("n", "N", Kind.WHOLE), Column("d", "D", Kind.DATE))
    sheet = Sheet("fresh", "Fresh", columns, sql.Composed([sql.SQL("SELECT n, d::timestamp FROM pg_temp.fresh")]))
    assert read_back(sheet)[1] == ["7", dt.date(2026, 1, 2).isoformat()]


def test_no_process_holds_arrow_before_it_needs_it() -> None:
    """It is worth fifty megabytes, which a web process that streams CSV would hold for nothing."""
    asked = "import django, sys; django.setup(); import config.urls_tenant; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
