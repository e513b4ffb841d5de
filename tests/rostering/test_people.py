"""Who is who: matching by sourcedId and Student ID, returning and new students, reused identifiers, the brake."""

import datetime as dt
from typing import Any

import pytest

from rostering.errors import NothingHeldError
from rostering.models import (
    Enrollment,
    HeldRemoval,
    ReturnWindow,
    Student,
    StudentIdentity,
    Sync,
    SyncError,
    SyncState,
)
from rostering.services import release_removals
from tests.rostering.bundles import BundleBuilder, add_student, small_bundle
from tests.rostering.conftest import Import

NEW_YEAR = dt.date(2026, 8, 20)


def _id(sourced_id: str) -> int:
    return StudentIdentity.objects.get(sourced_id=sourced_id).student_id


def _next_year(students: int = 4, renamed: str = "") -> BundleBuilder:
    bundle = small_bundle(students=0, school_year=2027)
    for number in range(1, students + 1):
        school = f"sch{(number - 1) % 2 + 1}"
        add_student(bundle, number, school, grade="06", sourcedId=f"{renamed}s{number}")
    return bundle


def test_a_new_sourced_id_with_a_known_student_id_is_the_same_student(load: Import) -> None:
    load(small_bundle())
    before = _id("s1")
    bundle = small_bundle(students=0)
    for number in range(1, 5):
        add_student(bundle, number, "sch1", sourcedId=f"{'other-' if number == 1 else ''}s{number}")
    load(bundle)
    assert _id("other-s1") == before
    assert Student.objects.count() == 4
    assert Enrollment.objects.filter(is_active=True).count() == 4


def test_an_entry_of_user_ids_counts_as_student_id(load: Import) -> None:
    load(small_bundle())
    bundle = small_bundle()
    bundle.drop_person("s1")
    add_student(bundle, 1, "sch1", sourcedId="z1", identifier="", userIds="{Fed:9},{studentId:N00001}")
    load(bundle)
    assert StudentIdentity.objects.get(sourced_id="z1").student_number == "N00001"
    assert Student.objects.count() == 4


def test_a_student_id_of_two_students_matches_nobody(load: Import) -> None:
    bundle = small_bundle(students=40)
    add_student(bundle, 41, "sch1", identifier="N00001")
    load(bundle)
    bundle.drop_person("s1")
    bundle.drop_person("s41")
    add_student(bundle, 42, "sch1", identifier="N00001")
    sync = load(bundle)
    assert "match.student_id_not_unique" in {w["code"] for w in sync.warnings}
    assert Student.objects.count() == 42


def test_students_who_come_back_in_time_are_the_same(load: Import) -> None:
    load(small_bundle())
    ReturnWindow.objects.create(suite="literacy", school_year=2026, reset_on=dt.date(2026, 7, 28), until=NEW_YEAR)
    before = _id("s1")
    load(_next_year(renamed="n-"), as_of=NEW_YEAR)
    student = Student.objects.get(pk=before)
    assert StudentIdentity.objects.get(student=student).sourced_id == "n-s1"
    assert (student.school_year, student.rostered_on, student.grade) == (2027, NEW_YEAR, "06")
    assert Student.objects.count() == 4


@pytest.mark.parametrize("renamed", ["", "n-"])
def test_students_who_come_back_too_late_are_new(load: Import, renamed: str) -> None:
    load(small_bundle())
    ReturnWindow.objects.create(
        suite="literacy", school_year=2026, reset_on=dt.date(2026, 5, 1), until=NEW_YEAR - dt.timedelta(days=1)
    )
    old = set(Student.objects.values_list("pk", flat=True))
    late = _next_year(renamed=renamed)
    assert load(late, as_of=NEW_YEAR).state in (SyncState.APPLIED, SyncState.PARTLY_HELD)
    new = Student.objects.exclude(pk__in=old)
    assert (new.count(), StudentIdentity.objects.count()) == (4, 8)
    assert set(new.values_list("school_year", flat=True)) == {2027}
    kept = StudentIdentity.objects.filter(student__in=old)
    assert set(kept.values_list("given_name", flat=True)) == {"Given1", "Given2", "Given3", "Given4"}
    late.of("users", f"{renamed}s1")["familyName"] = "Again"
    load(late, as_of=NEW_YEAR + dt.timedelta(days=1))
    assert Student.objects.count() == 8


@pytest.mark.parametrize("key", ["sourcedId", "identifier"])
def test_an_identifier_of_another_child_is_refused(load: Import, key: str) -> None:
    load(small_bundle())
    bundle = small_bundle()
    bundle.drop_person("s1")
    values = (
        {"sourcedId": "s1", "identifier": "NEW"} if key == "sourcedId" else {"sourcedId": "x", "identifier": "N00001"}
    )
    add_student(bundle, 1, "sch1", givenName="Other", familyName="Child", birthDate="2012-12-12", **values)
    sync = load(bundle)
    error = SyncError.objects.get()
    assert (sync.state, error.code, error.value) == (SyncState.REFUSED, "match.identifier_reused", "")
    assert "another child" in error.message
    assert "Other" not in error.message


@pytest.mark.parametrize("change", [{"givenName": "Corrected"}, {"birthDate": "2012-12-12"}])
def test_a_correction_is_not_another_child(load: Import, change: dict[str, str]) -> None:
    load(small_bundle())
    bundle = small_bundle()
    bundle.drop_person("s1")
    add_student(bundle, 1, "sch1", **change)
    assert load(bundle).state == SyncState.APPLIED
    assert Student.objects.count() == 4


def _without(students: int, *gone: int, **options: Any) -> BundleBuilder:
    bundle = small_bundle(students=students, **options)
    for number in gone:
        bundle.drop_person(f"s{number}")
    return bundle


def test_the_brake_holds_a_schools_mass_removal_and_lets_the_rest_through(load: Import) -> None:
    load(small_bundle(students=40))
    bundle = _without(40, 1, 3, 2)  # two of sch1's twenty, one of sch2's
    add_student(bundle, 99, "sch1")
    bundle.of("users", "s5")["familyName"] = "Renamed"
    sync = load(bundle)
    assert sync.state == SyncState.PARTLY_HELD
    assert "2 removals" in sync.note
    held = set(HeldRemoval.objects.filter(sync=sync).values_list("person_id", flat=True))
    assert held == {_id("s1"), _id("s3")}
    assert Student.objects.get(pk=_id("s1")).status == "active"
    assert Enrollment.objects.get(sourced_id="e-s1").is_active
    assert Student.objects.get(pk=_id("s2")).status == "inactive"
    assert StudentIdentity.objects.get(sourced_id="s5").family_name == "Renamed"
    assert Student.objects.get(pk=_id("s99")).status == "active"
    released = release_removals(sync.pk, actor="district_admin:7", as_of=dt.date(2025, 9, 2))
    assert released == 2
    gone = Student.objects.get(pk=_id("s1"))
    assert (gone.status, gone.left_on) == ("inactive", dt.date(2025, 9, 2))
    assert not Enrollment.objects.get(sourced_id="e-s1").is_active
    assert set(HeldRemoval.objects.values_list("released_by", flat=True)) == {"district_admin:7"}
    assert Sync.objects.get(pk=sync.pk).state == SyncState.APPLIED
    with pytest.raises(NothingHeldError):
        release_removals(sync.pk, actor="district_admin:7", as_of=dt.date(2025, 9, 2))


def test_the_brake_counts_people_over_all_schools(load: Import, entered: Any) -> None:
    entered.removal_threshold_people = 3
    entered.removal_threshold_percent = 50
    entered.save()
    load(small_bundle(students=40))
    assert load(_without(40, 1, 2, 3)).state == SyncState.APPLIED
    assert load(_without(40, 1, 2, 3, 4, 5, 6, 7)).state == SyncState.PARTLY_HELD


def test_a_later_bundle_replaces_the_change_set(load: Import) -> None:
    load(small_bundle(students=40))
    first = load(_without(40, 1, 3))
    second = load(_without(40, 1, 5))
    with pytest.raises(NothingHeldError):
        release_removals(first.pk, actor="district_admin:7", as_of=dt.date(2025, 9, 2))
    assert HeldRemoval.objects.filter(sync=first, lapsed_at=None).count() == 0
    assert release_removals(second.pk, actor="district_admin:7", as_of=dt.date(2025, 9, 2)) == 2
    assert Student.objects.get(pk=_id("s3")).status == "active"


def test_held_removals_in_a_delta_wait_for_what_speaks_of_them(load: Import) -> None:
    load(small_bundle(students=40))

    def delta(*gone: int, **more: str) -> BundleBuilder:
        bundle = small_bundle(mode="delta", students=0)
        bundle.rows = {"users": [], "roles": [], "enrollments": [], "demographics": []}
        for number in gone:
            add_student(bundle, number, "sch1", status="tobedeleted", **more)
            bundle.of("enrollments", f"e-s{number}")["status"] = "tobedeleted"
        return bundle

    first = load(delta(1, 3))
    assert first.state == SyncState.PARTLY_HELD
    other = delta()
    add_student(other, 3, "sch1")
    load(other)
    assert release_removals(first.pk, actor="district_admin:7", as_of=dt.date(2025, 9, 2)) == 1
    assert Student.objects.get(pk=_id("s3")).status == "active"


def test_leaving_graduates_do_not_pull_the_brake(load: Import) -> None:
    this_year = small_bundle(students=40)
    for number in range(101, 111):
        add_student(this_year, number, "sch1", grade="08")
    load(this_year)
    sync = load(_next_year(students=40), as_of=NEW_YEAR)
    assert (sync.state, sync.school_year) == (SyncState.APPLIED, 2027)
    assert Student.objects.filter(status="inactive", grade="08").count() == 10
    assert Enrollment.objects.filter(is_active=True, school_year=2027).count() == 40
    assert not Enrollment.objects.filter(is_active=True, school_year=2026).exists()


def test_graduates_who_vanish_in_winter_do(load: Import) -> None:
    bundle = small_bundle(students=40)
    for number in range(101, 111):
        add_student(bundle, number, "sch1", grade="08")
    load(bundle)
    assert load(small_bundle(students=40)).state == SyncState.PARTLY_HELD
