"""A student who is on the roster twice: found, compared, merged, undone; by whom."""

import re

from django.test import Client

from rostering.models import School, Student, StudentIdentity, StudentMerge
from tenants.models import District
from tenants.schema import enter_district
from tests.web.test_people import key_of, text_of


def duplicate(district: District, original: str, copy: str) -> tuple[int, int]:
    """Give one student another's name and birth date."""
    keys = key_of(district, original), key_of(district, copy)
    with enter_district(district):
        who = StudentIdentity.objects.get(pk=keys[0])
        StudentIdentity.objects.filter(pk=keys[1]).update(
            given_name=who.given_name, family_name=who.family_name, birth_date=who.birth_date
        )
    return keys


def form_of(text: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(stays|moved|aside)" value="(\d+)">', text))


def test_the_other_record_is_offered_or_searched(rostered: District, admin: Client) -> None:
    one, copy = duplicate(rostered, "s1", "s2")
    address = f"/people/students/{one}/twice/"
    assert f"/people/students/{one}/merge/{copy}/" in text_of(admin, address)
    third = key_of(rostered, "s3")
    admin.post(address, {"term": "N00003"})
    assert f"/people/students/{one}/merge/{third}/" in text_of(admin, address)
    admin.post(address, {"term": "Given1"})
    assert f"/people/students/{one}/merge/{one}/" not in text_of(admin, address)


def test_compared_merged_and_undone(rostered: District, admin: Client) -> None:
    one, copy = duplicate(rostered, "s1", "s3")
    address = f"/people/students/{one}/merge/{copy}/"
    text = text_of(admin, f"{address}?stays={copy}")
    assert 'Student ID <span aria-hidden="true">≠' in text
    assert "N00001" in text
    assert "N00003" in text
    assert "to the second record" in text
    form = form_of(text)
    assert form["stays"] == str(copy)

    response = admin.post(address, form)
    page = response.headers["Location"]
    with enter_district(rostered):
        merge = StudentMerge.objects.get()
        assert (merge.student_id, merge.merged_id) == (copy, one)
        assert Student.objects.get(pk=one).status == "merged"
    done = text_of(admin, page)
    assert "Two records became one" in done
    assert "Booster Bits and Imagine Museum levels" in done
    assert f"/people/students/{copy}/" in text_of(admin, f"/people/students/{one}/")
    assert "See what was merged" in text_of(admin, f"/people/students/{copy}/")
    assert admin.get(address).status_code == 404

    admin.post(page)
    assert "The merge was undone" in text_of(admin, page)
    with enter_district(rostered):
        assert Student.objects.get(pk=one).status == "active"
        assert StudentIdentity.objects.get(pk=one).student_number == "N00001"


def test_counts_that_have_changed_are_shown_again(rostered: District, admin: Client) -> None:
    one, copy = duplicate(rostered, "s1", "s3")
    address = f"/people/students/{one}/merge/{copy}/"
    form = form_of(text_of(admin, address)) | {"moved": "12345"}
    response = admin.post(address, form)
    assert "The data has changed since the page was opened" in response.content.decode()
    with enter_district(rostered):
        assert not StudentMerge.objects.exists()


def test_school_admins_merge_two_of_their_own(rostered: District, school_admin: Client, admin: Client) -> None:
    one, copy = duplicate(rostered, "s1", "s3")
    other = key_of(rostered, "s2")
    assert school_admin.get(f"/people/students/{one}/merge/{other}/").status_code == 404
    assert school_admin.post(f"/people/students/{one}/merge/{other}/", {}).status_code == 404
    address = f"/people/students/{one}/merge/{copy}/"
    page = school_admin.post(address, form_of(text_of(school_admin, address))).headers["Location"]
    assert school_admin.get(page).status_code == 200
    with enter_district(rostered):
        Student.objects.filter(pk=one).update(school=School.objects.get(name="School 2"))
    assert school_admin.get(page).status_code == 404
    assert school_admin.post(page).status_code == 404
    assert admin.get(page).status_code == 200


def test_one_and_the_same_is_no_pair(rostered: District, admin: Client, educator: Client) -> None:
    one, copy = duplicate(rostered, "s1", "s3")
    assert admin.get(f"/people/students/{one}/merge/{one}/").status_code == 404
    assert educator.get(f"/people/students/{one}/merge/{copy}/").status_code == 403
