"""The checklist's pages, files and scopes, and what the board is told of it."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from accounts.models import Role
from resets.readiness.checking import KIND, check_readiness, plan_checks
from rostering.models import School, Student
from rostering.services import declare_rostering_complete, pause_syncs
from tenants.models import District, DistrictStatus, Job
from tenants.schema import enter_district
from tests.readiness.conftest import Load, next_year
from tests.rostering.bundles import add_student
from tests.support.people import logged_in, visiting

ITEM = "/readiness/grade-levels/"


@pytest.fixture
def august(turned: District, clock: Callable[[str], Any]) -> District:
    clock("2026-08-20T15:00:00+00:00")
    return turned


@pytest.fixture
def admin(august: District) -> Client:
    return logged_in(august, Role.DISTRICT_ADMIN)


@pytest.fixture
def school_admin(august: District) -> Client:
    school = School.objects.get(name="School 1")
    return logged_in(august, Role.SCHOOL_ADMIN, school_id=school.pk)


@pytest.fixture
def blank(load: Load) -> None:
    """A roster without grades at both schools, with a name that a spreadsheet would take for a formula."""
    bundle = next_year()
    for number in range(1, 7):
        bundle.of("users", f"s{number}")["grades"] = ""
    bundle.of("users", "s1")["familyName"] = "=1+1"
    load(bundle)


def test_the_page_says_how_each_item_stands(admin: Client, load: Load) -> None:
    assert "begins with the roster of" in admin.get("/readiness/").content.decode()
    load(next_year())
    page = admin.get("/readiness/").content.decode()
    assert "10 of 10 items are in order" not in page  # no product of the literacy suite is subscribed to
    assert "9 of 9 items are in order" in page
    assert "View the grade levels of the students" in page


def test_a_school_admin_sees_their_school_alone(admin: Client, school_admin: Client, blank: None) -> None:
    assert "6 students to look at" in admin.get(ITEM).content.decode()
    own = school_admin.get(ITEM).content.decode()
    assert "3 students to look at" in own
    assert "School 2" not in own
    other = School.objects.get(name="School 2").pk
    assert "3 students to look at" in school_admin.get(f"{ITEM}?school={other}").content.decode()
    assert "School 2" not in school_admin.get(f"/readiness/grade-levels.csv?school={other}").getvalue().decode()


def test_a_list_is_narrowed_to_a_school_and_leads_to_the_student(admin: Client, blank: None) -> None:
    school = School.objects.get(name="School 2")
    page = admin.get(f"{ITEM}?school={school.pk}")
    assert len(page.context["rows"]) == 3
    key = page.context["rows"][0].key
    assert f'href="/people/students/{key}/"' in page.content.decode()
    assert admin.get(f"{ITEM}?after=x&school=y").status_code == 200
    assert admin.get("/readiness/nothing/").status_code == 404


def test_the_file_opens_in_a_spreadsheet_safely(admin: Client, blank: None, august: District) -> None:
    text = admin.get("/readiness/grade-levels.csv").getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:4] == ["name", "ID", "school", "grade"]
    assert len(rows) == 7
    assert "'=1+1, Given1" in {row[0] for row in rows}


def test_a_visitor_and_an_educator_get_no_file(admin: Client, blank: None, august: District) -> None:
    visitor = visiting(august)
    assert "Download all as CSV" not in visitor.get(ITEM).content.decode()
    assert visitor.get("/readiness/grade-levels.csv").status_code == 403
    assert logged_in(august, Role.EDUCATOR).get(ITEM).status_code == 403


def test_more_students_ask_no_more(admin: Client, load: Load, august: District) -> None:
    counted: dict[str, list[int]] = {}
    for students in (2, 60):
        bundle = next_year()
        for number in range(20, 20 + students):
            add_student(bundle, number, f"sch{number % 2 + 1}", "")
        load(bundle)
        for address in ("/readiness/", ITEM):
            admin.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert admin.get(address).status_code == 200
            counted.setdefault(address, []).append(len(captured))
    assert Student.objects.count() > 60
    assert {address: small == large for address, (small, large) in counted.items()} == dict.fromkeys(counted, True), (
        counted
    )


def test_the_board_is_told_after_each_event(august: District, load: Load, clock: Callable[[str], dt.datetime]) -> None:
    with schema_context("public"):
        assert plan_checks() == 1  # the reset has been made
        assert plan_checks() == 0
    check_readiness(august)
    with schema_context("public"):
        assert DistrictStatus.objects.get(district=august).ready_items == 0
        assert plan_checks() == 0
    clock("2026-08-21T15:00:00+00:00")
    load(next_year())
    with schema_context("public"):
        assert plan_checks() == 1
    clock("2026-08-21T15:01:00+00:00")
    assert check_readiness(august) == (9, 9)
    clock("2026-08-22T15:00:00+00:00")
    pause_syncs("literacy", 2026, paused_on=dt.date(2026, 7, 28))
    declare_rostering_complete(actor="district_admin:1", at=clock("2026-08-22T15:00:00+00:00"))
    with schema_context("public"):
        assert plan_checks() == 1
        assert Job.objects.filter(kind=KIND).count() == 3


def test_another_districts_lists_are_its_own(
    admin: Client, blank: None, august: District, other_district: District
) -> None:
    with schema_context("public"):
        other = logged_in(other_district, Role.DISTRICT_ADMIN)
    page = other.get(ITEM).content.decode()
    assert "Given1" not in page
    with enter_district(august):
        assert "Given2" in admin.get(ITEM).content.decode()
