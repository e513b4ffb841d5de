"""How the administrator of the other site transfers requested data: the pages of Giving, by role and by what is due."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import Role
from products.models import Subscription
from resets.models import ResetSchedule
from rostering.models import Educator, ReturnWindow, School, Section, Student, StudentIdentity
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import logged_in, visiting
from tests.web.conftest import fill
from tests.web.test_queries import queries
from transfers.codes.models import TransferCode
from transfers.codes.services import Choice, find_code, generate_code, redeem_code
from transfers.codes.symbols import read_code
from transfers.imports.models import Offer, OfferedStudent

GIVE = "/people/transfers/give/"
CODE = re.compile(r'id="the_code"[^>]*>([0-9A-Z-]+)<')


@pytest.fixture
def giving(rostered: District) -> District:
    """The rostered district, with Star Math."""
    subscribe(rostered)
    return rostered


@pytest.fixture
def own(giving: District) -> int:
    """The first school's key."""
    with enter_district(giving):
        return int(School.objects.order_by("name").values_list("pk", flat=True)[0])


def subscribe(district: District) -> None:
    with schema_context("public"):
        Subscription.objects.create(district=district, product="star_math", starts_on=dt.date(2025, 8, 1))


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def search(client: Client, **said: Any) -> str:
    """Search as the form does, and follow to the results; the names are not in the address."""
    response = client.post(GIVE, said)
    assert response.status_code == 302
    address = response["Location"].partition("#")[0]
    assert "Family" not in address
    assert "Homeroom" not in address
    return text(client.get(address))


def generate(client: Client, **said: Any) -> Any:
    return client.post(f"{GIVE}code/", {"once": str(uuid.uuid4()), **said}, follow=True)


def test_a_whole_grade(giving: District, admin: Client, own: int) -> None:
    with enter_district(giving):
        grade = str(Student.objects.filter(school_id=own).values_list("grade", flat=True)[0])
        expected = Student.objects.filter(school_id=own, grade=grade, status="active").count()
    assert "Generate Transfer Code" not in text(admin.get(f"{GIVE}?kind=grade&school={own}"))
    page = text(admin.get(f"{GIVE}?kind=grade&school={own}&grade={grade}"))
    assert f"of School 1: {expected} students" in page
    assert "Generate Transfer Code" in page
    answer = generate(admin, kind="grade", school=own, grade=grade)
    found = CODE.search(answer.content.decode())
    assert found
    assert read_code(found[1])
    assert "The code is shown this once." in text(answer)
    assert answer.headers["Cache-Control"] == "private, no-store"
    listed = text(admin.get(GIVE))
    assert found[1] not in listed
    assert f"({expected} students)" in listed
    assert "Not used yet" in listed
    assert TransferCode.objects.get().students == expected


def test_a_form_that_is_sent_again_shows_no_second_code(giving: District, admin: Client, own: int) -> None:
    with enter_district(giving):
        student = Student.objects.filter(school_id=own).values_list("pk", flat=True)[0]
    said = {"kind": "student", "student": student, "once": str(uuid.uuid4())}
    assert CODE.search(generate(admin, **said).content.decode())
    again = generate(admin, **said)
    assert not CODE.search(again.content.decode())
    assert "A code was generated with this form already" in text(again)
    assert TransferCode.objects.count() == 1


@pytest.mark.parametrize("said", [{}, {"kind": "student"}, {"kind": "grade", "school": "x"}, {"once": "no"}])
def test_what_makes_no_sense_generates_nothing(giving: District, admin: Client, said: dict[str, str]) -> None:
    answer = generate(admin, **said)
    assert "Choose a grade or a student first. No code was generated." in text(answer)
    assert not TransferCode.objects.exists()


def test_individual_students_are_searched_in_five_ways(giving: District, admin: Client, own: int) -> None:
    with enter_district(giving):
        other = School.objects.exclude(pk=own).get()
        room = Section.objects.filter(school_id=own).order_by("pk")[0]
        teacher = Educator.objects.get(identity__sourced_id="t1")
        seen = StudentIdentity.objects.get(sourced_id="s1")
        Student.objects.filter(identity__sourced_id="s3").update(status="inactive")
        grade = Student.objects.get(pk=seen.pk).grade
    name = f"{seen.family_name}, {seen.given_name}"
    assert name in search(admin, by="all", term="given1")
    assert name in search(admin, by="school", of_school=own, term="family1")
    assert name not in search(admin, by="school", of_school=other.pk, term="family1")
    assert name in search(admin, by="grade", of_grade=grade, term="given1")
    assert name in search(admin, by="teacher", teacher="family-t1", of_teacher="", term="")
    assert name in search(admin, by="teacher", teacher="t1", of_teacher=teacher.pk, term="given1")
    assert name in search(admin, by="class", **{"class": room.title}, of_class=room.pk, term="")
    assert "Family3, Given3" not in search(admin, by="all", term="given3")  # left
    assert "No currently enrolled student fits" in search(admin, by="all", term="nobody-has-this")


def test_without_javascript_a_typed_teacher_is_a_plain_search(giving: District, admin: Client) -> None:
    several = search(admin, by="teacher", teacher="Family", term="")
    assert "Which teacher?" in several
    assert "Choose one of the teachers above" in several
    assert 'name="student"' not in several
    assert "No teacher fits “zzz”." in search(admin, by="teacher", teacher="zzz", term="")
    options = text(admin.post(f"{GIVE}find/", {"by": "class", "class": "homeroom"}))
    assert "Which class?" in options
    assert "Homeroom 1" in options


def test_results_go_by_key(giving: District, admin: Client) -> None:
    seen: list[str] = []
    address = f"{GIVE}?kind=student&by=all"
    for _ in range(5):
        page = admin.get(address).content.decode()
        seen += re.findall(r'name="student" value="(\d+)"', page)
        following = re.search(r'href="\?([^"]*after=\d+)"', page)
        if not following:
            break
        address = f"{GIVE}?{following[1].replace('&amp;', '&')}"
    with enter_district(giving):
        assert len(seen) == len(set(seen)) == Student.objects.filter(status="active").count() == 40


def test_a_school_admin_gives_from_the_own_school_only(giving: District, school_admin: Client, own: int) -> None:
    with enter_district(giving):
        stranger = Student.objects.exclude(school_id=own).select_related("identity")[0]
        grade, other = stranger.grade, stranger.school_id
        made = generate_code(
            giving,
            Choice.one_student(stranger.pk),
            actor="district_admin:1",
            at=dt.datetime(2026, 6, 24, tzinfo=dt.UTC),
        )
    page = text(school_admin.get(f"{GIVE}?kind=grade&school={other}"))
    assert "School 2" not in page
    assert stranger.identity.family_name + "," not in search(school_admin, by="all", term=stranger.identity.given_name)
    for said in ({"kind": "student", "student": stranger.pk}, {"kind": "grade", "school": other, "grade": grade}):
        assert "No code was generated" in text(generate(school_admin, **said))
    assert TransferCode.objects.count() == 1
    assert "Not used yet" not in text(school_admin.get(GIVE))
    assert school_admin.get(f"/people/transfers/codes/{made.code.pk}/revoke/").status_code == 404
    assert school_admin.post(f"/people/transfers/codes/{made.code.pk}/revoke/").status_code == 404


def test_revoking_asks_first(giving: District, admin: Client, own: int, other_district: District) -> None:
    with enter_district(giving):
        student = Student.objects.filter(school_id=own).values_list("pk", flat=True)[0]
    generate(admin, kind="student", student=student)
    code = TransferCode.objects.get()
    address = f"/people/transfers/codes/{code.pk}/revoke/"
    assert "Revoke this code?" in text(admin.get(address))
    code.refresh_from_db()
    assert code.revoked_at is None
    assert "The code was revoked" in text(admin.post(address, follow=True))
    assert "Revoked" in text(admin.get(GIVE))
    assert admin.get(address).status_code == 302
    neighbour = logged_in(other_district, Role.DISTRICT_ADMIN)
    assert neighbour.get(address).status_code == 404
    assert neighbour.post(address).status_code == 404


def test_the_list_says_who_used_a_code_and_when(
    giving: District, admin: Client, own: int, other_district: District, june: dt.datetime
) -> None:
    subscribe(other_district)
    with enter_district(giving):
        student = Student.objects.filter(school_id=own).values_list("pk", flat=True)[0]
        made = generate_code(giving, Choice.one_student(student), actor="district_admin:1", at=june)
    with enter_district(other_district):
        school = School.objects.create(sourced_id="x", name="Elsewhere")
        code = find_code(other_district, made.text, actor="district_admin:1", at=june)
        redeem_code(other_district, code, school=school, actor="district_admin:1", at=june)
    page = text(admin.get(GIVE))
    assert "by Cedar Unified, Jun 24, 2026, 10:00 AM" in page
    assert "Family1, Given1" in page
    assert "/revoke/" not in page
    with enter_district(giving):
        StudentIdentity.objects.filter(pk=student).delete()
        OfferedStudent.objects.filter(student_id=student).delete()
    assert "A student without a name now" in text(admin.get(GIVE))


def test_what_is_due_before_a_code_expires_is_said(giving: District, admin: Client, own: int) -> None:
    with schema_context("public"):
        ResetSchedule.objects.filter(district=giving).update(on=dt.date(2026, 7, 20))
    with enter_district(giving):
        ReturnWindow.objects.create(
            suite="hero", school_year=2025, reset_on=dt.date(2026, 4, 1), until=dt.date(2026, 7, 1)
        )
        student = Student.objects.filter(school_id=own).values_list("pk", flat=True)[0]
    shown = text(generate(admin, kind="student", student=student))
    for page in (shown, text(admin.get(GIVE))):
        assert "On July 20, 2026 the Imagine Learning Literacy suite data of Maple Unified is reset" in page
        assert "On July 2, 2026 Maple Unified anonymizes students of Hero who left" in page
    assert "Before it expires: anonymization on July 2, 2026" in text(admin.get(GIVE))


def test_without_renaissance_it_is_explained(rostered: District, admin: Client) -> None:
    for address in (GIVE, "/people/transfers/"):
        page = text(admin.get(address))
        assert "does not subscribe to a Renaissance product" in page
        assert "Generate Transfer Code" not in page
        assert 'name="code"' not in page
        assert "Individual Student" not in page


def test_what_moves_and_what_does_not_is_said(giving: District, admin: Client) -> None:
    page = text(admin.get(f"{GIVE}?kind=grade"))
    assert "Star Reading, Star Math, and Star Early Literacy assessments (English and Spanish)" in page
    assert "Star scores will include benchmark categories." in page
    assert "Data of other products: Hero, Imagine Learning Literacy suite, Imagine Math suite." in page
    assert "the student information and enrollments should still come from that source system" in page.replace(
        "&#x27;", "'"
    )


def test_a_visitor_sees_the_codes_and_no_form(giving: District, admin: Client, own: int) -> None:
    with enter_district(giving):
        student = Student.objects.filter(school_id=own).values_list("pk", flat=True)[0]
    generate(admin, kind="student", student=student)
    page = text(visiting(giving).get(f"{GIVE}?kind=student&by=all"))
    assert "Not used yet" in page
    assert 'name="student"' not in page
    assert "/revoke/" not in page


def test_no_page_asks_more_of_a_large_district(
    district: District, other_district: District, june: dt.datetime, tmp_path: Any
) -> None:
    counted: dict[str, list[int]] = {}
    for place, students, codes in ((district, 8, 2), (other_district, 80, 12)):
        fill(place, tmp_path, students=students)
        subscribe(place)
        with enter_district(place):
            keys = list(Student.objects.values_list("pk", flat=True)[:codes])
            for key in keys:
                generate_code(place, Choice.one_student(key), actor="district_admin:1", at=june)
            school = School.objects.order_by("pk")[0].pk
            assert Offer.objects.count() == codes
        client = logged_in(place, Role.DISTRICT_ADMIN)
        for name, query in (("all", "kind=student&by=all"), ("grade", f"kind=grade&school={school}"), ("list", "")):
            counted.setdefault(name, []).append(queries(client, f"{GIVE}?{query}"))
    assert {name: small == large for name, (small, large) in counted.items()} == dict.fromkeys(counted, True), counted
    assert max(large for _, large in counted.values()) <= 30, counted
