""" "The student information and enrollments should still come from that source system": the transfer moves data."""

from pathlib import Path

from archiving.services import anonymize_leavers
from products.literacy.models import StudentAccount
from rostering.models import Student, StudentIdentity
from rostering.services import import_bundle
from tenants.schema import enter_district
from tests.rostering.bundles import add_student, small_bundle
from tests.transfers.engine.conftest import Move
from tests.transfers.engine.world import NOW, RECORDS, analyzed, imported, make_code, record_count, records_of
from transfers.imports import reasons
from transfers.imports.models import ImportedRow, ImportedStudent
from transfers.imports.services import undo_preview


def test_the_roster_takes_a_new_student_over_and_the_records_stay(move: Move, tmp_path: Path) -> None:
    done = imported(move.destination, analyzed(move.code, move.destination, move.new_school))
    bundle = small_bundle()
    add_student(
        bundle, 50, "sch1", sourcedId="sis-cleo", identifier="13", givenName="Cleo", familyName="Moreno",
        birthDate="2017-04-05",
    )  # fmt: skip
    with enter_district(move.destination):
        line = ImportedStudent.objects.get(given_name="Cleo")
        import_bundle(bundle.write(tmp_path), source="command", actor="tests", as_of=NOW.date())
        student = Student.objects.get(identity__sourced_id="sis-cleo")
        assert student.pk == line.student_id
        assert (student.status, student.grade, student.enrollments.count()) == ("active", "05", 1)
        refused = {each.line.given_name: each.refused for each in undo_preview(done, at=NOW).lines}
    assert refused["Cleo"] == reasons.ROSTERED
    assert records_of(move.destination, student.pk) == records_of(move.source, move.students["Cleo"])


def test_whose_ninety_days_are_over_has_no_line_any_more_and_is_a_new_student_when_they_come_again(move: Move) -> None:
    imported(move.destination, analyzed(move.code, move.destination, move.new_school))
    with enter_district(move.destination):
        line = ImportedStudent.objects.get(given_name="Cleo")
        StudentAccount.objects.create(student_id=line.student_id, product="language_literacy", created_on=NOW.date())
        Student.objects.filter(pk=line.student_id).update(school_year=2019)
        assert anonymize_leavers(move.destination, "literacy", 2019, actor="system:tests", at=NOW) == 1
        assert set(ImportedStudent.objects.values_list("given_name", flat=True)) == {"Ada", "Ben"}
        assert ImportedRow.objects.count() == 6 * RECORDS
        stranger = Student.objects.get(status="anonymized")
    assert len(records_of(move.destination, stranger.pk)) == 2 * RECORDS
    total = record_count(move.destination)

    again = imported(
        move.destination,
        analyzed(make_code(move.source, move.old_school, [move.students["Cleo"]]), move.destination, move.new_school),
    )

    with enter_district(move.destination):
        second = ImportedStudent.objects.get(transfer=again)
        assert (second.is_new, second.reasons) == (True, [])  # what was anonymized has other ids by now
        assert StudentIdentity.objects.filter(pk=second.student_id).exists()
    assert record_count(move.destination) == total + 2 * RECORDS
    assert records_of(move.destination, second.student_id) == records_of(move.source, move.students["Cleo"])
