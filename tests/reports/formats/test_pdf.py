"""PDF: accessible by a validator and by its tags, complete in its words, cut where it says so, never markup."""

import dataclasses
import io
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from reports.formats.pdf import contents, typeset, write_pdf
from reports.formats.pdf.widths import font_size, is_wide, widths
from reports.yearend.columns import Column, Kind
from reports.yearend.sheet import ChartKind, ChartSpec, Sheet
from tenants.typesetting import READABLE, as_input, typesetter
from tests.reports.formats.pdfs import ACCESSIBLE, KEEPABLE, complaints, tags, words
from tests.reports.formats.tables import COLUMNS, HEADING, ROWS, counting, sheet_of

pytestmark = pytest.mark.django_db
GRADES = [Column("grade", "Grade"), Column("boy", "Fall", Kind.DECIMAL), Column("eoy", "Spring", Kind.DECIMAL)]
GROWTH = ChartSpec(ChartKind.GROUPED, "Average score by grade", "grade", ("boy", "eoy"), "points")
MARKUP = '#panic("no") *bold* $x^2$ = Title @ref `code` <label> \\u{41} [y] // z'


def drawn_sheet(kind: ChartKind = ChartKind.GROUPED) -> Sheet:
    rows = [("Grade 1", 310.5, 402.25), ("Grade 2", 395, 470.75), ("Grade 3", None, 512)]
    return sheet_of(GRADES, rows, title="Growth", chart=dataclasses.replace(GROWTH, kind=kind))


def pdf_of(folder: Path, *sheets: Sheet, **heading: Any) -> bytes:
    write_pdf(folder / "a.pdf", dataclasses.replace(HEADING, **heading), sheets)
    assert [path.name for path in folder.iterdir()] == ["a.pdf"]
    return (folder / "a.pdf").read_bytes()


@pytest.fixture
def report(tmp_path: Path) -> bytes:
    odd = [("王小明 \u202eabc\u202c \U0001f600", 1, 0.5, 50, None, True), (MARKUP, 2, None, None, None, None)]
    lines = dataclasses.replace(drawn_sheet(ChartKind.LINE), title="Growth as a line")
    sheets = (sheet_of(rows=[*ROWS, *odd]), sheet_of(rows=[], title="Playlists"), drawn_sheet(), lines)
    return pdf_of(tmp_path, *sheets)


def test_it_holds_the_standards(report: bytes) -> None:
    assert (complaints(report, ACCESSIBLE), complaints(report, KEEPABLE)) == ([], [])


def test_the_validator_would_say_if_it_did_not() -> None:
    document = {"document": as_input(contents.contents(HEADING, [drawn_sheet()]))}
    made: Any = typesetter(typeset._template()).compile(format="pdf", sys_inputs=document, pdf_tags=False)
    assert len(complaints(bytes(made))) > 2


def test_who_hears_it_has_headings_cells_and_drawings_told(report: bytes) -> None:
    found = [tag for tag, _ in tags(report)]
    assert [found.count(tag) for tag in ("H1", "H2", "Table", "Figure")] == [1, 4, 3, 2]
    assert found.count("TH") == len(COLUMNS) + 2 * len(GRADES)
    assert found.count("TD") == len(COLUMNS) * (len(ROWS) + 2) + 2 * 3 * len(GRADES)
    told = [alt for tag, alt in tags(report) if tag == "Figure"]
    assert told[0] == (
        "Average score by grade. Groups of bars with 3 values each. Fall: from 310.5 (Grade 1) to 395.0 (Grade 2)."
        " Spring: from 402.2 (Grade 1) to 512.0 (Grade 3). The numbers are in the table."
    )
    assert told[1].startswith("Average score by grade. Lines with 3 values each.")


def test_it_says_whose_it_is_of_when_and_which(report: bytes) -> None:
    first, *_ = words(report)
    for said in (
        "MAPLE UNIFIED SCHOOL DISTRICT", "Usage and lessons", "School year 2025-26", "Made for District",
        "School Oak Elementary", "Grade 3", "Made July 20, 2026, 3:05 PM CDT", "What students did, by school.",
    ):  # fmt: skip
        assert said in first
    pages = words(report)
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Maple Unified School District · Usage and lessons · School year 2025-26" in page
        assert "District · School: Oak Elementary; Grade: 3 · made July 20, 2026, 3:05 PM CDT" in page
    read = PdfReader(io.BytesIO(report))
    assert (read.metadata or {})["/Title"] == "Usage and lessons, School year 2025-26"
    assert (read.metadata or {})["/Author"] == "Maple Unified School District"
    assert read.trailer["/Root"]["/Lang"] == "en-US"  # type: ignore[index]


def test_numbers_and_words_are_read_as_they_are(report: bytes) -> None:
    said = " ".join(words(report))
    assert MARKUP in said
    assert "[U+738B][U+5C0F][U+660E]" in said
    assert "José Ñandú 12 71.2 87.5% Aug 15, 2025 Yes" in said
    assert "=HYPERLINK(1) -3 -0.5 0.0% Dec 31, 1899 No" in said
    assert 'said "hi", then left 9,007,199,254,740,993 0.3 33.3% Mar 1, 1900 Yes' in said
    assert "There is nothing for this period and these filters." in said
    assert said.index("Growth as a line") < said.index("Usage by student"), "drawings come first"


def test_a_long_table_is_cut_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MOST_ROWS", 120)
    pages = words(pdf_of(tmp_path, counting(1234)))
    assert len(pages) > 2
    assert all("N Words" in page for page in pages), "the heading of the table is on each page"
    assert "120 text 120 Only the first 120 of 1,234 rows are printed. The whole table is in this" in pages[-1]
    assert "Only the first" not in " ".join(words(pdf_of(tmp_path, counting(120))))


def test_a_drawing_needs_few_rows(tmp_path: Path) -> None:
    rows = [(f"School {number}", number, number) for number in range(41)]
    assert "Figure" not in [tag for tag, _ in tags(pdf_of(tmp_path, sheet_of(GRADES, rows, chart=GROWTH)))]


def test_a_page_lies_where_columns_need_it(tmp_path: Path) -> None:
    def size(sheet: Sheet) -> tuple[float, float]:
        box = PdfReader(io.BytesIO(pdf_of(tmp_path, sheet))).pages[0].mediabox
        return float(box.width), float(box.height)

    many = [Column(f"c{number}", f"Column with number {number}") for number in range(11)]
    assert size(drawn_sheet()) == (612, 792)
    assert size(sheet_of(many, [["Some words of some length"] * 11])) == (792, 612)


def test_columns_are_as_wide_as_their_numbers_and_words() -> None:
    found = widths(["Id", "Name of the school"], [("1,234,567", "x" * 80)], [True, False])
    assert found == [10, 31]
    assert (is_wide(found), font_size(found, lies=False)) == (False, 9.0)
    assert (is_wide([14] * 14), font_size([14] * 14, lies=True)) == (True, 6.4)


def test_the_same_report_is_the_same_file(tmp_path: Path) -> None:
    assert pdf_of(tmp_path, drawn_sheet()) == pdf_of(tmp_path, drawn_sheet())


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=4, max_size=4))
def test_any_words_are_typeset(tmp_path: Path, texts: list[str]) -> None:
    column, cell, title, district = (f"x{text}" for text in texts)
    sheet = sheet_of([Column("a", column)], [(cell,), (None,)], title=title)
    pdf = pdf_of(tmp_path, sheet, district=district, title=title, filters=((column, cell),), period=cell)
    assert complaints(pdf) == []


def test_every_letter_that_is_let_through_can_be_written(tmp_path: Path) -> None:
    letters = [chr(code) for first, last in READABLE for code in range(first, last + 1)]
    rows = [("x" + letter,) for letter in letters if letter.strip()]
    pdf_of(tmp_path, sheet_of([Column("a", "A")], rows[:250]), title="x" + "x".join(letters))


def test_a_broken_query_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError), transaction.atomic():
        write_pdf(tmp_path / "a.pdf", HEADING, [counting(10, "1 / (n - 3)")])
    assert list(tmp_path.iterdir()) == []
