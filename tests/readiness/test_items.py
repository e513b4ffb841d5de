"""Each item of the checklist, with rosters that are right and wrong."""

import datetime as dt
from collections.abc import Callable

import pytest

from products.literacy.models import BoyAssessment
from resets.models import ResetRun
from resets.readiness.behind import behind_page, everybody_behind
from resets.readiness.ground import ground_of
from resets.readiness.registry import all_items, item_named, items_for
from rostering.models import School, StudentYear, Sync, SyncState
from rostering.readiness import Outcome, State, Subject
from tenants.models import District
from tests.readiness.conftest import AUGUST, Load, next_year
from tests.rostering.bundles import add_student

Found = Callable[..., Outcome]


def whys(district: District, code: str) -> dict[str, str]:
    """What is noticed about whom."""
    return {row.name: row.why for row in everybody_behind(item_named(code), ground_of(district, AUGUST))}


@pytest.mark.parametrize("item", all_items(), ids=lambda item: item.code)
def test_a_right_roster_is_in_order(item: object, load: Load, found: Found) -> None:
    load(next_year())
    outcome = found(item.code)  # type: ignore[attr-defined]
    assert (outcome.state, outcome.count) == (State.OK, 0), outcome


@pytest.mark.parametrize("item", all_items(), ids=lambda item: item.code)
def test_nothing_is_found_before_the_reset_and_the_roster(item: object, turned: District, found: Found) -> None:
    code = item.code  # type: ignore[attr-defined]
    assert found(code) == Outcome(State.NOT_YET, 0, "Comes with the new year's roster.")
    ResetRun.objects.all().delete()
    assert found(code) == Outcome(State.NOT_YET, 0, "Comes after the reset.")


def test_grades_are_compared_with_last_years(turned: District, load: Load, found: Found) -> None:
    bundle = next_year()
    for sourced_id, grade in {"s1": "04", "s2": "06", "s3": "03", "s4": ""}.items():
        bundle.of("users", sourced_id)["grades"] = grade
    load(bundle)
    assert found("grade-levels").count == 4
    assert whys(turned, "grade-levels") == {
        "Family1, Given1": "Grade 4, the same as last year.",
        "Family2, Given2": "Grade 6, after Grade 4 last year: more than one grade up.",
        "Family3, Given3": "Grade 3, after Grade 4 last year: a grade down.",
        "Family4, Given4": "No grade is given.",
    }


@pytest.mark.parametrize(
    ("was", "now", "noticed"),
    [("PK", "PK", 0), ("PK", "KG", 0), ("TK", "KG", 0), ("TK", "TK", 1), ("KG", "01", 0), ("KG", "02", 1),
     ("11", "12", 0), ("UG", "05", 0), ("05", "UG", 0), ("09", "10", 0), ("10", "09", 1)],
)  # fmt: skip
def test_the_ladder_of_grades(was: str, now: str, noticed: int, load: Load, found: Found) -> None:
    bundle = next_year()
    bundle.of("users", "s1")["grades"] = now
    load(bundle)
    StudentYear.objects.filter(student__identity__sourced_id="s1").update(grade=was)
    from django.core.cache import cache

    cache.clear()
    assert found("grade-levels").count == noticed


def test_a_new_student_has_no_last_year(load: Load, found: Found) -> None:
    bundle = next_year()
    add_student(bundle, 20, "sch1", "02")
    load(bundle)
    assert found("grade-levels").state is State.OK


def test_last_years_graduates_are_found(turned: District, load: Load, found: Found) -> None:
    bundle = next_year()
    add_student(bundle, 7, "sch1", "05")  # the fifth-grader is at the school still
    add_student(bundle, 8, "sch1", "06")  # the other's has gone on to another school
    load(bundle)
    assert found("graduates").count == 1
    (why,) = whys(turned, "graduates").values()
    assert why == "Was in the school's highest grade last year (Grade 5), and is at the same school still (Grade 5)."
    StudentYear.objects.filter(student__identity__sourced_id="s8").update(grade="12")
    assert len(whys(turned, "graduates")) == 2


def test_students_without_classes_and_classes_without_students(turned: District, load: Load, found: Found) -> None:
    bundle = next_year()
    bundle.rows["enrollments"] = [
        row for row in bundle.rows["enrollments"] if row["role"] != "student" or row["schoolSourcedId"] != "sch1"
    ]
    load(bundle)
    assert (found("schedules").count, found("empty-classes").count) == (3, 1)
    assert list(whys(turned, "empty-classes")) == ["Homeroom 1"]


def test_terms_that_begin_late_overlap_or_are_not_there(turned: District, load: Load, found: Found) -> None:
    bundle = next_year()
    bundle.of("academicSessions", "term-2027")["startDate"] = "2026-09-01"
    load(bundle)
    assert "first begins on 2026-09-01" in whys(turned, "terms")["Term"]
    second = {**bundle.of("academicSessions", "term-2027"), "sourcedId": "term-b", "title": "Term B"}
    bundle.rows["academicSessions"].append({**second, "startDate": "2027-01-10"})
    load(bundle)
    assert whys(turned, "terms")["Term B"] == "Begins on 2027-01-10, before “Term” has ended."
    bundle.rows["academicSessions"] = bundle.rows["academicSessions"][:1]
    for row in bundle.rows["classes"]:
        row["termSourcedIds"] = "year-2027"
    load(bundle)
    assert list(whys(turned, "terms").values()) == [
        "The roster has no term and no grading period of the new school year."
    ]


def test_a_class_in_last_years_term(turned: District, load: Load, found: Found) -> None:
    from rostering.models import Section

    load(next_year())
    Section.objects.filter(title="Homeroom 2", school_year=2027).update(term_sourced_ids="term-2026")
    assert found("class-terms").count == 1


def test_guardians_and_birth_dates(turned: District, load: Load, found: Found) -> None:
    bundle = next_year()
    bundle.of("users", "g-s1")["email"] = ""
    bundle.of("users", "s2")["agentSourcedIds"] = ""
    add_student(bundle, 20, "sch1", "02", birthDate="")
    load(bundle)
    assert set(whys(turned, "guardian-email")) == {"Family1, Given1", "Family2, Given2", "Family20, Given20"}
    assert list(whys(turned, "birth-date")) == ["Family20, Given20"]


def test_boy_assessments(load: Load, found: Found) -> None:
    load(next_year())
    assert "6 new ones the Placement test" in found("boy-assessments").says
    BoyAssessment.objects.filter(student__identity__sourced_id="s1").delete()
    from django.core.cache import cache

    cache.clear()
    assert found("boy-assessments").count == 1


def test_a_refused_file_after_the_last_one(turned: District, load: Load, found: Found) -> None:
    load(next_year())
    assert found("import-received").says == "Received on August 20, 2026 for 2026-27."
    Sync.objects.create(
        source="nightly", file_name="x.zip", state=SyncState.REFUSED, as_of=AUGUST, actor="system:nightly",
        started_at=Sync.objects.latest("started_at").started_at + dt.timedelta(hours=1),
    )  # fmt: skip
    assert found("import-received").state is State.LOOK


def test_the_pages_of_a_list_have_everybody_once(turned: District, load: Load) -> None:
    bundle = next_year()
    for number in range(1, 7):
        bundle.of("users", f"s{number}")["grades"] = ""
    load(bundle)
    ground, item = ground_of(turned, AUGUST), item_named("grade-levels")
    seen: list[int] = []
    after: int | None = -1
    while after is not None:
        page = behind_page(item, ground, after, limit=2)
        seen += [row.key for row in page.rows]
        after = page.after
    assert len(seen) == len(set(seen)) == 6
    school = School.objects.get(name="School 1").pk
    assert len(behind_page(item, ground_of(turned, AUGUST, school)).rows) == 3


def test_every_row_has_words() -> None:
    for item in all_items():
        assert item.source
        assert item.todo
        assert (item.subject is Subject.NOTHING) == (item.check is not None) == (not item.rows)
        assert all(f"'{why}'" in item.rows for why in item.words)


def test_a_products_item_is_for_its_districts() -> None:
    assert {item.code for item in items_for({"literacy"})} - {item.code for item in items_for(set())} == {
        "boy-assessments"
    }
