"""Accounts and BOY assessments after a roster: returning students take the Benchmark, all others the Placement test."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from products.literacy.models import BoyAssessment, Organization, StudentAccount
from products.math import models as math
from rostering.models import ReturnWindow, School, Student, StudentYear
from rostering.signals import roster_applied

RESET_ON = dt.date(2026, 7, 28)
UNTIL = dt.date(2026, 10, 26)
AUGUST = dt.date(2026, 8, 20)


@pytest.fixture
def school(entered: Any) -> School:
    school = School.objects.create(sourced_id="s1", name="Elm Street")
    for product in ("language_literacy", "reading"):
        Organization.objects.create(school=school, product=product, since=dt.date(2020, 8, 1))
    return school


def student(school: School | None, rostered_on: dt.date = AUGUST, **values: Any) -> Student:
    facts: dict[str, Any] = {"grade": "03", "school_year": 2027, **values}
    return Student.objects.create(school=school, rostered_on=rostered_on, **facts)


def account(student: Student, created_on: dt.date, product: str = "language_literacy") -> None:
    StudentAccount.objects.create(student=student, product=product, created_on=created_on)


def apply_roster(as_of: dt.date = AUGUST, school_year: int = 2027) -> None:
    roster_applied.send(sender=None, sync=None, as_of=as_of, school_year=school_year)


def window() -> None:
    ReturnWindow.objects.create(suite="literacy", school_year=2026, reset_on=RESET_ON, until=UNTIL)


def decided() -> dict[int, str]:
    return dict(BoyAssessment.objects.values_list("student_id", "assessment"))


def test_every_active_student_of_a_literacy_school_has_each_of_its_products(school: School) -> None:
    elsewhere = School.objects.create(sourced_id="s2", name="Not on literacy")
    active, gone, other = student(school), student(school, status="inactive"), student(elsewhere)
    apply_roster()
    assert sorted(StudentAccount.objects.values_list("student_id", "product", "created_on")) == [
        (active.pk, "language_literacy", AUGUST),
        (active.pk, "reading", AUGUST),
    ]
    assert gone.pk not in decided()
    assert other.pk not in decided()


def test_returning_within_the_window_takes_the_benchmark_and_everybody_else_the_placement(school: School) -> None:
    window()
    before = dt.date(2025, 8, 18)
    returning, on_the_last_day, late, new = (
        student(school),
        student(school, UNTIL),
        student(school, UNTIL + dt.timedelta(days=1)),
        student(school),
    )
    for each in (returning, on_the_last_day, late):
        account(each, before)
    on_reset_day = student(school)
    account(on_reset_day, RESET_ON)
    after_reset = student(school)
    account(after_reset, RESET_ON + dt.timedelta(days=1))
    other_product_only = student(school)
    account(other_product_only, before, "reading")
    apply_roster(UNTIL + dt.timedelta(days=1))
    assert decided() == {
        returning.pk: "benchmark",
        on_the_last_day.pk: "benchmark",
        on_reset_day.pk: "benchmark",
        late.pk: "placement",
        new.pk: "placement",
        after_reset.pk: "placement",
        other_product_only.pk: "placement",
    }


def test_the_days_of_a_school_whose_reset_was_undone_count_from_the_second(school: School) -> None:
    window()
    ReturnWindow.objects.update(except_schools=[school.pk])
    before, after = dt.date(2025, 8, 18), UNTIL + dt.timedelta(days=1)
    elsewhere = School.objects.create(sourced_id="s2", name="Oak Street")
    Organization.objects.create(school=elsewhere, product="language_literacy", since=dt.date(2020, 8, 1))
    undone = student(school, after)
    apply_roster(after)
    assert decided() == {undone.pk: "placement"}, "no reset of it says when they must be back, but they are new"
    BoyAssessment.objects.all().delete()
    ReturnWindow.objects.create(
        suite="literacy", school_year=2026, run_id=uuid4(), reset_on=dt.date(2026, 8, 5), until=dt.date(2026, 11, 3)
    )
    moved, other = student(elsewhere, after), student(elsewhere, after)
    StudentYear.objects.create(student=moved, school_year=2026, school_id=school.pk, grade="02")
    for each in (moved, other):
        account(each, before)
    StudentAccount.objects.update(created_on=before)
    apply_roster(after)
    assert decided() == {undone.pk: "benchmark", moved.pk: "benchmark", other.pk: "placement"}


def test_a_decision_is_made_once(school: School) -> None:
    window()
    returning = student(school)
    account(returning, dt.date(2025, 8, 18))
    apply_roster()
    first = list(BoyAssessment.objects.values_list())
    apply_roster(UNTIL + dt.timedelta(days=30))
    assert list(BoyAssessment.objects.values_list()) == first
    assert decided() == {returning.pk: "benchmark"}


def test_who_was_there_before_waits_for_the_reset(school: School) -> None:
    known, new = student(school), student(school)
    account(known, dt.date(2025, 8, 18))
    apply_roster()
    assert decided() == {new.pk: "placement"}
    window()
    apply_roster(AUGUST + dt.timedelta(days=1))
    assert decided() == {new.pk: "placement", known.pk: "benchmark"}


def test_last_years_student_who_is_not_rostered_again_is_not_decided(school: School) -> None:
    window()
    account(student(school, school_year=2026), dt.date(2025, 8, 18))
    apply_roster()
    assert decided() == {}


def test_a_roster_without_a_school_year_opens_accounts_and_decides_nothing(school: School) -> None:
    student(school)
    roster_applied.send(sender=None, sync=None, as_of=AUGUST, school_year=None)
    assert StudentAccount.objects.count() == 2
    assert decided() == {}


def test_math_opens_accounts_by_grade(entered: Any) -> None:
    school = School.objects.create(sourced_id="s1", name="Elm Street")
    for product in ("math_prek2", "math_3plus", "math_facts"):
        math.Organization.objects.create(school=school, product=product, since=dt.date(2020, 8, 1))
    young, old, unknown = (student(school, grade=grade) for grade in ("KG", "03", ""))
    apply_roster()
    apply_roster(AUGUST + dt.timedelta(days=1))
    assert sorted(math.StudentAccount.objects.values_list("student_id", "product", "created_on")) == sorted(
        (each.pk, product, AUGUST)
        for each, products in (
            (young, ("math_prek2", "math_facts")),
            (old, ("math_3plus", "math_facts")),
            (unknown, ("math_prek2", "math_3plus", "math_facts")),
        )
        for product in products
    )
