"""Entering a code: the previous district and school, Go Back, the school, Continue; and every refusal's words."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import Role
from rostering.models import ReturnWindow, School, StudentIdentity
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.support.people import logged_in, visiting
from tests.transfers.engine.world import make_school, make_student
from tests.web.test_queries import queries
from tests.web.test_transfer_giving import subscribe, text
from transfers.codes.models import TransferCode
from transfers.codes.services import Choice, NewCode, generate_code, revoke_code
from transfers.codes.symbols import new_code
from transfers.imports.models import Import

TAB = "/people/transfers/"
CODE = f"{TAB}code/"
CONTINUE = f"{CODE}continue/"


@pytest.fixture
def here(district: District, june: dt.datetime) -> District:
    """The site that receives: two schools."""
    cache.clear()
    subscribe(district)
    make_school(district, "Adams")
    make_school(district, "Brook")
    return district


@pytest.fixture
def made(other_district: District, june: dt.datetime) -> NewCode:
    """A code of another site for grade 3: three students."""
    subscribe(other_district)
    school = make_school(other_district)
    for given in ("Ana", "Ben", "Cleo"):
        make_student(other_district, school, given, "Sentinelson")
    with enter_district(other_district):
        return generate_code(other_district, Choice.whole_grade(school, "03"), actor="district_admin:9", at=june)


@pytest.fixture
def admin(here: District) -> Client:
    return logged_in(here, Role.DISTRICT_ADMIN)


def enter(client: Client, code: str) -> Any:
    return client.post(CODE, {"code": code}, follow=True)


def school(district: District, name: str) -> int:
    with enter_district(district):
        return School.objects.get(name=name).pk


def test_from_the_code_to_pending_imports(here: District, admin: Client, made: NewCode) -> None:
    answer = admin.post(CODE, {"code": made.text.lower().replace("-", " ")})
    assert (answer.status_code, answer["Location"]) == (302, CODE)
    with enter_district(here):
        assert made.text not in str([list(admin.session.items())])
    page = text(admin.get(CODE))
    for words in ("Cedar Unified", "Lincoln", "Grade 3: 3 students", "Enroll students in", "Go Back", "Continue"):
        assert words in page
    assert "Sentinelson" not in page
    made.code.refresh_from_db()
    assert made.code.redeemed_at is None
    listed = text(admin.post(CONTINUE, {"school": school(here, "Brook")}, follow=True))
    assert "The data is being analyzed in preparation for the import preview." in listed
    assert "When you import, new students are enrolled in Brook." in listed
    with enter_district(here):
        transfer = Import.objects.get()
    assert (transfer.school_id, transfer.source_school) == (school(here, "Brook"), "Lincoln")
    assert listed.index("Pending Imports") < listed.index("Brook", listed.index("Pending Imports"))
    payloads = str(list(Job.objects.values_list("payload", flat=True)))
    assert "Sentinelson" not in payloads
    assert admin.get(CODE).status_code == 302  # it is forgotten
    assert "A code cannot be used to transfer student data more than once." in text(enter(admin, made.text))


def test_go_back_uses_nothing(here: District, admin: Client, made: NewCode) -> None:
    enter(admin, made.text)
    assert admin.post(CONTINUE, {"back": "1", "school": school(here, "Adams")})["Location"] == TAB
    assert admin.post(CONTINUE, {"school": school(here, "Adams")})["Location"] == TAB
    made.code.refresh_from_db()
    assert made.code.redeemed_at is None


@pytest.mark.parametrize("said", ["", "x", "999999"])
def test_a_school_is_chosen(here: District, admin: Client, made: NewCode, said: str) -> None:
    enter(admin, made.text)
    answer = admin.post(CONTINUE, {"school": said})
    assert answer.status_code == 400
    assert "Choose the school that you would like to enroll the students into." in text(answer)
    made.code.refresh_from_db()
    assert made.code.redeemed_at is None


def test_a_school_admin_enrolls_in_the_own_school(here: District, made: NewCode) -> None:
    client = logged_in(here, Role.SCHOOL_ADMIN, school_id=school(here, "Adams"))
    page = text(enter(client, made.text))
    assert "Adams" in page
    assert "Brook" not in page
    assert client.post(CONTINUE, {"school": school(here, "Brook")}).status_code == 400
    assert "new students are enrolled in Adams." in text(
        client.post(CONTINUE, {"school": school(here, "Adams")}, follow=True)
    )


def test_mistyped_is_told_from_unknown(here: District, admin: Client, made: NewCode) -> None:
    symbols = made.text.replace("-", "")
    wrong = symbols[:9] + ("7" if symbols[9] != "7" else "8") + symbols[10:]
    mistyped = text(enter(admin, wrong))
    assert "One or more symbols of the code are mistyped" in mistyped
    assert "the third group first" in mistyped
    assert f'value="{wrong}"' in mistyped  # to be mended, not typed again
    unknown = text(enter(admin, new_code()))
    assert "No site knows this transfer code, though it is not mistyped." in unknown
    assert "Enter the transfer code that the administrator" in text(enter(admin, " "))


def test_each_refusal_in_the_sources_words(
    here: District, other_district: District, admin: Client, made: NewCode, clock: Any
) -> None:
    own = logged_in(other_district, Role.DISTRICT_ADMIN)
    said = text(enter(own, made.text)).replace("&#x27;", "'")
    assert "You cannot use a code on the same site where the code was generated" in said
    assert "the data is already on the site and doesn't need to be transferred." in said
    clock("2026-07-24T15:00:00+00:00")  # 30 days later, to the second
    assert "Codes must be used within 30 days." in text(enter(admin, made.text))
    clock("2026-07-24T14:59:59+00:00")
    assert "Is this the correct data?" in text(enter(admin, made.text))
    with enter_district(other_district):
        revoke_code(other_district, made.code.pk, actor="district_admin:9", at=made.code.made_at)
    assert "This code was revoked" in text(admin.post(CONTINUE, {"school": school(here, "Adams")}))
    assert "This code was revoked" in text(enter(admin, made.text))


def test_nobody_left(here: District, other_district: District, admin: Client, made: NewCode) -> None:
    with enter_district(other_district):
        StudentIdentity.objects.filter(given_name="Ana").delete()
    page = text(enter(admin, made.text))
    assert "2 students" in page
    assert "1 other was anonymized on the previous site" in page
    with enter_district(other_district):
        StudentIdentity.objects.all().delete()
    assert "None of the students of this code is on the previous site" in text(admin.get(CODE))


def test_what_is_due_there_is_said_here(here: District, other_district: District, admin: Client, made: NewCode) -> None:
    with enter_district(other_district):
        ReturnWindow.objects.create(
            suite="hero", school_year=2025, reset_on=dt.date(2026, 4, 1), until=dt.date(2026, 6, 30)
        )
    assert "On July 1, 2026 Cedar Unified anonymizes students of Hero who left" in text(enter(admin, made.text))


def test_guesses_are_limited(here: District, admin: Client, made: NewCode) -> None:
    for _ in range(10):
        enter(admin, new_code())
    assert "Wait 15 minutes" in text(enter(admin, made.text))


def test_the_tab_for_a_visitor_has_no_form(here: District) -> None:
    page = text(visiting(here).get(TAB))
    assert 'name="code"' not in page
    assert "Pending Imports" in page


def test_three_steps_say_how_to_request(here: District, admin: Client) -> None:
    page = text(admin.get(TAB))
    assert page.index("Enter Transfer Code") < page.index("How do I request data from another site?")
    assert "View and copy email template" in page


def test_the_pages_ask_as_much_with_one_import_as_with_many(
    here: District, other_district: District, admin: Client, made: NewCode
) -> None:
    enter(admin, made.text)
    few = [queries(admin, CODE), queries(admin, TAB)]
    with schema_context("public"):
        assert TransferCode.objects.count() == 1
    old = made.offer.school_id
    for number in range(12):
        make_school(here, f"More {number}")
        make_student(other_district, old, f"More{number}", "Hill")
        with enter_district(other_district):
            generate_code(other_district, Choice.whole_grade(old, "03"), actor="district_admin:9", at=made.code.made_at)
    assert [queries(admin, CODE), queries(admin, TAB)] == few
    assert max(few) <= 30
