"""The pages of legal holds: a district admin places and lifts, the student's page says it, a visitor reads."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from holds.models import LegalHold
from rostering.models import School, Student, StudentIdentity
from rostering.services import import_bundle
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.rostering.bundles import small_bundle
from tests.support.people import logged_in, visiting
from tests.web.conftest import fill
from tests.web.desk import book, csm

__all__ = ["book", "csm"]

Make = Callable[..., Any]


@pytest.fixture
def student(district: District, june: dt.datetime, tmp_path: Path) -> int:
    fill(district, tmp_path, students=6, schools=2)
    with enter_district(district):
        return Student.objects.values_list("pk", flat=True)[0]


@pytest.fixture
def admin(district: District, student: int) -> Client:
    return logged_in(district, Role.DISTRICT_ADMIN)


def test_from_the_search_to_the_lifting(district: District, admin: Client, student: int) -> None:
    with enter_district(district):
        name = Student.objects.get(pk=student).identity.given_name
    assert admin.post("/holds/", {"term": name}).status_code == 302
    assert f"/holds/place/?scope=student&amp;student={student}" in admin.get("/holds/").content.decode()
    asked = {"scope": "student", "student": student}
    assert "Place a legal hold on" in admin.get("/holds/place/", asked).content.decode()
    refused = admin.post("/holds/place/", {**asked, "ground": "litigation", "reason": " "})
    assert refused.status_code == 400
    assert "Say why" in refused.content.decode()
    with enter_district(district):
        assert not LegalHold.objects.exists()
    assert admin.post("/holds/place/", {**asked, "ground": "litigation", "reason": "Roe v. us"}).status_code == 302
    listed = admin.get("/holds/").content.decode()
    assert "Roe v. us" in listed
    assert "On hold" in listed
    assert "On legal hold since" in admin.get(f"/people/students/{student}/").content.decode()
    with enter_district(district):
        hold = LegalHold.objects.get()
    assert "deleted and anonymized then" in admin.get(f"/holds/{hold.pk}/lift/").content.decode()
    assert admin.post(f"/holds/{hold.pk}/lift/", {"reason": "Settled."}).status_code == 302
    assert admin.get(f"/holds/{hold.pk}/lift/").status_code == 404
    assert Job.objects.filter(district=district, kind="postponed", key=f"hold {hold.pk}").exists()
    assert "On legal hold" not in admin.get(f"/people/students/{student}/").content.decode()


@pytest.mark.parametrize("scope", ["school", "district"])
def test_a_school_and_the_whole_district(district: District, admin: Client, scope: str) -> None:
    with enter_district(district):
        school = School.objects.values_list("pk", flat=True)[0]
    asked = {"scope": scope, "school": school, "ground": "records_request", "reason": "As asked for."}
    assert admin.post("/holds/place/", asked).status_code == 302
    with enter_district(district):
        hold = LegalHold.objects.get()
    assert (hold.scope, hold.school_id) == (scope, school if scope == "school" else None)


@pytest.mark.parametrize("query", ["", "?scope=student&student=99999", "?scope=school&school=x", "?scope=planet"])
def test_a_hold_on_nobody_is_not_offered(admin: Client, query: str) -> None:
    assert admin.get(f"/holds/place/{query}").status_code == 404


def test_a_visitor_reads_and_other_roles_do_not(district: District, admin: Client, student: int) -> None:
    told = {"scope": "student", "student": student, "ground": "other", "reason": "Because."}
    admin.post("/holds/place/", told)
    seen = visiting(district).get("/holds/").content.decode()
    assert "Because." in seen
    assert "/lift/" not in seen
    assert "Place a hold" not in seen
    assert logged_in(district, Role.SCHOOL_ADMIN, "other@a.example").get("/holds/").status_code == 403


def test_the_list_asks_the_same_however_many_there_are(district: District, admin: Client, student: int) -> None:
    def place() -> None:
        admin.post("/holds/place/", {"scope": "student", "student": student, "ground": "other", "reason": "Because."})

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admin.get("/holds/").status_code == 200
        return len(queries)

    place()
    one = asked()
    place()
    place()
    assert asked() == one
    assert one <= 12


def test_nothing_is_published_while_nobody_is_anonymized(admin: Client) -> None:
    assert "Nobody is anonymized yet" in admin.get("/anonymized/").content.decode()
    refused = admin.get("/anonymized.csv")
    assert refused.status_code == 409
    assert b"Nothing can be published yet." in refused.content


def test_the_desk_sees_numbers_of_the_own_book(book: District, csm: Client) -> None:
    page = reverse("admin:archive_numbers", args=[book.pk], urlconf="config.urls_public")
    with enter_district(book):
        school = School.objects.create(sourced_id="s", name="Oak School", is_active=True)
        for _ in range(3):
            Student.objects.create(
                school=school, grade="03", status="anonymized", school_year=2026, rostered_on="2026-01-01"
            )
    shown = csm.get(page).content.decode()
    assert "Oak School" in shown
    assert "under 10" in shown
    assert "3 students are alike" in shown
    assert csm.get(page.replace(f"/{book.pk}/", "/999999/")).status_code == 404


def test_the_desk_places_by_student_id_and_reads_numbers_only(book: District, csm: Client, tmp_path: Path) -> None:
    page = reverse("admin:resets_holds", args=[book.pk], urlconf="config.urls_public")
    told = {"scope": "student", "student": "N00001", "ground": "investigation", "reason": "A case about Ada"}
    with enter_district(book):
        bundle = small_bundle().write(tmp_path, "roster.zip")
        import_bundle(bundle, source="command", actor="tests", as_of=dt.date(2026, 6, 1))
        number = StudentIdentity.objects.values_list("student_number", flat=True)[0]
    assert "No student has this Student ID" in csm.post(page, {**told, "student": "?"}).content.decode()
    assert csm.post(page, {**told, "student": number}).status_code == 302
    shown = csm.get(page).content.decode()
    assert "Investigation" in shown
    assert "A case about Ada" not in shown
    with enter_district(book):
        hold = LegalHold.objects.get()
        assert hold.student is not None
        assert hold.student.identity.family_name not in shown
    assert "Say why" in csm.post(page, {"lift": hold.pk, "why": ""}).content.decode()
    assert csm.post(page, {"lift": hold.pk, "why": "Settled"}).status_code == 302
    with enter_district(book):
        assert LegalHold.objects.get().lifted_by.startswith("csm:")
