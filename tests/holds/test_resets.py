"""What is on hold is left out of a reset's deletions, and everything else goes on."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from holds.models import LegalHold, PostponedRow
from ledger.models import LedgerEntry
from products.hero.models import SchoolSubscription, StudentCredential, TrackingEventArchive
from products.literacy.models import Avatar, AvatarAccessory, Reward
from products.math import models as math
from resets.engine import execute
from resets.engine.preview import preview
from resets.models import ResetRun, RunState
from rostering.models import Student
from tenants.models import District
from tenants.schema import enter_district

Make = Callable[..., Any]
PLACED_ON = dt.date(2026, 7, 2)
FACTS = (math.Assessment, math.Progress, math.Pathway, math.Usage)


def counts_of(entry: dict[str, Any], name: str) -> int:
    return sum(category[name] for category in entry["categories"].values())


def test_a_students_rows_stay_and_all_others_go(filled: Make, make_run: Make, hold: Make) -> None:
    district: District = filled(suites="math,literacy", students=60)
    with enter_district(district):
        student = math.ClassroomStudent.objects.values_list("student_id", flat=True).first()
        own = {model: model.objects.filter(student=student).count() for model in (*FACTS, math.StudentAccount)}
        rooms = set(math.ClassroomStudent.objects.filter(student=student).values_list("classroom_id", flat=True))
    assert all(own[model] for model in (math.Progress, math.StudentAccount))
    placed: LegalHold = hold(district, "student", student_id=student)

    assert execute(make_run(district, "math").pk) == RunState.COMPLETED

    with enter_district(district):
        for model, rows in own.items():
            assert model.objects.count() == rows, model
            assert model.objects.filter(student=student).count() == rows, model
        assert set(math.Classroom.objects.values_list("pk", flat=True)) == rooms
        assert set(math.ClassroomStudent.objects.values_list("student_id", flat=True)) == {student}
        marked = PostponedRow.objects.values_list("relation", flat=True)
        assert set(marked) == {"math_studentaccount", "math_classroom", "math_classroomstudent"}
    facts = LedgerEntry.objects.get(kind="reset").facts
    left = sum(own.values()) + 2 * len(rooms)
    assert facts["exclusions"] == [
        {"hold": placed.pk, "scope": "student", "ground": "litigation", "rows": left, "students": 1}
    ]
    assert "Roe" not in str(list(LedgerEntry.objects.values_list("facts", flat=True)))
    assert facts["categories"]["progress"]["retained"] == own[math.Progress]
    assert facts["categories"]["progress"]["deleted"] > 0
    run = ResetRun.objects.get()
    assert run.evidence["exclusions"] == facts["exclusions"]
    assert any("but those on hold" in line for line in run.evidence["plan"])


def test_zeroing_and_archiving_go_on_and_children_stay_with_their_parents(
    filled: Make, make_run: Make, hold: Make
) -> None:
    district: District = filled(suites="literacy", students=60)
    with enter_district(district):
        accessory = AvatarAccessory.objects.select_related("avatar").first()
        assert accessory is not None
        student = accessory.avatar.student_id
        worn = AvatarAccessory.objects.filter(avatar__student=student).count()
        Reward.objects.filter(student=student).update(booster_bits=40)
    hold(district, "student", student_id=student)

    assert execute(make_run(district, "literacy").pk) == RunState.COMPLETED

    with enter_district(district):
        assert set(Avatar.objects.values_list("student_id", flat=True)) == {student}
        assert AvatarAccessory.objects.count() == worn
        assert not Reward.objects.exclude(booster_bits=0).exists()


def test_a_held_schools_rows_stay_live_and_in_the_archive(filled: Make, make_run: Make, hold: Make) -> None:
    """A Hero school without a subscription is deleted everywhere, but not while it is on hold."""
    district: District = filled(suites="hero", students=90)
    with enter_district(district):
        school = SchoolSubscription.objects.filter(ends_on__lt="2026-07-28").values_list("school_id", flat=True).get()
        logins = StudentCredential.objects.filter(school=school).count()
    assert logins
    placed = hold(district, "school", school_id=school)

    assert execute(make_run(district, "hero").pk) == RunState.COMPLETED

    with enter_district(district):
        assert StudentCredential.objects.filter(school=school).count() == logins
        assert TrackingEventArchive.objects.filter(school=school, school_year=2026).exists()
        students = Student.objects.filter(school=school).count()
    (exclusion,) = LedgerEntry.objects.get(kind="reset").facts["exclusions"]
    assert (exclusion["hold"], exclusion["students"]) == (placed.pk, students)
    assert exclusion["rows"] > logins


def test_a_whole_district_on_hold_loses_nothing(filled: Make, make_run: Make, hold: Make) -> None:
    district: District = filled(suites="math", students=40)
    with enter_district(district):
        before = {model: model.objects.count() for model in (*FACTS, math.StudentAccount, math.Classroom)}
    hold(district, "district")
    assert execute(make_run(district, "math").pk) == RunState.COMPLETED
    with enter_district(district):
        assert {model: model.objects.count() for model in before} == before
    assert counts_of(LedgerEntry.objects.get(kind="reset").facts, "deleted") == 0


def test_the_preview_counts_and_says_it(filled: Make, hold: Make) -> None:
    district: District = filled(suites="math", students=40)
    with enter_district(district):
        student = math.Progress.objects.values_list("student_id", flat=True).first()
        rows = math.Progress.objects.filter(student=student).count()
        plain = preview(district, "math", 2026, PLACED_ON)
    assert not any("hold" in note for note in plain.notes)
    hold(district, "student", student_id=student)
    with enter_district(district):
        shown = preview(district, "math", 2026, PLACED_ON)
    progress = next(line for line in shown.lines if line.rule.category == "progress")
    assert progress.retained == rows
    assert any(note.startswith("1 student is on legal hold.") for note in shown.notes), shown.notes
