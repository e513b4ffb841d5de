"""Create, update, leave, come back; the second load rewrites nothing; nobody else is touched."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

from rostering.models import (
    Course,
    Educator,
    EducatorRole,
    Enrollment,
    Guardian,
    ParentOrg,
    School,
    Section,
    Student,
    StudentDemographics,
    StudentGuardian,
    StudentIdentity,
    Sync,
    SyncState,
    TeachingAssignment,
)
from rostering.signals import roster_applied
from tests.rostering.bundles import add_adult, add_student, small_bundle
from tests.rostering.conftest import Import
from tests.support.hashing import hash_schema


def _versions() -> dict[str, list[tuple[Any, ...]]]:
    """Of every roster row its place and the transaction that wrote it."""
    found = {}
    tables = [t for t in connection.introspection.table_names() if t.startswith("rostering_")]
    for table in sorted(set(tables) - {"rostering_sync", "rostering_syncerror", "rostering_heldremoval"}):
        with connection.cursor() as cursor:
            query = sql.SQL("SELECT ctid::text, xmin::text FROM {} ORDER BY 1")
            cursor.execute(query.format(sql.Identifier(connection.schema_name, table)))  # type: ignore[attr-defined]
            found[table] = cursor.fetchall()
    return found


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_a_bundle_becomes_a_roster(load: Import, version: str) -> None:
    bundle = small_bundle(version)
    add_adult(bundle, "p1", "parent" if version != "1.2" else "guardian", "sch1", phone="555")
    bundle.of("users", "s1")["agentSourcedIds"] = "p1"
    sync = load(bundle)
    assert (sync.state, sync.version, sync.school_year) == (SyncState.APPLIED, version, 2026)
    assert (School.objects.count(), ParentOrg.objects.count(), Course.objects.count()) == (2, 1, 1)
    assert Section.objects.filter(school_year=2026, course__title="Homeroom", school__isnull=False).count() == 2
    assert (Educator.objects.count(), Guardian.objects.count()) == (2, 1)
    assert EducatorRole.objects.filter(role="teacher", is_primary=True, school__isnull=False).count() == 2
    assert StudentGuardian.objects.get().student.identity.sourced_id == "s1"
    student = StudentIdentity.objects.select_related("student__school").get(sourced_id="s1")
    assert (student.student_number, student.given_name, student.birth_date) == ("N00001", "Given1", dt.date(2014, 1, 2))
    assert (student.student.grade, student.student.school.sourced_id) == ("05", "sch1")  # type: ignore[union-attr]
    assert (student.student.school_year, student.student.rostered_on) == (2026, dt.date(2025, 9, 1))
    assert StudentDemographics.objects.filter(sex="female", race="asian").count() == 4
    assert (Enrollment.objects.count(), TeachingAssignment.objects.count()) == (4, 2)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_the_second_load_rewrites_nothing(load: Import, version: str) -> None:
    load(small_bundle(version))
    before = _versions()
    assert load(small_bundle(version)).state == SyncState.UNCHANGED
    assert _versions() == before


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_the_same_rows_in_another_file_rewrite_nothing(load: Import, version: str) -> None:
    load(small_bundle(version))
    before = _versions()
    bundle = small_bundle(version)
    for rows in bundle.rows.values():
        rows.reverse()
    bundle.rows["users"].sort(key=lambda row: row["sourcedId"])
    sync = load(bundle)
    assert sync.state == SyncState.APPLIED
    assert {
        name: sum(c[k] for k in ("created", "updated", "left")) for name, c in sync.counts.items()
    } == dict.fromkeys(sync.counts, 0)
    assert _versions() == before


def test_only_changed_rows_are_touched(load: Import) -> None:
    load(small_bundle(students=40))
    before = _versions()
    bundle = small_bundle(students=40)
    bundle.of("users", "s7")["familyName"] = "Renamed"
    bundle.of("enrollments", "e-s9")["beginDate"] = "2025-09-02"
    bundle.of("demographics", "s11")["sex"] = "male"
    sync = load(bundle)
    after = _versions()
    changed = {name: len(set(after[name]) - set(before[name])) for name in after if after[name] != before[name]}
    assert changed == {
        "rostering_studentidentity": 1,
        "rostering_enrollment": 1,
        "rostering_studentdemographics": 1,
    }
    assert sync.counts["student"]["updated"] == sync.counts["enrollment"]["updated"] == 1
    assert StudentIdentity.objects.get(sourced_id="s7").family_name == "Renamed"


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_each_kind_of_person_is_counted_with_its_own(load: Import, version: str) -> None:
    bundle = small_bundle(version, students=10)
    add_adult(bundle, "p1", "parent" if version == "1.1" else "guardian", "sch1")
    load(bundle)
    bundle.of("users", "s1")["givenName"] = "Other"
    counts = load(bundle).counts
    people = {kind: (counts[kind]["read"], counts[kind]["unchanged"]) for kind in ("student", "educator", "guardian")}
    assert people == {"student": (10, 9), "educator": (2, 2), "guardian": (1, 1)}
    assert (counts["school"]["read"], counts["parentorg"]["read"]) == (2, 1)


def test_another_writer_makes_the_same_bundle_work_again(load: Import) -> None:
    load(small_bundle())
    Student.objects.filter(identity__sourced_id="s1").update(grade="09")
    StudentIdentity.objects.filter(sourced_id="s1").update(source_hash=None)
    assert load(small_bundle()).state == SyncState.APPLIED
    assert Student.objects.get(identity__sourced_id="s1").grade == "05"


def test_who_is_missing_leaves_and_comes_back(load: Import) -> None:
    load(small_bundle(students=40))
    bundle = small_bundle(students=40)
    bundle.drop_person("s3")
    load(bundle, as_of=dt.date(2025, 10, 1))
    gone = Student.objects.get(identity__sourced_id="s3")
    assert (gone.status, gone.left_on) == ("inactive", dt.date(2025, 10, 1))
    assert not Enrollment.objects.get(sourced_id="e-s3").is_active
    load(small_bundle(students=40), as_of=dt.date(2025, 11, 1))
    back = Student.objects.get(identity__sourced_id="s3")
    assert (back.pk, back.status, back.left_on) == (gone.pk, "active", None)
    assert Enrollment.objects.get(sourced_id="e-s3").is_active


def test_an_invalid_row_is_not_a_missing_row(load: Import) -> None:
    load(small_bundle())
    bundle = small_bundle()
    bundle.of("users", "s1")["givenName"] = ""
    assert load(bundle).state == SyncState.REFUSED
    assert Student.objects.filter(status="active").count() == 4


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_delta_changes_only_what_it_names(load: Import, version: str) -> None:
    load(small_bundle(version, students=40))
    delta = small_bundle(version, students=0, mode="delta")
    delta.rows = (
        {"users": [], "roles": [], "enrollments": [], "demographics": []}
        if version == "1.2"
        else {"users": [], "enrollments": [], "demographics": []}
    )
    add_student(delta, 41, "sch1")
    add_student(delta, 1, "sch2", givenName="Changed")
    add_student(delta, 2, "sch2", status="tobedeleted")
    delta.of("enrollments", "e-s2")["status"] = "tobedeleted"
    sync = load(delta)
    assert (sync.state, sync.note) == (SyncState.APPLIED, "")
    assert Student.objects.filter(status="active").count() == 40
    assert Student.objects.get(identity__sourced_id="s2").status == "inactive"
    assert StudentIdentity.objects.get(sourced_id="s1").given_name == "Changed"
    assert Enrollment.objects.filter(is_active=True).count() == 40


def test_empty_and_manifest_only_bundles_remove_nobody(load: Import) -> None:
    load(small_bundle())
    bundle = small_bundle()
    bundle.rows = {}
    assert load(bundle).state == SyncState.APPLIED
    assert Student.objects.filter(status="active").count() == 4


def test_a_dry_run_says_what_would_happen_and_does_not(load: Import) -> None:
    before = _versions()
    sync = load(small_bundle(), dry_run=True)
    assert (sync.state, sync.counts["student"]["created"]) == (SyncState.CHECKED, 4)
    assert _versions() == before
    assert Sync.objects.get().note == "Checked only: nothing was changed."
    assert load(small_bundle()).state == SyncState.APPLIED


def test_the_neighbour_is_untouched(load: Import, other_district: Any) -> None:
    before = hash_schema(other_district.schema_name)
    load(small_bundle())
    assert hash_schema(other_district.schema_name) == before


def test_listeners_are_told_inside_the_transaction(load: Import) -> None:
    heard: list[Any] = []

    def listen(**kwargs: Any) -> None:
        heard.append((kwargs["school_year"], kwargs["as_of"], Student.objects.count(), connection.in_atomic_block))

    roster_applied.connect(listen)
    try:
        load(small_bundle(), dry_run=True)
        load(small_bundle())
    finally:
        roster_applied.disconnect(listen)
    assert heard == [(2026, dt.date(2025, 9, 1), 4, True)]


def test_a_failure_is_recorded_and_changes_nothing(load: Import) -> None:
    def fail(**kwargs: Any) -> None:
        raise LookupError("a listener failed")

    roster_applied.connect(fail)
    try:
        with pytest.raises(LookupError):
            load(small_bundle())
    finally:
        roster_applied.disconnect(fail)
    assert Sync.objects.get().state == SyncState.FAILED
    assert Student.objects.count() == 0


def test_staging_leaves_nothing_behind(load: Import) -> None:
    load(small_bundle())
    assert not [t for t in connection.introspection.table_names() if t.startswith("roster_")]


def test_a_first_load_leaves_indexes_and_keys_as_they_were(load: Import) -> None:
    def shape() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = to_regnamespace(%s)"
                " UNION SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = %s ORDER BY 1, 2",
                [connection.schema_name] * 2,  # type: ignore[attr-defined]
            )
            return cursor.fetchall()

    before = shape()
    load(small_bundle())
    assert shape() == before
