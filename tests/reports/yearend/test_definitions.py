"""The definitions are sound: what they name exists, and what they say fits on an Excel sheet and in an address."""

import re

import pytest

from products.registry import suites
from reports.people.sight import Sight
from reports.yearend.compile import sheets
from reports.yearend.compile.relation import relation
from reports.yearend.registry import REPORTS, report_named
from reports.yearend.scope import Grain, Scope
from reports.yearend.words import Listing, Report, Totals
from tests.reports.yearend.test_numbers import ALL

each_report = pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)


def test_every_suite_has_reports_and_every_code_is_one_reports() -> None:
    assert {report.suite for report in REPORTS} == {suite.code for suite in suites()}
    codes = [report.code for report in REPORTS]
    assert len(codes) == len(set(codes))
    assert all(report_named(code).code == code for code in codes)
    with pytest.raises(LookupError, match="no report 'nonsense'"):
        report_named("nonsense")


@each_report
def test_a_report_is_sound(report: Report) -> None:
    codes = [part.code for part in report.parts]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z][a-z-]{1,30}", code) for code in (report.code, *codes))
    assert all(report.part(code).code == code for code in codes)
    with pytest.raises(LookupError, match="it has: "):
        report.part("nonsense")
    for part in report.parts:
        own = relation(report.suite, part.category)
        if isinstance(part, Listing):
            assert own.has_days, "a list stands in the order of days"
            assert {each.column for each in part.fields} <= set(own.columns)
        else:
            assert bool(part.chart) is part.is_summary
    main = report.parts[0]
    assert not main.is_summary, "a page begins with the first part"


@each_report
def test_columns_have_names_of_their_own_and_charts_draw_them(report: Report) -> None:
    for grain in Grain:
        for sheet in sheets(report, ALL, grain):
            names = [column.name for column in sheet.columns]
            assert len(names) == len(set(names))
            assert len({column.label for column in sheet.columns}) == len(names)
            if sheet.chart:
                assert {sheet.chart.label, *sheet.chart.series} <= set(names)
            part = report.part(sheet.code)
            if isinstance(part, Totals) and grain is not Grain.STUDENT and grain in part.grains:
                assert "students" in names


def test_what_the_data_map_calls_personal_is() -> None:
    """Free text and names of the data map are columns that leave the district's staff in no file."""
    listed = Scope(Sight(), (2026,), ALL.as_of)
    personal = {
        column.name
        for report in REPORTS
        for sheet in sheets(report, listed, Grain.SECTION)
        for column in sheet.columns
        if column.personal
    }
    assert {"student", "student_number", "note", "recorded_by", "section"} <= personal
    portfolio = sheets(report_named("literacy-portfolio"), listed, Grain.STUDENT)[0]
    assert next(column for column in portfolio.columns if column.name == "title").personal
