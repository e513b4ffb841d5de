"""One sentence for each kind of a student's data, in the source's words, before and after."""

import datetime as dt
from collections.abc import Callable

import pytest

from products.hero.models import SchoolSubscription
from products.registry import suite_named
from resets.engine import execute
from resets.explain import explain, explain_all
from resets.models import ResetRun, ResetSchedule
from resets.policies.registry import rules_for
from rostering.models import Student
from tenants.models import District
from tenants.schema import enter_district
from tests.resets.conftest import RESET_ON

TODAY = dt.date(2026, 7, 1)
BACK = "; unless rostered again by October 26, 2026 the student is anonymized"


@pytest.fixture
def district(filled: Callable[..., District]) -> District:
    made = filled(suites="literacy,hero", students=240)
    for suite in ("literacy", "hero"):
        ResetSchedule.objects.create(district=made, suite=suite, school_year=2026, on=RESET_ON)
    return made


def test_every_category_is_explained_in_its_rules_words(district: District) -> None:
    with enter_district(district):
        student = Student.objects.earliest("pk")
        found = {
            line.category: line.sentence for line in explain_all(student.pk, "literacy", district=district, as_of=TODAY)
        }
    assert list(found) == [category.code for category in suite_named("literacy").categories]
    for category, sentence in found.items():
        assert "will be reset on July 28, 2026" in sentence
        assert f"“{rules_for('literacy', category)[0].because}”" in sentence
    assert BACK in found["progress"]
    assert BACK not in found["educator_accounts"]


def test_after_the_reset_it_says_what_happened(district: District, make_run: Callable[..., ResetRun]) -> None:
    with enter_district(district):
        first, second = Student.objects.order_by("pk")[:2]
    execute(make_run(district, "literacy").pk)
    with enter_district(district):
        Student.objects.filter(pk=second.pk).update(school_year=2027)
        left, back = (
            explain(student.pk, "literacy", "usage", district=district, as_of=RESET_ON) for student in (first, second)
        )
    assert "Usage time was reset on July 28, 2026: archived" in left
    assert "0 rows are live and" in left
    assert BACK in left
    assert back.endswith("; the student has been rostered again.")


@pytest.mark.parametrize(
    ("subscribed", "words"), [(True, "archived (“We will archive"), (False, "deleted (“Schools without")]
)
def test_heros_answer_depends_on_the_school(subscribed: bool, words: str, district: District) -> None:
    with enter_district(district):
        ended = SchoolSubscription.objects.filter(ends_on=dt.date(2026, 6, 30)).values("school_id")
        students = (
            Student.objects.exclude(school_id__in=ended) if subscribed else Student.objects.filter(school_id__in=ended)
        )
        student = students.earliest("pk")
        assert words in explain(student.pk, "hero", "tracking", district=district, as_of=TODAY)


def test_who_or_what_is_unknown_is_said(district: District) -> None:
    with enter_district(district):
        with pytest.raises(LookupError, match="no student"):
            explain(10**12, "literacy", "usage", district=district, as_of=TODAY)
        with pytest.raises(LookupError, match="benchmarks"):
            explain(Student.objects.earliest("pk").pk, "literacy", "homework", district=district, as_of=TODAY)
