"""Educators: the list, removing the ones who left, who is refused and why, and bringing them back."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Role, User
from ledger.models import LedgerEntry
from rostering.errors import NobodyToRemoveError
from rostering.models import Educator, EducatorIdentity, EducatorRole, RemovedEducator, School, TeachingAssignment
from rostering.removal import LAST_ADMIN, judge_removal
from rostering.services import bring_back_educators, import_bundle, remove_educators
from tenants.models import District
from tenants.schema import enter_district
from tests.rostering.bundles import small_bundle
from tests.support.hashing import hash_schema
from tests.support.people import logged_in, make_person
from tests.web.conftest import TODAY
from tests.web.test_people import text_of

NOW = dt.datetime(2026, 6, 24, 16, tzinfo=dt.UTC)
LIST, REMOVE = "/people/educators/", "/people/educators/remove/"


def key_of(district: District, sourced_id: str) -> int:
    with enter_district(district):
        return EducatorIdentity.objects.get(sourced_id=sourced_id).educator_id


def names(client: Client, address: str = LIST) -> list[str]:
    found = re.findall(r'<th scope="row">(?:<label for="e\d+">)?([^<]+)', text_of(client, address))
    return [name.strip() for name in found]


def test_the_list_tells_role_and_last_sign_in(rostered: District, admin: Client) -> None:
    one, two = key_of(rostered, "t1"), key_of(rostered, "t2")
    make_person(rostered, Role.EDUCATOR, "t1@a.example", educator_id=one, last_login=NOW)
    text = text_of(admin, LIST)
    assert names(admin) == ["Family-t1, Given-t1", "Family-t2, Given-t2"]
    assert "Teacher at School 1" in text
    assert "Jun 24, 2026, 11:00 AM" in text
    assert "No account" in text
    assert names(admin, LIST + "?signed_in=yes") == ["Family-t1, Given-t1"]
    assert names(admin, LIST + "?signed_in=never") == []
    assert names(admin, LIST + "?signed_in=none") == ["Family-t2, Given-t2"]
    make_person(rostered, Role.EDUCATOR, "t2@a.example", educator_id=two)
    assert names(admin, LIST + "?signed_in=never") == ["Family-t2, Given-t2"]
    assert names(admin, LIST + "?role=principal") == []
    with enter_district(rostered):
        school = School.objects.get(name="School 2")
    assert names(admin, LIST + f"?school={school.pk}") == ["Family-t2, Given-t2"]
    admin.post(LIST, {"term": "iven-t2"})
    assert names(admin) == ["Family-t2, Given-t2"]


def test_a_principals_log_in_is_found_by_the_rosters_address(rostered: District, admin: Client) -> None:
    one = key_of(rostered, "t1")
    with enter_district(rostered):
        EducatorIdentity.objects.filter(pk=one).update(email="Pat@A.example")
    make_person(rostered, Role.SCHOOL_ADMIN, "pat@a.example", last_login=NOW)
    assert names(admin, LIST + "?signed_in=yes") == ["Family-t1, Given-t1"]


def test_removing_is_shown_first_then_done_then_undone(rostered: District, admin: Client) -> None:
    one = key_of(rostered, "t1")
    user = make_person(rostered, Role.EDUCATOR, "t1@a.example", educator_id=one)
    before = hash_schema(rostered.schema_name)

    text = re.sub(r"\s+", " ", admin.post(REMOVE, {"educator": [one]}).content.decode())
    assert "Remove 1 educator?" in text
    assert "1 teaching assignment ends" in text
    assert "1 log-in is closed" in text
    assert "All educator and administrator accounts are retained" in text
    assert "the next bundle puts them on the roster again" in text
    assert changed(before, rostered) == set()

    response = admin.post(REMOVE, {"educator": [one], "confirm": "1", "shown": "1"})
    with enter_district(rostered):
        assert Educator.objects.get(pk=one).status == "inactive"
        assert Educator.objects.get(pk=one).left_on == TODAY
        assert not TeachingAssignment.objects.filter(educator=one, is_active=True).exists()
        assert not User.objects.get(pk=user.pk).is_active
        assert User.objects.count() == 2
    assert names(admin) == ["Family-t2, Given-t2"]
    assert names(admin, LIST + "?status=inactive") == ["Family-t1, Given-t1"]

    page = response.headers["Location"]
    assert "1 educator was removed" in text_of(admin, page)
    admin.post(page, {"educator": [one]})
    assert changed(before, rostered) == {"rostering_educatorremoval", "rostering_removededucator"}
    assert "Everybody has been brought back" in text_of(admin, page)
    kinds = LedgerEntry.objects.filter(district_id=rostered.pk).values_list("kind", flat=True)
    assert {"educators_removed", "educators_brought_back"} <= set(kinds)


def changed(before: dict[str, str], district: District) -> set[str]:
    """The tables that differ, but for sessions."""
    after = hash_schema(district.schema_name)
    return {name for name in after if after[name] != before.get(name)} - {"django_session"}


def test_everybody_on_the_page_without_a_tick(rostered: District, admin: Client) -> None:
    keys = [key_of(rostered, "t1"), key_of(rostered, "t2")]
    text = admin.post(REMOVE, {"page": keys, "everybody": "1"}).content.decode()
    assert "Remove 2 educators?" in text
    assert admin.post(REMOVE, {"page": keys}).status_code == 302
    assert "Nobody was ticked" in text_of(admin, LIST)


def test_a_number_that_has_changed_is_shown_again(rostered: District, admin: Client) -> None:
    one = key_of(rostered, "t1")
    text = admin.post(REMOVE, {"educator": [one], "confirm": "1", "shown": "2"}).content.decode()
    assert "The number has changed" in text
    with enter_district(rostered):
        assert Educator.objects.get(pk=one).status == "active"


def test_a_session_ends_with_the_removal(rostered: District, admin: Client) -> None:
    one = key_of(rostered, "t1")
    client = logged_in(rostered, Role.EDUCATOR, educator_id=one)
    assert client.get("/").status_code == 200
    admin.post(REMOVE, {"educator": [one], "confirm": "1", "shown": "1"})
    assert client.get("/").headers["Location"].startswith("/login/")


def test_the_next_bundle_brings_them_back_without_the_log_in(
    rostered: District, admin: Client, tmp_path: Callable[..., object]
) -> None:
    one = key_of(rostered, "t1")
    user = make_person(rostered, Role.EDUCATOR, "t1@a.example", educator_id=one)
    page = admin.post(REMOVE, {"educator": [one], "confirm": "1", "shown": "1"}).headers["Location"]
    with enter_district(rostered):
        bundle = small_bundle(students=40).write(tmp_path, "again.zip")  # type: ignore[arg-type]
        import_bundle(bundle, source="command", actor="district_admin:1", as_of=TODAY)
        assert Educator.objects.get(pk=one).status == "active"
        assert TeachingAssignment.objects.filter(educator=one, is_active=True).count() == 1
        assert not User.objects.get(pk=user.pk).is_active
    assert "the log-in is closed" in text_of(admin, page)
    admin.post(page, {"educator": [one]})
    with enter_district(rostered):
        assert User.objects.get(pk=user.pk).is_active


def test_school_admins_remove_their_own_only(rostered: District, school_admin: Client, admin: Client) -> None:
    one, two = key_of(rostered, "t1"), key_of(rostered, "t2")
    assert names(school_admin) == ["Family-t1, Given-t1"]
    text = school_admin.post(REMOVE, {"educator": [one, two]}).content.decode()
    assert "Remove 1 educator?" in text
    assert "Does not work at your school." in text
    with enter_district(rostered):
        EducatorRole.objects.create(
            sourced_id="r9", educator_id=one, school=School.objects.get(name="School 2"), role="teacher"
        )
    text = school_admin.post(REMOVE, {"educator": [one], "confirm": "1", "shown": "1"}).content.decode()
    assert "Also works at a school that is not yours" in text
    page = admin.post(REMOVE, {"educator": [one], "confirm": "1", "shown": "1"}).headers["Location"]
    assert school_admin.get(page).status_code == 404


def test_nobody_removes_themselves_or_an_admin_above_them(rostered: District, admin: Client) -> None:
    one = key_of(rostered, "t1")
    with enter_district(rostered):
        mine = User.objects.get(role=Role.DISTRICT_ADMIN)
        EducatorIdentity.objects.filter(pk=one).update(email=mine.email)
        school = School.objects.get(name="School 1")
    assert "This is you." in admin.post(REMOVE, {"educator": [one]}).content.decode()
    other = logged_in(rostered, Role.SCHOOL_ADMIN, "sam@a.example", school_id=school.pk)
    assert "which only a district admin may close" in other.post(REMOVE, {"educator": [one]}).content.decode()
    with enter_district(rostered):
        judged = judge_removal([one], by=User(role=Role.DISTRICT_ADMIN), school_id=None)
        assert judged[0].refusal == LAST_ADMIN
        make_person(rostered, Role.DISTRICT_ADMIN, "second@a.example")
        assert judge_removal([one], by=User(role=Role.DISTRICT_ADMIN), school_id=None)[0].refusal == ""


def test_twice_is_once(rostered: District) -> None:
    one = key_of(rostered, "t1")
    user = make_person(rostered, Role.DISTRICT_ADMIN, "x@a.example")
    with enter_district(rostered):
        removal = remove_educators([one], by=user, school_id=None, as_of=TODAY, at=NOW)
        with pytest.raises(NobodyToRemoveError):
            remove_educators([one], by=user, school_id=None, as_of=TODAY, at=NOW)
        assert bring_back_educators(removal.pk, [one], by=user, at=NOW) == 1
        assert bring_back_educators(removal.pk, [one], by=user, at=NOW) == 0
        assert RemovedEducator.objects.get().back_by == user.actor
