"""Students come with their history: nothing is lost, nothing is there twice, and the source stays as it is."""

import datetime as dt

import pytest
from django.db import connection

from ledger.models import LedgerEntry
from products.renaissance.models import Quiz, StarAssessment
from rostering.models import GuardianIdentity, Student, StudentIdentity
from tenants.models import Job
from tenants.schema import enter_district
from tests.support.hashing import hash_schema
from tests.transfers.engine.conftest import Move
from tests.transfers.engine.world import (
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
from transfers.imports import reasons
from transfers.imports.errors import TransferError, TransferRefusedError
from transfers.imports.matches import find_matches
from transfers.imports.models import (
    Band,
    ImportedRow,
    ImportedStudent,
    ImportState,
    IncomingStudent,
    MatchCandidate,
    SourceStatus,
    StagedRow,
)
from transfers.imports.services import analyzing, approve_import, import_students

STAY = 2 * RECORDS
"""Records of one student, of both years."""


def lines(move: Move) -> dict[str, ImportedStudent]:
    with enter_district(move.destination):
        return {line.given_name: line for line in ImportedStudent.objects.select_related("student")}


def test_everything_comes_and_the_source_is_untouched(move: Move) -> None:
    before = hash_schema(move.source.schema_name)
    ready = analyzed(move.code, move.destination, move.new_school)
    with enter_district(move.destination):
        assert (ready.state, ready.students) == (ImportState.READY, 3)
        assert StagedRow.objects.count() == 3 * STAY
        assert IncomingStudent.objects.get(given_name="Ada").match_key == move.known
        assert IncomingStudent.objects.get(given_name="Cleo").band == Band.NEW

    done = imported(move.destination, ready)

    assert hash_schema(move.source.schema_name) == before
    assert (done.state, done.students, done.imported, done.changed, done.rows) == ("completed", 3, 3, 1, 3 * STAY)
    found = lines(move)
    for name, key in move.students.items():
        came = records_of(move.source, key)
        here = records_of(move.destination, found[name].student_id)
        assert len(came) == STAY
        assert all(record in here for record in came)
        assert len(here) == STAY + (RECORDS if name == "Ada" else 0)
    with enter_district(move.destination):
        assert not StagedRow.objects.exists()
        assert not IncomingStudent.objects.exists()
        assert not MatchCandidate.objects.exists()
        assert ImportedRow.objects.count() == 3 * STAY
        assert set(StarAssessment.objects.values_list("school_id", flat=True)) == {move.new_school}
        assert {str(quiz.points_earned) for quiz in Quiz.objects.all()} == {"1.5"}


def test_the_linkage_model_is_asked_and_told_who_came_before(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(move.destination, analyzed(move.code, move.destination, move.new_school))
    cleo = lines(move)["Cleo"].student_id
    with enter_district(move.destination):
        StudentIdentity.objects.filter(pk=cleo).update(given_name="Kleopatra", family_name="Other", birth_date=None)
    monkeypatch.setattr(analyzing, "find_matches", find_matches)
    again = make_code(move.source, move.old_school, [move.students["Cleo"], move.students["Ada"]])
    ready = analyzed(again, move.destination, move.new_school)
    with enter_district(move.destination):
        assert dict(ready.incoming.values_list("given_name", "match_key")) == {"Cleo": cleo, "Ada": move.known}
        assert MatchCandidate.objects.filter(student_id=cleo).get().evidence


def test_who_is_known_here_keeps_identity_and_enrollment(move: Move) -> None:
    with enter_district(move.destination):
        before = Student.objects.values().get(pk=move.known), StudentIdentity.objects.values().get(pk=move.known)
    imported(move.destination, analyzed(move.code, move.destination, move.new_school))
    line = lines(move)["Ada"]
    assert (line.student_id, line.is_new, line.source_status) == (move.known, False, SourceStatus.CHANGED)
    assert line.reasons == [reasons.DIFFERS]
    assert (line.source_student_number, line.student_number) == ("11", "901")
    with enter_district(move.destination):
        after = Student.objects.values().get(pk=move.known), StudentIdentity.objects.values().get(pk=move.known)
    assert after == before


def test_new_students_are_enrolled_with_guardians(move: Move) -> None:
    imported(move.destination, analyzed(move.code, move.destination, move.new_school))
    line = lines(move)["Cleo"]
    assert (line.is_new, line.source_status, line.score_status) == (True, SourceStatus.UNCHANGED, "all")
    with enter_district(move.destination):
        student = Student.objects.get(pk=line.student_id)
        assert (student.school_id, student.grade, student.status) == (move.new_school, "03", "active")
        assert (student.school_year, student.rostered_on) == (2026, NOW.date())
        assert student.identity.sourced_id.startswith("transfer-")
        assert student.demographics.sex == "female"
        assert student.guardian_links.get().relation == "parent"
        assert GuardianIdentity.objects.get().given_name == "Dora"


def test_the_ledgers_of_both_sites_have_counts_only(move: Move) -> None:
    imported(move.destination, analyzed(move.code, move.destination, move.new_school))
    entry = LedgerEntry.objects.get(kind="transfer_imported")
    assert entry.district_id == move.destination.pk
    assert entry.facts["rows"]["renaissance_quiz"] == 6
    later = Job.objects.get(kind="ledger_entry", district=move.source)
    assert later.payload["kind"] == "transfer_given"
    public = hash_schema("public")
    with connection.cursor() as cursor:
        for table in public:
            cursor.execute(f"SELECT count(*) FROM public.\"{table}\" AS t WHERE t::text LIKE '%%Moreno%%'")
            assert cursor.fetchone() == (0,), table


def test_identifiers_in_use_here_are_left_out_and_said(move: Move) -> None:
    make_student(
        move.destination, move.new_school, "Other", "Child", student_number="13", email="BEN@birch.example",
        username="ben", birth_date=dt.date(2012, 1, 1),
    )  # fmt: skip
    done = imported(move.destination, analyzed(move.code, move.destination, move.new_school))
    found = lines(move)
    assert (done.imported, done.changed) == (3, 3)
    assert found["Ben"].reasons == [reasons.EMAIL, reasons.USERNAME]
    assert (found["Ben"].username, found["Ben"].email, found["Ben"].student_number) == ("", "", "12")
    assert (found["Cleo"].source_student_number, found["Cleo"].student_number) == ("13", "")


def test_a_state_id_of_another_holds_one_back_until_they_are_matched(move: Move) -> None:
    with enter_district(move.destination):
        StudentIdentity.objects.filter(pk=move.known).update(state_id="")
    ready = analyzed(move.code, move.destination, move.new_school)
    other = make_student(move.destination, move.new_school, "Benjamin", "Moreno", state_id="ST-2")
    done = imported(move.destination, ready)
    line = lines(move)["Ben"]
    assert (done.students, done.imported) == (3, 2)
    assert (line.student_id, line.source_status, line.score_status) == (None, SourceStatus.NOT_IMPORTED, "none")
    assert line.reasons == [reasons.STATE_ID]
    with enter_district(move.destination):
        staged = IncomingStudent.objects.get()
        assert (staged.given_name, staged.staged.count()) == ("Ben", STAY)
        import_students(move.destination, done.pk, at=NOW)
        assert IncomingStudent.objects.count() == 1, "nobody has asked for the rest yet"
        IncomingStudent.objects.update(match_key=other)

    done = imported(move.destination, done)

    assert (done.state, done.imported, done.rows) == (ImportState.COMPLETED, 3, 3 * STAY)
    assert lines(move)["Ben"].student_id == other
    with enter_district(move.destination), pytest.raises(TransferRefusedError, match="Every student"):
        approve_import(move.destination, done.pk, actor="a", at=NOW)


def test_nothing_twice_when_the_same_students_come_again(move: Move) -> None:
    imported(move.destination, analyzed(move.code, move.destination, move.new_school))
    total = record_count(move.destination)
    first = lines(move)
    add_records(move.source, move.old_school, move.students["Cleo"], (2025,))
    again = make_code(move.source, move.old_school, list(move.students.values()))

    ready = analyzed(again, move.destination, move.new_school)
    with enter_district(move.destination):
        matches = dict(IncomingStudent.objects.values_list("given_name", "match_key"))
        assert matches == {name: line.student_id for name, line in first.items()}
    done = imported(move.destination, ready)

    assert done.rows == RECORDS
    assert record_count(move.destination) == total + RECORDS
    with enter_district(move.destination):
        second = ImportedStudent.objects.get(transfer=done, given_name="Cleo")
    assert (second.rows, second.known, second.student_id) == (RECORDS, STAY, first["Cleo"].student_id)


def test_two_codes_for_one_student_make_one_record(move: Move) -> None:
    cleo = [move.students["Cleo"]]
    codes = make_code(move.source, move.old_school, cleo), make_code(move.source, move.old_school, cleo)
    first, second = (analyzed(code, move.destination, move.new_school) for code in codes)
    assert imported(move.destination, first).rows == STAY
    assert imported(move.destination, second).rows == 0
    with enter_district(move.destination):
        assert StudentIdentity.objects.filter(given_name="Cleo").count() == 1
        assert ImportedStudent.objects.get(transfer=second).known == STAY


def test_an_id_that_is_here_for_another_gets_a_new_one(move: Move) -> None:
    with enter_district(move.source):
        taken = Quiz.objects.get(student_id=move.students["Cleo"], school_year=2026).id
    with enter_district(move.destination):
        Quiz.objects.filter(student_id=move.known).update(id=taken)

    done = imported(move.destination, analyzed(move.code, move.destination, move.new_school))

    line = lines(move)["Cleo"]
    assert line.reasons == [reasons.RECORD_ID]
    assert records_of(move.destination, line.student_id) == records_of(move.source, move.students["Cleo"])
    assert done.rows == 3 * STAY
    again = make_code(move.source, move.old_school, list(move.students.values()))
    assert imported(move.destination, analyzed(again, move.destination, move.new_school)).rows == 0


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {destination}.renaissance_mastery WHERE student_id = NEW.student_id",
        "UPDATE {destination}.rostering_school SET number = number",
        "UPDATE {source}.renaissance_quiz SET percent_correct = percent_correct",
        "UPDATE {destination}.renaissance_quiz SET student_id = {known} WHERE student_id = NEW.student_id",
        "RAISE EXCEPTION 'a fault'",
    ],
)
def test_a_fault_inside_rolls_everything_back(statement: str, move: Move) -> None:
    ready = analyzed(move.code, move.destination, move.new_school)
    schemas = move.source.schema_name, move.destination.schema_name
    text = statement.format(source=schemas[0], destination=schemas[1], known=move.known)
    with enter_district(move.destination), connection.cursor() as cursor:
        cursor.execute(
            f"CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {text}; RETURN NULL; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER spoil AFTER INSERT ON transfer_imports_importedrow FOR EACH ROW EXECUTE FUNCTION spoil()"
        )
        approve_import(move.destination, ready.pk, actor="a", at=NOW)
    before = [hash_schema(schema) for schema in schemas]
    with enter_district(move.destination), connection.cursor() as cursor:
        with pytest.raises(Exception) as raised:  # noqa: PT011 - the server's, or ours
            import_students(move.destination, ready.pk, at=NOW)
        cursor.execute("DROP FUNCTION spoil CASCADE")
    assert isinstance(raised.value, TransferError) or "a fault" in str(raised.value)
    assert [hash_schema(schema) for schema in schemas] == before
    assert not LedgerEntry.objects.filter(kind="transfer_imported").exists()
