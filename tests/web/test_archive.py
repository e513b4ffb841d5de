"""The page "Archive", and who reads the archive at all."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from archiving.years.models import ArchivedYear
from archiving.years.services import note_reset, note_restore
from products.partitions import ensure_archived
from resets.engine.counting import LineKey, Tally
from rostering.models import School
from tenants.models import District
from tenants.schema import enter_district
from tenants.templatetags.words import DASH
from tests.support.people import logged_in
from tests.web.conftest import fill
from tests.web.desk import book, csm
from tests.web.test_resets import make_run

__all__ = ["book", "csm"]
AT = dt.datetime(2026, 7, 28, 8, tzinfo=dt.UTC)


@pytest.fixture
def archived(district: District, june: dt.datetime, tmp_path: Path) -> tuple[int, int]:
    fill(district, tmp_path, students=4, schools=2)
    with enter_district(district):
        first, second = School.objects.order_by("pk").values_list("pk", flat=True)[:2]
        ensure_archived(district.schema_name, ["literacy_usage"], [2019])
    lines = {LineKey(3, "benchmarks", first): Tally(archived=1200), LineKey(7, "usage", second): Tally(archived=34)}
    run = make_run(district)
    note_reset(run, lines, AT)
    note_restore(run, [second], {LineKey(7, "usage", second): Tally(archived=4)}, AT)
    return first, second


def test_a_district_sees_every_year_with_its_counts(archived: tuple[int, int], district: District) -> None:
    shown = logged_in(district, Role.DISTRICT_ADMIN).get("/archive/").content.decode()
    assert "1,230 rows" in shown
    assert "Student Assessment Data: Benchmark: 1,200" in shown
    assert "Live again: " in shown
    assert f"2018{DASH}19" in shown
    assert "Archived before Yearturn" in shown


def test_a_school_admin_sees_the_own_schools_rows(archived: tuple[int, int], district: District) -> None:
    admin = logged_in(district, Role.SCHOOL_ADMIN, school_id=archived[0])
    shown = admin.get("/archive/").content.decode()
    assert "1,200 rows" in shown
    assert "1,230" not in shown
    assert "Live again" not in shown


def test_an_empty_archive_says_so(district: District, june: dt.datetime) -> None:
    shown = logged_in(district, Role.DISTRICT_ADMIN).get("/archive/").content.decode()
    assert "Nothing has been archived yet" in shown


def test_more_years_ask_no_more(archived: tuple[int, int], district: District) -> None:
    admin = logged_in(district, Role.DISTRICT_ADMIN)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert admin.get("/archive/").status_code == 200
        return len(asked)

    queries()
    few = queries()
    year = ArchivedYear.objects.get(district=district)
    for school_year in range(2010, 2018):
        year.pk, year.school_year = None, school_year
        year.save()
    assert queries() == few


def test_the_desk_lists_the_own_books_years(book: District, other_district: District, csm: Client, clock: Any) -> None:
    for place in (book, other_district):
        note_reset(make_run(place), {LineKey(3, "benchmarks", 1): Tally(archived=1234)}, AT)
    shown = csm.get("/admin/archive_years/archivedyear/").content.decode()
    assert shown.count("1,234") == 1
    key = ArchivedYear.objects.get(district=book).pk
    assert "benchmarks 1,234" in csm.get(f"/admin/archive_years/archivedyear/{key}/change/").content.decode()
    other = ArchivedYear.objects.get(district=other_district).pk
    assert csm.get(f"/admin/archive_years/archivedyear/{other}/change/").status_code == 302
