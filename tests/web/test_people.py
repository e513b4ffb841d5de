"""The people pages: who sees whom, what is shown, what is searched and filtered."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import Role
from products.hero.models import PointsBalance
from products.literacy.models import Benchmark, StudentAccount
from products.models import Subscription
from rostering.models import School, Section, Student, StudentGuardian, StudentIdentity
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import logged_in
from tests.web.conftest import TODAY


def key_of(district: District, sourced_id: str) -> int:
    with enter_district(district):
        return StudentIdentity.objects.get(sourced_id=sourced_id).student_id


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return re.sub(r"\s+", " ", response.content.decode())


def names(client: Client, address: str) -> list[str]:
    """The students of a list, in its order."""
    return re.findall(r'<th scope="row"><a href="/people/students/\d+/">([^<]+)', text_of(client, address))


def test_the_list_has_pages_of_25_by_name(admin: Client) -> None:
    first = names(admin, "/people/students/")
    assert len(first) == 25
    assert first == sorted(first)
    following = re.search(r'href="(\?after=\d+)"', text_of(admin, "/people/students/"))
    assert following
    second = names(admin, f"/people/students/{following[1]}")
    assert len(second) == 15
    assert not set(first) & set(second)
    assert "40 students on the roster" in text_of(admin, "/people/students/")


def test_a_name_is_searched_by_post_and_stands_in_no_address(admin: Client) -> None:
    response = admin.post("/people/students/?grade=05&after=3", {"term": "  given7 "})
    assert response.headers["Location"] == "/people/students/?grade=05"
    assert names(admin, "/people/students/") == ["Family7, Given7"]
    assert "found for “given7”" in text_of(admin, "/people/students/")
    assert "given7" not in " ".join(re.findall(r'href="([^"]*)"', text_of(admin, "/people/students/")))
    admin.post("/people/students/", {"clear": "1", "term": "given7"})
    assert len(names(admin, "/people/students/")) == 25


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("family12, given12", ["Family12, Given12"]),
        ("N00012", ["Family12, Given12"]),
        ("amily12", ["Family12, Given12"]),
        ("100%", []),
        ("iven_2", []),
        ("nobody at all", []),
    ],
)
def test_what_a_search_finds(term: str, found: list[str], admin: Client) -> None:
    admin.post("/people/students/", {"term": term})
    assert names(admin, "/people/students/") == found


def test_filters(rostered: District, admin: Client) -> None:
    with enter_district(rostered):
        school = School.objects.get(name="School 2")
        section = Section.objects.get(sourced_id="class-sch1")
        StudentAccount.objects.get_or_create(
            student_id=StudentIdentity.objects.get(sourced_id="s1").pk,
            product="espanol",
            defaults={"created_on": TODAY},
        )
        Student.objects.filter(identity__sourced_id="s5").update(grade="06")
        Student.objects.filter(identity__sourced_id="s6").update(status="inactive", left_on=TODAY)
        StudentIdentity.objects.filter(sourced_id="s8").delete()
        Student.objects.filter(identity=None).update(status="anonymized", birth_year=2014)
    assert len(names(admin, f"/people/students/?school={school.pk}")) == 18
    assert names(admin, "/people/students/?grade=06") == ["Family5, Given5"]
    assert len(names(admin, f"/people/students/?section={section.pk}")) == 20
    assert names(admin, "/people/students/?product=espanol") == ["Family1, Given1"]
    assert names(admin, "/people/students/?status=inactive") == ["Family6, Given6"]
    assert names(admin, "/people/students/?status=anonymized") == ["Student without a name"]
    assert names(admin, "/people/students/?product=nonsense&grade=99&school=x&after=-1&status=dead") == names(
        admin, "/people/students/"
    )
    assert "Homeroom 2" in text_of(admin, f"/people/students/?school={school.pk}")


def test_hero_has_no_accounts_so_its_data_tell(rostered: District, admin: Client) -> None:
    with schema_context("public"):
        Subscription.objects.create(district=rostered, product="hero", starts_on=TODAY)
    assert names(admin, "/people/students/?product=hero") == []

    with enter_district(rostered):
        one = Student.objects.get(identity__sourced_id="s9")
        PointsBalance.objects.create(student=one, school=one.school, balance=3)
    assert names(admin, "/people/students/?product=hero") == ["Family9, Given9"]


def test_a_student_with_each_products_data_and_what_will_happen(rostered: District, admin: Client) -> None:
    key = key_of(rostered, "s1")
    with enter_district(rostered):
        one = Student.objects.get(pk=key)
        for number in range(5):
            Benchmark.objects.create(
                id=f"00000000-0000-0000-0000-00000000000{number}", school_year=2026, school=one.school, student=one,
                product="language_literacy", occurred_on=dt.date(2026, 3, 1 + number), window="MOY", score=500 + number,
                level="on level",
            )  # fmt: skip
    text = text_of(admin, f"/people/students/{key}/")
    assert 'Student ID</dt><dd class="mono">N00001' in text
    assert "What will happen to it on Tuesday, July 28, 2026" in text
    assert (
        "Student Assessment Data: Benchmark will be reset on July 28, 2026: archived (“Benchmark data is archived”)"
        in text
    )
    assert "of this student 5 rows are live" in text
    newest = re.findall(r"<li>(Mar \d, 2026 · [^<]*)</li>", text)
    assert newest == [
        f"Mar {day}, 2026 · Imagine Language &amp; Literacy · window: Middle of year,"
        f" score: {499 + day}, level: on level"
        for day in (5, 4, 3)
    ]
    assert "Booster Bits" in text
    assert "booster bits: 5, museum level: 1" in text
    assert "Homeroom 1" in text


def test_guardians_are_shown_to_admins(rostered: District, admin: Client, educator: Client) -> None:
    from rostering.models import Guardian, GuardianIdentity

    key = key_of(rostered, "s1")
    with enter_district(rostered):
        guardian = Guardian.objects.create()
        GuardianIdentity.objects.create(
            guardian=guardian, sourced_id="g1", given_name="Gail", family_name="Family1", phone="555-0101"
        )
        StudentGuardian.objects.create(student_id=key, guardian=guardian, relation="parent")
    assert 'Gail Family1</strong> <span class="muted">(parent)' in text_of(admin, f"/people/students/{key}/")
    assert "Gail" not in text_of(educator, f"/people/students/{key}/")


def test_an_anonymized_student_shows_what_is_left_and_why(rostered: District, admin: Client) -> None:
    key = key_of(rostered, "s1")
    with enter_district(rostered):
        StudentIdentity.objects.filter(pk=key).delete()
        Student.objects.filter(pk=key).update(status="anonymized", birth_year=2014)
    text = text_of(admin, f"/people/students/{key}/")
    assert "“Student data is anonymized 90 days after the reset”" in text
    assert "the year of birth (2014)" in text
    assert "the student has been anonymized" in text
    assert "Given1" not in text
    assert admin.get(f"/people/students/{key}/twice/").status_code == 404


def test_school_admins_see_their_school(rostered: District, school_admin: Client) -> None:
    mine, others = key_of(rostered, "s1"), key_of(rostered, "s2")
    assert len(names(school_admin, "/people/students/")) == 20
    with enter_district(rostered):
        other_school, other_section = School.objects.get(name="School 2"), Section.objects.get(sourced_id="class-sch2")
    assert names(school_admin, f"/people/students/?school={other_school.pk}") == []
    assert "School 2" not in text_of(school_admin, "/people/students/")
    assert school_admin.get(f"/people/students/{mine}/").status_code == 200
    for address in (
        f"/people/students/{others}/", f"/people/students/{others}/twice/", f"/people/sections/{other_section.pk}/",
        f"/people/students/{mine}/merge/{others}/",
    ):  # fmt: skip
        assert school_admin.get(address).status_code == 404, address


def test_educators_see_the_students_of_their_sections(rostered: District, educator: Client) -> None:
    mine, others = key_of(rostered, "s1"), key_of(rostered, "s2")
    assert educator.get("/people/").headers["Location"] == "/people/students/"
    assert len(names(educator, "/people/students/")) == 20
    text = text_of(educator, "/")
    section = re.search(r"/people/sections/(\d+)/", text)
    assert section
    assert len(names(educator, section[0])) == 20
    assert "Taught by Given-t1 Family-t1" in text_of(educator, section[0])
    assert "Birth date" not in text_of(educator, f"/people/students/{mine}/")
    with enter_district(rostered):
        other_section = Section.objects.get(sourced_id="class-sch2")
        Student.objects.filter(pk=key_of(rostered, "s3")).update(status="inactive")
    gone = key_of(rostered, "s3")
    for address in (
        f"/people/students/{others}/", f"/people/sections/{other_section.pk}/", f"/people/students/{gone}/",
    ):  # fmt: skip
        assert educator.get(address).status_code == 404, address
    for address in ("/people/educators/", f"/people/students/{mine}/twice/"):
        assert educator.get(address).status_code == 403, address


def test_an_account_without_an_educator_sees_nobody(rostered: District) -> None:
    client = logged_in(rostered, Role.EDUCATOR, educator_id=None)
    assert "not connected with an educator" in text_of(client, "/people/students/")


def test_another_districts_keys_are_nobodys(rostered: District, other_district: District, tmp_path: Path) -> None:
    neighbour = logged_in(other_district, Role.DISTRICT_ADMIN)
    key = key_of(rostered, "s1")
    assert neighbour.get(f"/people/students/{key}/").status_code == 404
    assert neighbour.get(f"/people/students/{10**30}/").status_code == 404


def test_nothing_personal_is_in_any_link(rostered: District, admin: Client) -> None:
    key = key_of(rostered, "s1")
    admin.post("/people/students/", {"term": "Given1"})
    for address in (
        "/people/students/",
        f"/people/students/{key}/",
        "/people/educators/",
        f"/people/students/{key}/twice/",
    ):
        links = re.findall(r'(?:href|action)="([^"]*)"', text_of(admin, address))
        assert not [link for link in links if re.search(r"given|family|N000", link, re.IGNORECASE)], address


def test_who_is_unknown_is_not_found(admin: Client) -> None:
    for address in ("/people/students/0/", "/people/sections/0/"):
        assert admin.get(address).status_code == 404
