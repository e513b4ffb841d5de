"""Who is on hold keeps name and data; when the hold is lifted, what was postponed is done, once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from archiving.services import anonymize_leavers
from holds.errors import HoldError
from holds.models import LegalHold, PostponedRow
from holds.services import lift_hold, place_again
from ledger.models import LedgerEntry
from products.literacy.models import Avatar, Reward
from products.math import models as math
from resets.engine import execute
from resets.models import ResetRun, RunState
from rostering.models import ReturnWindow, School, Student, StudentIdentity
from rostering.services import except_from_return_window
from tenants.jobs.registry import kind_named
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.support.hashing import hash_schema

Make = Callable[..., Any]
DAY_91 = dt.datetime(2026, 10, 27, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)


def lift(district: District, hold: LegalHold) -> Job:
    with enter_district(district):
        lift_hold(district, hold.pk, reason="The case is closed.", actor="tests", at=LATER)
    return Job.objects.get(kind="postponed", key=f"hold {hold.pk}")


def do(district: District, job: Job) -> None:
    with enter_district(district):
        kind_named("postponed").handler(district, job)


def test_two_holds_on_one_student_the_last_one_counts(filled: Make, make_run: Make, hold: Make) -> None:
    district: District = filled(suites="math,literacy", students=40)
    with enter_district(district):
        avatars = Avatar.objects.values("student")
        student = math.ClassroomStudent.objects.filter(student__in=avatars).values_list("student_id", flat=True)[0]
        school = Student.objects.get(pk=student).school_id
    first = hold(district, "student", student_id=student)
    second = hold(district, "school", school_id=school)
    for suite in ("math", "literacy"):
        assert execute(make_run(district, suite).pk) == RunState.COMPLETED
    run = ResetRun.objects.get(suite="literacy")
    with enter_district(district):
        held = Student.objects.filter(school=school).count()
        everybody = Student.objects.count()
        gone = anonymize_leavers(district, "literacy", 2026, actor="tests", at=DAY_91, run_id=run.pk)
        assert gone < everybody
        assert StudentIdentity.objects.filter(student=student).exists()
        assert Reward.objects.filter(student=student).exists()
    run.refresh_from_db()
    assert run.undo_tables, "what is on hold keeps its undo"
    facts = LedgerEntry.objects.get(kind="anonymization").facts
    assert {each["hold"]: each["students"] for each in facts["exclusions"]} == {first.pk: 1, second.pk: held}
    assert all(each["rows"] > 0 for each in facts["exclusions"])

    do(district, lift(district, second))
    with enter_district(district):
        assert set(math.Progress.objects.values_list("student_id", flat=True)) <= {student}
        assert StudentIdentity.objects.filter(student__school_year=2026).count() == 1
        assert Avatar.objects.exclude(student=student).count() == 0
        assert Avatar.objects.filter(student=student).exists()

    job = lift(district, first)
    do(district, job)
    with enter_district(district):
        assert not math.Progress.objects.exists()
        assert not math.StudentAccount.objects.exists()
        assert not math.Classroom.objects.exists()
        assert not Avatar.objects.exists()
        assert not StudentIdentity.objects.exists()
        assert not PostponedRow.objects.exists()
        assert set(LegalHold.objects.exclude(student=None).values_list("reason", flat=True)) == {""}
    run.refresh_from_db()
    assert run.undo_tables == []
    entries = LedgerEntry.objects.filter(kind="postponed")
    assert {entry.facts["suite"] for entry in entries} == {"math", "literacy"}
    before, count = hash_schema(district.schema_name), entries.count()
    do(district, job)
    assert (hash_schema(district.schema_name), entries.count()) == (before, count)


def test_an_undone_reset_anonymizes_nobody_or_spares_its_schools(filled: Make, make_run: Make) -> None:
    district: District = filled(suites="literacy", students=40)
    run = make_run(district, "literacy")
    assert execute(run.pk) == RunState.COMPLETED
    with enter_district(district):
        window = ReturnWindow.objects.get()
        assert window.run_id == run.pk
        school = School.objects.create(sourced_id="undone", name="Undone", is_active=True).pk
        some = list(Student.objects.values_list("pk", flat=True)[:10])
        Student.objects.filter(pk__in=some).update(school=school)
        except_from_return_window(run.pk, [school])
        spared = set(Student.objects.filter(school=school).values_list("pk", flat=True))
        gone = anonymize_leavers(district, "literacy", 2026, actor="tests", at=DAY_91, run_id=run.pk)
        assert gone > 0
        assert set(StudentIdentity.objects.values_list("student_id", flat=True)) == spared
        ReturnWindow.objects.update(anonymized_at=None)
        except_from_return_window(run.pk, None)
        assert anonymize_leavers(district, "literacy", 2026, actor="tests", at=LATER, run_id=run.pk) == 0


def test_a_hold_is_answered_for_and_can_be_placed_again(district: District, hold: Make) -> None:
    with pytest.raises(HoldError, match="no student 5"):
        hold(district, "student", student_id=5)
    placed = hold(district, "district")
    facts = LedgerEntry.objects.get(kind="hold_placed").facts
    assert facts == {"hold": placed.pk, "scope": "district", "ground": "litigation"}
    with enter_district(district):
        assert place_again(district, facts, actor="recovery", at=LATER) is None
        LegalHold.objects.all().delete()
        again = place_again(district, facts, actor="recovery", at=LATER)
        assert again is not None
        assert (again.pk, again.scope, again.lifted_at) == (placed.pk, "district", None)
        with pytest.raises(HoldError, match="Say why"):
            lift_hold(district, again.pk, reason=" ", actor="tests", at=LATER)
        lift_hold(district, again.pk, reason="Closed.", actor="tests", at=LATER)
        with pytest.raises(HoldError, match="already"):
            lift_hold(district, again.pk, reason="Closed.", actor="tests", at=LATER)
    assert LedgerEntry.objects.filter(kind="hold_lifted").count() == 1
