"""Who reads what: each report by each role, walked over the registry, so that a new report is covered by itself."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archiving.cells.suppression import determined_cells
from archiving.thresholds import PUBLISHED_CELL
from products.datamap import Key
from products.registry import suite_named
from reports.people.sight import Sight
from reports.yearend.compile import page_of, sheets, students_in_report
from reports.yearend.registry import REPORTS, report_named
from reports.yearend.scope import Grain, Scope
from reports.yearend.sheet import Sheet
from reports.yearend.words import Report, Totals
from rostering.models import StudentIdentity
from tenants.models import District
from tests.reports.yearend.checking import rows_of
from tests.reports.yearend.world import World

pytestmark = pytest.mark.xdist_group("yearend")
AS_OF = dt.date(2026, 6, 15)
YEARS = (2025, 2026)
each_report = pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.code)


def facts(report: Report, world: World) -> Iterator[dict[str, Any]]:
    """Every row that the suite keeps of a student, of whatever table."""
    for table in suite_named(report.suite).tables:
        if table.key is Key.STUDENT:
            for model in filter(None, (table.model, table.archive)):
                for row in world.rows(model):
                    school = row.get("school_id") or world.students[row["student_id"]].school_id
                    yield {"school_year": 2026, **row, "school_id": school}


def numbers_in(rows: list[tuple[Any, ...]], sheet: Sheet) -> set[str]:
    """The Student IDs of a table, which are in its second column."""
    place = [column.name for column in sheet.columns].index("student_number")
    return {str(row[place]) for row in rows}


def by_student(report: Report, scope: Scope) -> Iterator[tuple[Sheet, list[tuple[Any, ...]]]]:
    for sheet in sheets(report, scope, Grain.STUDENT):
        if any(column.name == "student_number" for column in sheet.columns):
            yield sheet, rows_of(sheet)
            page = page_of(report, report.part(sheet.code), scope, Grain.STUDENT, None, 10_000)
            yield sheet, page.rows


@each_report
def test_a_school_admin_has_what_was_recorded_at_the_own_school(report: Report, inside: District, world: World) -> None:
    known = {who.pk: who.student_number for who in StudentIdentity.objects.all()}
    seen = 0
    for school in world.schools:
        scope = Scope(Sight(school_id=school), YEARS, AS_OF)
        allowed = {known[row["student_id"]] for row in facts(report, world) if row["school_id"] == school}
        for sheet, rows in by_student(report, scope):
            assert numbers_in(rows, sheet) <= allowed
            seen += len(rows)
        elsewhere = dataclasses.replace(scope, school=next(key for key in world.schools if key != school))
        assert not any(rows_of(sheet) for sheet in sheets(report, elsewhere, Grain.STUDENT))
        assert students_in_report(report, elsewhere) == 0
        names = {column for sheet in sheets(report, scope, Grain.SCHOOL) for column in column_of(sheet, "school")}
        assert names <= {world.schools[school].name}
    assert seen


@each_report
def test_an_educator_has_the_own_classes_students(report: Report, inside: District, world: World) -> None:
    known = {who.pk: who.student_number for who in StudentIdentity.objects.all()}
    seen = 0
    for educator in sorted({each.educator_id for each in world.taught})[::4]:
        own = {each.section_id for each in world.taught if each.educator_id == educator}
        allowed = {known[each.student_id] for each in world.enrollments if each.section_id in own}
        scope = Scope(Sight(educator_id=educator), YEARS, AS_OF)
        for sheet, rows in by_student(report, scope):
            assert numbers_in(rows, sheet) <= allowed
            seen += len(rows)
        titles = {title for sheet in sheets(report, scope, Grain.SECTION) for title in column_of(sheet, "section")}
        assert titles <= {world.sections[key].title for key in own}
    assert seen


def column_of(sheet: Sheet, name: str) -> list[Any]:
    names = [column.name for column in sheet.columns]
    return [row[names.index(name)] for row in rows_of(sheet)] if name in names else []


@each_report
def test_outsiders_have_no_names_and_no_small_numbers(report: Report, inside: District, world: World) -> None:
    scope = Scope(Sight(), YEARS, AS_OF, for_outsiders=True)
    for grain in Grain:
        for sheet in sheets(report, scope, grain):
            names = [column.name for column in sheet.columns]
            assert not any(column.personal for column in sheet.columns)
            assert "student" not in names
            assert "fewer than 10 students" in sheet.note
            for row in rows_of(sheet):
                students = row[names.index("students")]
                assert students is None or students >= PUBLISHED_CELL
                if students is None:
                    assert not any(v for v, c in zip(row, sheet.columns, strict=True) if c.counts)
            page = page_of(report, report.part(sheet.code), scope, grain, None, 10_000)
            assert page.rows == rows_of(sheet)
            assert page.columns == sheet.columns


@each_report
def test_outsiders_numbers_are_the_staffs_or_blank(report: Report, inside: District) -> None:
    inner = Scope(Sight(), YEARS, AS_OF)
    for grain in (Grain.GRADE, Grain.SCHOOL, Grain.DISTRICT):
        theirs = {sheet.code: sheet for sheet in sheets(report, dataclasses.replace(inner, for_outsiders=True), grain)}
        for sheet in sheets(report, inner, grain):
            part = report.part(sheet.code)
            if sheet.code in theirs and not (isinstance(part, Totals) and part.most):
                rows, shown = rows_of(sheet), rows_of(theirs[sheet.code])
                assert len(rows) == len(shown)
                for own, seen in zip(rows, shown, strict=True):
                    assert all(b in (a, None) for a, b in zip(own, seen, strict=True))


@pytest.mark.parametrize("code", ["literacy-usage", "literacy-placement", "renaissance-star", "hero-tracking"])
def test_what_is_left_out_cannot_be_computed(code: str, inside: District) -> None:
    """By grade, by school and in all, of each year and product: no suppressed number follows from the others."""
    report, scope = report_named(code), Scope(Sight(), YEARS, AS_OF, for_outsiders=True)
    found = 0
    for part in sheets(report, scope, Grain.DISTRICT):
        if report.part(part.code).is_summary:
            continue
        cells: dict[tuple[str, ...], int | None] = {}
        for grain in (Grain.GRADE, Grain.SCHOOL, Grain.DISTRICT):
            sheet = next(each for each in sheets(report, scope, grain) if each.code == part.code)
            names = [column.name for column in sheet.columns]
            for row in rows_of(sheet):
                kept = [str(row[names.index(name)]) if name in names else "-" for name in KEYS]
                group = "" if grain is Grain.DISTRICT else f"{grain}/{row[0]}"
                cells[(*kept, group)] = row[names.index("students")]
        hidden = {cell for cell, number in cells.items() if number is None}
        lines = []
        for total in (cell for cell in cells if cell[-1] == ""):
            for grain in ("grade", "school"):
                parts = frozenset(c for c in cells if c[:-1] == total[:-1] and c[-1].startswith(grain))
                lines.append((total, parts))
        assert not determined_cells(lines, hidden)
        found += len(hidden)
    assert found


KEYS = ("school_year", "product", "value")


@pytest.mark.parametrize("narrow", [{"student": 1}, {"section": 1}, {"grade": "03"}, {"since": AS_OF}, {"school": 1}])
def test_outsiders_cannot_cut_the_tables(narrow: dict[str, Any], inside: District) -> None:
    scope = Scope(Sight(), YEARS, AS_OF, for_outsiders=True, **narrow)
    with pytest.raises(ValueError, match="for outsiders"):
        sheets(REPORTS[0], scope, Grain.SCHOOL)


def test_outsiders_have_no_list(inside: District) -> None:
    scope = Scope(Sight(), YEARS, AS_OF, for_outsiders=True)
    for report in REPORTS:
        for part in report.parts:
            if part.names_people:
                with pytest.raises(LookupError, match="not for these readers"):
                    page_of(report, part, scope, Grain.SCHOOL)


@each_report
def test_a_page_takes_the_same_queries_however_many_rows(report: Report, inside: District) -> None:
    scope = Scope(Sight(), YEARS, AS_OF)
    for grain in Grain:
        for part in report.parts:
            taken = []
            for limit in (1, 60):
                with CaptureQueriesContext(
                    connection,
                ) as queries:
                    first = page_of(report, part, scope, grain, None, limit)
                taken.append(len(queries))
                assert first.rows
            assert max(taken) <= 4
