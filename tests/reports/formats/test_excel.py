"""Excel, read back by openpyxl: types, looks, safety, what is too long for a sheet."""

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import DataError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.formats.excel import table, write_excel
from reports.formats.excel.names import LONGEST, SheetNames
from reports.yearend.columns import Column
from tenants.spreadsheets import neutralised
from tests.reports.formats.tables import HEADING, ROWS, counting, sheet_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(tmp_path: Path) -> Any:
    sheets = [sheet_of(note="Students without a name are counted."), sheet_of(rows=[], title="usage BY student")]
    assert write_excel(tmp_path / "a.xlsx", HEADING, sheets) == len(ROWS)
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
    return openpyxl.load_workbook(tmp_path / "a.xlsx")


def test_the_first_sheet_says_what_it_is(book: Any) -> None:
    assert book.sheetnames == ["About", "Usage by student", "usage BY student (2)"]
    said = [[cell.value for cell in row] for row in book["About"].iter_rows()]
    assert said[0][0] == "Usage and lessons"
    pairs = {row[0]: row[1] for row in said[1:] if row[0]}
    assert pairs["District"] == "Maple Unified School District"
    assert (pairs["Made for"], pairs["School"], pairs["Grade"]) == ("District", "Oak Elementary", "3")
    assert (pairs["Period"], pairs["Made"]) == ("School year 2025-26", "July 20, 2026, 3:05 PM CDT")
    assert ["Usage by student", "5 rows", "Students without a name are counted."] in said
    assert ["Usage by student", "Lessons passed", "Lessons with the result passed."] in said
    assert (book.properties.title, book.properties.creator) == ("Usage and lessons", HEADING.district)


def test_cells_have_types_and_looks(book: Any) -> None:
    sheet = book["Usage by student"]
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]][:3] == ["Student", "Lessons passed", "Average score"]
    assert all(cell.font.bold for cell in rows[0])
    assert [cell.value for cell in rows[1]] == ["José Ñandú", 12, 71.25, 0.875, dt.datetime(2025, 8, 15), "Yes"]  # noqa: DTZ001
    assert [cell.number_format for cell in rows[1]][1:5] == ["#,##0", "#,##0.0#", "0.0%", "mm-dd-yy"]
    assert [cell.value for cell in rows[2]] == ["'=HYPERLINK(1)", -3, -0.5, 0, "1899-12-31", "No"]
    assert [cell.value for cell in rows[4]] == [None] * 6
    assert rows[5][1].value == "9007199254740993", "Excel would round it"
    assert all(cell.data_type != "f" and cell.hyperlink is None for row in rows for cell in row)
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:F6", "$1:$1")
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["F"].width
    assert book["usage BY student (2)"].max_row == 1


def test_what_is_too_long_goes_on_in_a_further_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_ROWS", 1001)
    assert write_excel(tmp_path / "a.xlsx", HEADING, [counting(2500)]) == 2500
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True)
    assert book.sheetnames == ["About", "Counting", "Counting (2)", "Counting (3)"]
    numbers: list[Any] = []
    for name in book.sheetnames[1:]:
        first, *rest = book[name].iter_rows(values_only=True)
        assert first == ("N", "Words")
        numbers += [row[0] for row in rest]
    assert numbers == list(range(1, 2501))
    book.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.text(st.characters(min_codepoint=32, codec="utf-8"), min_size=1, max_size=40), min_size=1, max_size=5)
)
def test_any_text_stays_text(tmp_path: Path, texts: list[str]) -> None:
    write_excel(tmp_path / "a.xlsx", HEADING, [sheet_of([Column("a", "A")], [(text,) for text in texts])])
    cells = next(iter(openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[1].columns))[1:]
    assert [cell.value for cell in cells] == [neutralised(text) for text in texts]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


@given(st.lists(st.text(max_size=60), max_size=6))
def test_names_are_as_excel_allows_them(titles: list[str]) -> None:
    names = SheetNames(taken=["About"])
    given_names = [names.name_for(title) for title in titles]
    assert len({name.lower() for name in given_names} | {"about", "history"}) == len(titles) + 2
    for name in given_names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= LONGEST
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")


def test_names_are_cut_between_words() -> None:
    names = SheetNames(taken=["About"])
    assert names.name_for("Lessons passed by school and grade") == "Lessons passed by school and"
    assert names.name_for("About") == "About (2)"


def test_a_broken_query_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataError), transaction.atomic():
        write_excel(tmp_path / "a.xlsx", HEADING, [sheet_of(), counting(5000, "100 / (4000 - n)")])
    assert list(tmp_path.iterdir()) == []
