"""Whoever knows a class-mate or has an old roster finds nobody: not by name, birth date, school, grade or an id."""

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest

from archiving import thresholds
from archiving.services import anonymize_leavers
from products.literacy.models import Progress
from resets.engine import execute
from resets.models import ResetRun, RunState
from rostering.models import Student, StudentDemographics, StudentIdentity
from tenants.models import District
from tenants.schema import enter_district
from tests.archiving.conftest import DAY_91
from tests.support.linkage import anonymized_records, candidates, old_roster, tables_that_name


@pytest.fixture
def left(filled: Callable[..., District], make_run: Callable[..., ResetRun]) -> District:
    """A district in which nobody came back, with one child of an unusual age and one of a rare combination of races."""
    district = filled(suites="literacy", students=150)
    with enter_district(district):
        odd = StudentIdentity.objects.order_by("pk").first()
        assert odd is not None
        StudentIdentity.objects.filter(pk=odd.pk).update(birth_date=dt.date(1999, 2, 3))
        StudentDemographics.objects.filter(pk=odd.pk).update(race="asian,native,pacific", sex="other")
    assert execute(make_run(district, "literacy").pk) == RunState.COMPLETED
    return district


def test_an_old_roster_finds_nobody(left: District) -> None:
    with enter_district(left):
        roster = old_roster()
        assert "rostering_studentidentity" in tables_that_name(left.schema_name, roster.values())
        ids = set(Progress.objects.values_list("id", flat=True))
        assert anonymize_leavers(left, "literacy", 2026, actor="tests", at=DAY_91) == len(roster)
        records = anonymized_records()
        assert len(records) == len(roster)
        assert not StudentIdentity.objects.exists()
        assert ids.isdisjoint(Progress.objects.values_list("id", flat=True))
        assert Progress.objects.count() == len(ids)
    assert not roster.keys() & {key for key, *_ in records}
    assert min(len(candidates(who, records)) for who in roster.values()) >= 2
    named = tables_that_name(left.schema_name, roster.values())
    assert [table for table in named if not table.startswith("sample_")] == []  # those go with the search


def test_every_record_is_like_others(left: District) -> None:
    with enter_district(left):
        anonymize_leavers(left, "literacy", 2026, actor="tests", at=DAY_91)
        rows = StudentDemographics.objects.values_list(
            "student__school", "student__grade", "race", "hispanic_or_latino", "sex", "student__birth_year"
        )
        alike, groups = Counter(rows), Counter(row[:2] for row in rows)
    assert sum(groups.values()) == 150
    for row, count in alike.items():
        assert count >= min(thresholds.ALIKE, groups[row[:2]]), row
    assert not any(row[2] == "asian,native,pacific" or row[4] == "other" or row[5] == 1999 for row in alike)
    assert any(row[4] for row in alike), "what many share stays"


def test_the_days_on_which_somebody_joined_are_gone(left: District) -> None:
    with enter_district(left):
        anonymize_leavers(left, "literacy", 2026, actor="tests", at=DAY_91)
        joined = Student.objects.values_list("rostered_on", "left_on")
        assert {(day.month, day.day, gone) for day, gone in joined} == {(1, 1, None)}
