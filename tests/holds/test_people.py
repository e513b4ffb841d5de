"""A hold follows its student: through a merge and back, and over a late return; a held district is not removed."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from holds.errors import HoldError
from holds.models import LegalHold
from resets.merging import merge_students, undo_merge
from rostering.models import ReturnWindow, Student, StudentIdentity
from rostering.services import import_bundle
from tenants.models import District
from tenants.schema import enter_district
from tenants.services import remove_district
from tests.rostering.bundles import small_bundle

Make = Callable[..., Any]
NOW = dt.datetime(2026, 6, 24, 15, tzinfo=dt.UTC)
FALL = dt.date(2026, 12, 1)


@pytest.fixture
def people(district: District, tmp_path: Path) -> list[int]:
    with enter_district(district):
        bundle = small_bundle().write(tmp_path, "first.zip")
        import_bundle(bundle, source="command", actor="tests", as_of=NOW.date())
        return list(StudentIdentity.objects.order_by("sourced_id").values_list("student_id", flat=True))


def test_a_hold_goes_with_a_merge_and_comes_back(district: District, people: list[int], hold: Make) -> None:
    stays, goes = people[0], people[2]
    placed = hold(district, "student", student_id=goes)
    with enter_district(district):
        merge = merge_students(district, stays, goes, actor="tests", at=NOW)
        assert LegalHold.objects.get(pk=placed.pk).student_id == stays
        undo_merge(district, merge.pk, actor="tests", at=NOW)
        assert LegalHold.objects.get(pk=placed.pk).student_id == goes


def test_who_is_on_hold_is_no_stranger_after_ninety_days(
    district: District, people: list[int], hold: Make, tmp_path: Path
) -> None:
    """Their rule is postponed: a late return is theirs, while their class-mate is a new student."""
    with enter_district(district):
        ReturnWindow.objects.create(
            suite="literacy", school_year=2026, reset_on=dt.date(2026, 7, 28), until=dt.date(2026, 10, 26)
        )
    hold(district, "student", student_id=people[0])
    with enter_district(district):
        late = small_bundle(school_year=2027).write(tmp_path, "late.zip")
        import_bundle(late, source="command", actor="tests", as_of=FALL)
        back = Student.objects.filter(school_year=2027).values_list("pk", flat=True)
        assert people[0] in back
        assert not set(people[1:]) & set(back)


def test_a_district_on_hold_is_not_removed(district: District, people: list[int], hold: Make) -> None:
    hold(district, "student", student_id=people[0])
    with pytest.raises(HoldError, match="1 legal hold"):
        remove_district(district, actor="tests", at=NOW)
    district.refresh_from_db()
    assert district.removed_at is None
