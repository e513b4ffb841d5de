"""An import taken back leaves what was before it; a wrong match is taken apart without loss."""

import datetime as dt
from typing import Any

import pytest

from holds.models import LegalHold
from ledger.models import LedgerEntry
from resets.merging import merge_students, undo_merge
from rostering.models import MergeUndo, Student, StudentIdentity
from tenants.schema import enter_district
from tests.support.hashing import hash_schema
from tests.transfers.engine.conftest import Move
from tests.transfers.engine.world import (
    ADMIN,
    NOW,
    RECORDS,
    add_records,
    analyzed,
    imported,
    make_code,
    make_student,
    record_count,
    records_of,
)
from transfers.codes.models import TransferCode
from transfers.imports import reasons
from transfers.imports.errors import TransferRefusedError
from transfers.imports.models import (
    Import,
    ImportedRow,
    ImportedStudent,
    ImportState,
    IncomingStudent,
    MatchCandidate,
    SourceStatus,
)
from transfers.imports.services import (
    UndoPreview,
    split_preview,
    split_student,
    undo_import,
    undo_preview,
)

STAY = 2 * RECORDS
OWN = ("transfer_imports_import", "transfer_imports_importedstudent")


@pytest.fixture
def done(move: Move) -> Import:
    return imported(move.destination, analyzed(move.code, move.destination, move.new_school))


def line_of(move: Move, name: str) -> ImportedStudent:
    with enter_district(move.destination):
        return ImportedStudent.objects.select_related("transfer").get(given_name=name)


def preview(move: Move, transfer: Import, at: dt.datetime = NOW) -> UndoPreview:
    with enter_district(move.destination):
        return undo_preview(transfer, at=at)


def undo(move: Move, transfer: Import, at: dt.datetime = NOW, **more: Any) -> UndoPreview:
    with enter_district(move.destination):
        return undo_import(move.destination, transfer.pk, actor=ADMIN, at=at, **more)


def tables(move: Move) -> dict[str, str]:
    """Every table with rows, but the imports' own record and log; partitions that are empty say nothing."""
    found = hash_schema(move.destination.schema_name)
    return {name: digest for name, digest in found.items() if name not in OWN and not digest.startswith("0:")}


def test_import_and_undo_change_nothing(move: Move) -> None:
    before = tables(move)
    done = imported(move.destination, analyzed(move.code, move.destination, move.new_school))
    assert tables(move) != before

    seen = preview(move, done)
    assert (seen.refused, seen.counts, sum(line.removes for line in seen.lines)) == ("", (3, 3 * STAY), 2)
    undo(move, done, shown=seen.counts)

    assert tables(move) == before
    with enter_district(move.destination):
        undone = Import.objects.get()
        assert set(ImportedStudent.objects.values_list("source_status", flat=True)) == {SourceStatus.TAKEN_BACK}
    assert (undone.state, undone.imported, undone.rows, undone.undone_by) == (ImportState.UNDONE, 0, 0, ADMIN)
    assert TransferCode.objects.get().import_id == done.pk
    assert LedgerEntry.objects.get(kind="transfer_undone").facts["rows"] == 3 * STAY
    with pytest.raises(TransferRefusedError, match="Nobody of this import is left"):
        undo(move, done)
    again = make_code(move.source, move.old_school, list(move.students.values()))
    assert imported(move.destination, analyzed(again, move.destination, move.new_school)).rows == 3 * STAY


def test_for_thirty_days_to_the_second(move: Move, done: Import) -> None:
    over = NOW + dt.timedelta(days=30)
    with pytest.raises(TransferRefusedError, match="30 days"):
        undo(move, done, over)
    assert preview(move, done, over - dt.timedelta(seconds=1)).refused == ""


def test_what_was_shown_must_still_hold(move: Move, done: Import) -> None:
    with pytest.raises(TransferRefusedError, match="has changed since"):
        undo(move, done, shown=(1, 1))


def test_whoever_is_on_legal_hold_keeps_everything(move: Move, done: Import) -> None:
    """A hold on a student who was matched, then one on the whole school: what an import brought is held too."""
    said = {"ground": "litigation", "reason": "A suit.", "placed_by": ADMIN, "placed_at": NOW}
    with enter_district(move.destination):
        hold = LegalHold.objects.create(scope="student", student_id=move.known, **said)
    seen = preview(move, done)
    assert {line.student: line.refused for line in seen.lines if line.refused} == {move.known: reasons.ON_HOLD}
    with enter_district(move.destination):
        hold.delete()
        LegalHold.objects.create(scope="school", school_id=move.new_school, **said)
    assert {line.refused for line in preview(move, done).lines} == {reasons.ON_HOLD}
    had = record_count(move.destination)
    with pytest.raises(TransferRefusedError, match="legal hold"):
        undo(move, done)
    assert record_count(move.destination) == had


def test_whoever_has_more_by_now_stays_whole(move: Move, done: Import) -> None:
    cleo, ben = line_of(move, "Cleo"), line_of(move, "Ben")
    assert cleo.student_id
    assert ben.student_id
    add_records(move.destination, move.new_school, cleo.student_id, (2026,))
    with enter_district(move.destination):
        StudentIdentity.objects.filter(pk=ben.student_id).update(sourced_id="taken-over")
    add_records(move.destination, move.new_school, move.known, (2026,))
    had = record_count(move.destination)

    seen = undo(move, done)

    refused = {line.line.given_name: line.refused for line in seen.lines if line.refused}
    assert refused == {"Cleo": reasons.OTHER_DATA, "Ben": reasons.ROSTERED}
    assert record_count(move.destination) == had - STAY
    assert len(records_of(move.destination, move.known)) == 2 * RECORDS
    with enter_district(move.destination):
        assert Import.objects.get().imported == 2
        StudentIdentity.objects.filter(pk=ben.student_id).update(sourced_id="transfer-again")
    assert [line.line.given_name for line in undo(move, done).possible] == ["Ben"]


def test_merged_offered_or_chosen_elsewhere_stays(move: Move, done: Import) -> None:
    cleo, ben = line_of(move, "Cleo").student_id, line_of(move, "Ben").student_id
    assert cleo
    assert ben
    with enter_district(move.destination):
        merge_students(move.destination, move.known, ben, actor=ADMIN, at=NOW)
    make_code(move.destination, move.new_school, [cleo])
    refused = {line.line.given_name: line.refused for line in preview(move, done).lines}
    assert refused == {"Ada": reasons.SHARED, "Ben": reasons.SHARED, "Cleo": reasons.OFFERED}
    with pytest.raises(TransferRefusedError, match="None of the students"):
        undo(move, done)


def test_a_later_import_is_taken_back_first(move: Move, done: Import) -> None:
    add_records(move.source, move.old_school, move.students["Ada"], (2025,))
    again = make_code(move.source, move.old_school, [move.students["Ada"]])
    second = imported(move.destination, analyzed(again, move.destination, move.new_school))
    assert second.rows == RECORDS
    refused = {line.line.given_name: line.refused for line in preview(move, done).lines}
    assert refused == {"Ada": reasons.CAME_AGAIN, "Ben": "", "Cleo": ""}
    undo(move, second)
    assert len(undo(move, done).possible) == 3


def test_a_wrong_match_goes_on_to_a_student_of_its_own(move: Move, done: Import) -> None:
    with enter_district(move.destination):
        StudentIdentity.objects.filter(pk=move.known).update(state_id="ST-0")
    total, own = record_count(move.destination), len(records_of(move.destination, move.known)) - STAY
    line = line_of(move, "Ada")
    with enter_district(move.destination):
        seen = split_preview(line)
        assert (seen.refused, seen.records, seen.arrival is not None) == ("", STAY, True)
        split = split_student(move.destination, line.pk, actor=ADMIN, at=NOW, shown=STAY)
        made = Student.objects.get(pk=split.student_id)
        assert made.identity.state_id == "ST-1"
        assert ImportedRow.objects.filter(student=made).count() == STAY
        assert made.school_id == move.new_school
    assert (split.is_new, split.reasons) == (True, [reasons.DIFFERS, reasons.SPLIT])
    assert records_of(move.destination, made.pk) == records_of(move.source, move.students["Ada"])
    assert len(records_of(move.destination, move.known)) == own
    assert record_count(move.destination) == total
    assert LedgerEntry.objects.get(kind="transfer_split").facts["rows"] == STAY
    undo(move, done)
    assert record_count(move.destination) == own


def test_a_wrong_match_goes_on_to_another_student_here(move: Move, done: Import) -> None:
    other = make_student(move.destination, move.new_school, "Adah", "Moreno")
    line = line_of(move, "Ada")
    with enter_district(move.destination):
        assert "state ID belongs" in split_preview(line).refused
        with pytest.raises(TransferRefusedError, match="state ID belongs"):
            split_student(move.destination, line.pk, actor=ADMIN, at=NOW)
        split_student(move.destination, line.pk, to=other, actor=ADMIN, at=NOW)
    assert records_of(move.destination, other) == records_of(move.source, move.students["Ada"])
    with enter_district(move.destination):
        assert not Student.objects.filter(pk=line_of(move, "Ada").student_id).exclude(pk=other).exists()


@pytest.mark.parametrize(
    ("name", "to", "words"),
    [
        ("Ben", None, "made by the import"),
        ("Ada", "Ada", "matched to"),
        ("Ada", 10**9, "not on this site"),
        ("Ada", "Ben", "same record"),
    ],
)
def test_what_cannot_be_split(name: str, to: int | str | None, words: str, move: Move, done: Import) -> None:
    target = line_of(move, to).student_id if isinstance(to, str) else to
    before = tables(move)
    with enter_district(move.destination), pytest.raises(TransferRefusedError, match=words):
        split_student(move.destination, line_of(move, name).pk, to=target, actor=ADMIN, at=NOW)
    assert tables(move) == before


def test_a_match_that_was_merged_meanwhile_leads_on(move: Move) -> None:
    ready = analyzed(move.code, move.destination, move.new_school)
    survivor = make_student(move.destination, move.new_school, "Ada", "Moreno")
    with enter_district(move.destination):
        merge_students(move.destination, survivor, move.known, actor=ADMIN, at=NOW)
    imported(move.destination, ready)
    assert line_of(move, "Ada").student_id == survivor
    assert len(records_of(move.destination, survivor)) == STAY + RECORDS


def test_a_merge_of_two_candidates_can_be_undone_after_the_import(move: Move) -> None:
    ready = analyzed(move.code, move.destination, move.new_school)
    survivor = make_student(move.destination, move.new_school, "Ada", "Moreno")
    with enter_district(move.destination):
        ada = IncomingStudent.objects.get(given_name="Ada")
        MatchCandidate.objects.create(incoming=ada, student_id=survivor, probability=0.5, evidence=[{"words": "Ada"}])
        merged = merge_students(move.destination, survivor, move.known, actor=ADMIN, at=NOW)
        aside = MergeUndo.objects.filter(relation="transfer_imports_matchcandidate")
        assert len(aside.get().aside) == 1
        imported(move.destination, ready)
        assert aside.get().aside == []
        undo_merge(move.destination, merged.pk, actor=ADMIN, at=NOW)
        assert not MatchCandidate.objects.exists()
    assert len(records_of(move.destination, move.known)) == RECORDS
    assert len(records_of(move.destination, survivor)) == STAY


def test_a_match_that_is_gone_is_not_imported(move: Move) -> None:
    ready = analyzed(move.code, move.destination, move.new_school)
    with enter_district(move.destination):
        StudentIdentity.objects.filter(pk=move.known).delete()
        Student.objects.filter(pk=move.known).update(status="anonymized")
    done = imported(move.destination, ready)
    assert (done.imported, line_of(move, "Ada").reasons) == (2, [reasons.MATCH_GONE])
    with enter_district(move.destination):
        assert IncomingStudent.objects.get().given_name == "Ada"
