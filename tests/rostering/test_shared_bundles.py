"""Bundles that come from others: the valid load, the invalid are refused with the codes that their makers expect."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rostering.models import Enrollment, Student, SyncError, SyncState, TeachingAssignment
from tests.rostering.conftest import Import

Find = Callable[[str], Path]


@pytest.mark.parametrize(
    ("name", "students", "educators", "enrollments", "assignments"),
    [("district-small-v1p1.zip", 248, 20, 1736, 119), ("district-medium-v1p1.zip", 778, 59, 5446, 364)],
)
def test_a_generated_district_loads(
    load: Import, shared_bundle: Find, *, name: str, students: int, educators: int, enrollments: int, assignments: int
) -> None:
    sync = load(shared_bundle(name))
    assert (sync.state, sync.note) == (SyncState.APPLIED, "")
    assert sync.school_year == 2026
    assert Student.objects.filter(status="active", school__isnull=False, school_year=2026).count() == students
    assert sync.counts["educator"]["created"] == educators
    assert Enrollment.objects.filter(is_active=True, school_year=2026).count() == enrollments
    assert TeachingAssignment.objects.count() == assignments
    assert {w["code"] for w in sync.warnings} == {
        "row.field_not_allowed_in_bulk",
        "value.year_range",
        "manifest.mode_conflict",
    }


def test_strict_mode_refuses_a_generated_district(load: Import, shared_bundle: Find) -> None:
    sync = load(shared_bundle("district-small-v1p1.zip"), strict=True)
    assert sync.state == SyncState.REFUSED
    assert set(SyncError.objects.values_list("code", flat=True)) == {
        "row.field_not_allowed_in_bulk",
        "value.year_range",
    }
    assert Student.objects.count() == 0


VALID = ("manifest-only-package", "rostering-bulk-package", "rostering-delta-package", "full-bulk-package")


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", [*VALID, "metadata-columns"])
def test_a_valid_conformance_bundle_loads(load: Import, shared_bundle: Find, name: str, strict: bool) -> None:
    sync = load(shared_bundle(f"conformance-v1p2/valid/{name}.zip"), strict=strict)
    errors = list(SyncError.objects.values_list("file", "row", "column", "code"))
    assert (sync.state, errors) == (SyncState.APPLIED, [])
    if "full" in name:
        assert sync.counts["results"]["not_imported"] == 1


INVALID = (
    "missing-manifest",
    "manifest-marks-present-file-absent",
    "csv-quote-failure",
    "delta-lifecycle-required-failure",
    "duplicate-sourcedid-failure",
    "missing-target-record-failure",
    "diagnostic-safety-pii",
)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_conformance_bundle_is_refused(load: Import, shared_bundle: Find, name: str, strict: bool) -> None:
    path = shared_bundle(f"conformance-v1p2/invalid/{name}.zip")
    sync = load(path, strict=strict)
    assert sync.state == SyncState.REFUSED
    codes = set(SyncError.objects.values_list("code", flat=True))
    expected = json.loads((path.parents[1] / "expected.json").read_text())
    wanted = next(entry["expect"] for entry in expected if entry["file"] == f"invalid/{name}.zip")
    if isinstance(wanted, list):
        assert set(wanted) <= codes
    assert Student.objects.count() == 0


@pytest.mark.parametrize("strict", [False, True])
def test_no_error_repeats_what_is_private(load: Import, shared_bundle: Find, strict: bool) -> None:
    sync = load(shared_bundle("conformance-v1p2/invalid/diagnostic-safety-pii.zip"), strict=strict)
    told = json.dumps([list(SyncError.objects.values()), sync.warnings, sync.note], default=str)
    assert SyncError.objects.count() > 0
    assert "safety-" not in told
