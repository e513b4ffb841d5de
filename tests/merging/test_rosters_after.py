"""Rosters after a merge: with either sourcedId, with both, or with the duplicate deleted, there is one student."""

import datetime as dt
from typing import Any

import pytest

from resets.merging import merge_students, undo_merge
from rostering.models import Enrollment, Student, StudentGuardian, StudentIdentity, StudentMerge, Sync
from tests.merging.conftest import NOW
from tests.rostering.bundles import BundleBuilder, add_adult, add_student, small_bundle
from tests.rostering.conftest import Import, load

__all__ = ["load"]
SECOND_NIGHT = dt.date(2025, 9, 2)


def _id(sourced_id: str) -> int:
    return StudentIdentity.objects.get(sourced_id=sourced_id).student_id


def roster(**options: Any) -> BundleBuilder:
    """Students 1 and 3 are one child, at one school, in one section."""
    bundle = small_bundle(**options)
    bundle.of("users", "s3").update(givenName="Given1", familyName="Family1")
    return bundle


@pytest.fixture
def merged(entered: Any, load: Import) -> StudentMerge:
    load(roster())
    return merge_students(entered, _id("s1"), _id("s3"), actor="district_admin:1", at=NOW)


def settled() -> None:
    """One student, on the roster, enrolled once."""
    key = _id("s1")
    assert Student.objects.get(pk=key).status == "active"
    assert not StudentIdentity.objects.filter(sourced_id="s3").exists()
    assert Student.objects.filter(status="active").count() == 3
    assert Student.objects.exclude(status="merged").count() == 3
    assert Enrollment.objects.filter(student=key, is_active=True).count() == 1


def test_both_sourced_ids_lead_to_the_one_who_stayed(merged: StudentMerge, load: Import) -> None:
    sync = load(roster())
    settled()
    assert {warning["code"]: warning["count"] for warning in sync.warnings}["match.merged_student"] == 2

    again = load(roster())
    assert again.state == "unchanged"


def test_the_same_bundle_by_another_name_rewrites_nothing(merged: StudentMerge, load: Import) -> None:
    load(roster())
    bundle = roster()
    bundle.of("users", "t1")["email"] = "new@example.org"
    sync = load(bundle)
    settled()
    assert sync.counts["student"]["updated"] == 0
    assert sync.counts["enrollment"].get("updated", 0) == 0


def test_only_the_merged_ones_sourced_id(merged: StudentMerge, load: Import) -> None:
    bundle = roster()
    bundle.drop_person("s1")
    bundle.of("users", "s3")["email"] = "three@example.org"
    load(bundle)
    settled()
    assert StudentIdentity.objects.get(sourced_id="s1").email == "three@example.org"


def test_only_the_one_who_stayed(merged: StudentMerge, load: Import) -> None:
    bundle = roster()
    bundle.drop_person("s3")
    load(bundle)
    settled()


@pytest.mark.parametrize(("gone", "kept"), [("s3", "s1"), ("s1", "s3")])
def test_a_delta_that_deletes_one_of_the_two(gone: str, kept: str, merged: StudentMerge, load: Import) -> None:
    bundle = BundleBuilder(mode="delta")
    add_student(bundle, 1 if kept == "s1" else 3, "sch1", sourcedId=kept)
    bundle.add("users", sourcedId=gone, status="tobedeleted")
    load(bundle)
    settled()


def test_a_delta_that_deletes_the_duplicate_only(merged: StudentMerge, load: Import) -> None:
    bundle = BundleBuilder(mode="delta")
    bundle.add("users", sourcedId="s3", status="tobedeleted")
    load(bundle)
    settled()


def test_another_class_of_the_duplicate_is_the_ones_too(merged: StudentMerge, load: Import) -> None:
    bundle = roster()
    bundle.add(
        "enrollments", sourcedId="e-s3-2", classSourcedId="class-sch2", schoolSourcedId="sch2", userSourcedId="s3",
        role="student", beginDate="2025-08-15",
    )  # fmt: skip
    load(bundle)
    assert Enrollment.objects.filter(student=_id("s1"), is_active=True).count() == 2


def test_guardians_of_both_are_the_ones(merged: StudentMerge, load: Import) -> None:
    bundle = roster()
    add_adult(bundle, "g1", "guardian", "sch1")
    add_adult(bundle, "g3", "guardian", "sch1")
    add_adult(bundle, "g4", "guardian", "sch1", agentSourcedIds="s3, s2")
    bundle.of("users", "s1")["agentSourcedIds"] = "g1"
    bundle.of("users", "s3")["agentSourcedIds"] = "g3"
    load(bundle)
    assert StudentGuardian.objects.filter(student=_id("s1")).count() == 3
    assert StudentGuardian.objects.filter(student=_id("s2")).count() == 1


def test_a_sourced_id_that_is_really_there_twice_is_still_an_error(merged: StudentMerge, load: Import) -> None:
    bundle = roster()
    bundle.rows["users"].append(dict(bundle.of("users", "s1")))
    sync = load(bundle)
    assert sync.state == "refused"
    assert sync.errors.get().code == "reference.duplicate_sourced_id"


def test_after_the_undo_they_are_two_again(entered: Any, merged: StudentMerge, load: Import) -> None:
    load(roster())
    undo_merge(entered, merged.pk, actor="district_admin:1", at=NOW)
    load(roster(), as_of=SECOND_NIGHT)
    assert Student.objects.filter(status="active").count() == 4
    assert Enrollment.objects.filter(student=_id("s3"), is_active=True).count() == 1
    assert Sync.objects.latest("started_at").state == "applied"
