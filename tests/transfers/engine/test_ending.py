"""Imports that are cancelled, fail or expire leave nothing behind; the log says what became of each student."""

import csv
import datetime as dt
import logging

import pytest
from django.db import connection

from ledger.models import LedgerEntry
from rostering.models import StudentIdentity
from tenants.clock import set_simulated_now
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.support.hashing import hash_schema
from tests.transfers.engine.conftest import Move
from tests.transfers.engine.world import ADMIN, EXPIRES, NOW, analyzed, enter_code, imported, make_student
from transfers.codes.models import TransferCode
from transfers.imports import reasons
from transfers.imports.duplicates import duplicates_after
from transfers.imports.errors import StillImportingError, TransferRefusedError
from transfers.imports.log import HEADER, import_log
from transfers.imports.models import Import, ImportedStudent, ImportState, IncomingStudent, StagedRow
from transfers.imports.services import analyze_import, approve_import, cancel_import, expire_import
from transfers.imports.tasks import IMPORT, job_failed, plan_expired

OWN = ("transfer_imports_import", "transfer_imports_import_pkey")


def personal(district: District) -> dict[str, str]:
    """Every table but the imports' own record."""
    return {name: digest for name, digest in hash_schema(district.schema_name).items() if name not in OWN}


def used(move: Move) -> bool:
    return TransferCode.objects.get(pk=move.code.pk).import_id is not None


def test_a_cancelled_import_leaves_nothing_and_its_code_can_be_entered_again(move: Move) -> None:
    before = personal(move.destination)
    ready = analyzed(move.code, move.destination, move.new_school)
    with enter_district(move.destination):
        cancel_import(move.destination, ready.pk, actor=ADMIN, at=NOW)
        with pytest.raises(TransferRefusedError, match="cancelled any more"):
            cancel_import(move.destination, ready.pk, actor=ADMIN, at=NOW)
        with pytest.raises(TransferRefusedError, match="has ended"):
            approve_import(move.destination, ready.pk, actor=ADMIN, at=NOW)
        analyze_import(move.destination, ready.pk, at=NOW)
        assert Import.objects.get().state == ImportState.CANCELLED
    after = personal(move.destination)
    assert {name for name in after if after[name] != before.get(name, after[name])} == set()
    assert not used(move)
    rewritten = Job.objects.filter(kind="rewrite_storage", district=move.destination)
    assert {job.payload["table"] for job in rewritten} >= {
        "transfer_imports_incomingstudent",
        "transfer_imports_stagedrow",
    }
    assert imported(move.destination, analyzed(move.code, move.destination, move.new_school)).imported == 3


def test_a_failed_import_leaves_nothing_but_a_reference(move: Move, caplog: pytest.LogCaptureFixture) -> None:
    before = personal(move.destination)
    ready = analyzed(move.code, move.destination, move.new_school)
    with enter_district(move.destination):
        approve_import(move.destination, ready.pk, actor=ADMIN, at=NOW)
        job = Job.objects.get(kind=IMPORT)
        with caplog.at_level(logging.ERROR):
            job_failed(move.destination, job, "DataError: something")
            job_failed(move.destination, job, "DataError: something")
        failed = Import.objects.get()
    assert (failed.state, len(failed.reference), failed.reason) == (ImportState.FAILED, 8, "")
    assert failed.reference in caplog.text
    assert "Moreno" not in caplog.text
    assert len(caplog.records) == 1
    assert not used(move)
    after = personal(move.destination)
    assert {name for name in before if before[name] != after[name]} == set()
    assert LedgerEntry.objects.get(kind="transfer_failed").facts["reference"] == failed.reference


def test_a_failure_of_the_rest_keeps_what_was_imported(move: Move) -> None:
    make_student(move.destination, move.new_school, "Bob", "Other", state_id="ST-9")
    ready = analyzed(move.code, move.destination, move.new_school)
    with enter_district(move.destination):
        IncomingStudent.objects.filter(given_name="Ben").update(state_id="ST-9", match_key=None)
    done = imported(move.destination, ready)
    with enter_district(move.destination):
        assert (done.imported, done.students) == (2, 3)
        approve_import(move.destination, ready.pk, actor=ADMIN, at=NOW)
        job_failed(move.destination, Job.objects.filter(kind=IMPORT).latest("key"), "an error")
        failed = Import.objects.get()
        assert (failed.state, failed.imported, bool(failed.reference)) == (ImportState.COMPLETED, 2, True)
        assert IncomingStudent.objects.count() == 1
        approve_import(move.destination, ready.pk, actor=ADMIN, at=NOW)
    assert used(move)


def test_when_nobody_is_left_it_fails_and_says_so(move: Move) -> None:
    key = enter_code(move.code, move.destination, move.new_school)
    with enter_district(move.source):
        StudentIdentity.objects.all().delete()
    with enter_district(move.destination):
        analyze_import(move.destination, key, at=NOW)
        failed = Import.objects.get()
    assert (failed.state, failed.reason) == (ImportState.FAILED, reasons.NOBODY_LEFT)
    assert used(move), "a code that leads to nobody is of no use to anybody"


def test_expiry_destroys_what_is_staged_to_the_second(move: Move) -> None:
    ready = analyzed(move.code, move.destination, move.new_school)
    almost = EXPIRES - dt.timedelta(seconds=1)
    set_simulated_now(almost)
    assert plan_expired() == 0
    set_simulated_now(EXPIRES)
    assert plan_expired() == 1
    assert plan_expired() == 0
    with enter_district(move.destination):
        expire_import(move.destination, ready.pk, at=almost)
        assert StagedRow.objects.exists()
        with pytest.raises(TransferRefusedError, match="within 30 days"):
            approve_import(move.destination, ready.pk, actor=ADMIN, at=EXPIRES)
        approve_import(move.destination, ready.pk, actor=ADMIN, at=almost)
        with pytest.raises(StillImportingError):
            expire_import(move.destination, ready.pk, at=EXPIRES)
        Import.objects.update(state=ImportState.READY)
        expire_import(move.destination, ready.pk, at=EXPIRES)
        expire_import(move.destination, ready.pk, at=EXPIRES)
        assert not IncomingStudent.objects.exists()
        assert Import.objects.get().state == ImportState.EXPIRED
    assert LedgerEntry.objects.filter(kind="transfer_expired").count() == 1


def test_lines_of_those_who_were_not_imported_go_with_expiry(move: Move) -> None:
    ready = analyzed(move.code, move.destination, move.new_school)
    make_student(move.destination, move.new_school, "Bob", "Other", state_id="ST-2")
    imported(move.destination, ready)
    with enter_district(move.destination):
        assert ImportedStudent.objects.count() == 3
        expire_import(move.destination, ready.pk, at=EXPIRES)
        assert set(ImportedStudent.objects.values_list("given_name", flat=True)) == {"Ada", "Cleo"}
        assert Import.objects.get().state == ImportState.COMPLETED


def test_the_log_is_safe_in_a_spreadsheet(move: Move) -> None:
    with enter_district(move.source):
        StudentIdentity.objects.filter(given_name="Cleo").update(given_name="=1+1", student_number="+13")
    done = imported(move.destination, analyzed(move.code, move.destination, move.new_school))
    with enter_district(move.destination):
        rows = list(csv.reader(import_log(done)))
    assert rows[0] == list(HEADER)
    assert [row[:5] for row in rows[1:]] == [
        ["'=1+1", "Moreno", "03", "Imported with no changes", "All"],
        ["Ada", "Moreno", "03", "Imported with changes", "All"],
        ["Ben", "Moreno", "03", "Imported with no changes", "All"],
    ]
    assert rows[2][5:] == ["11", "ST-1", "ada", "ada@birch.example", "901", "ST-1", "", ""]
    assert rows[1][5] == "'+13"


def test_twins_that_appear_afterwards_are_offered_for_merging(move: Move) -> None:
    done = imported(move.destination, analyzed(move.code, move.destination, move.new_school))
    with enter_district(move.destination):
        assert duplicates_after(done) == []
    later = make_student(move.destination, move.new_school, "Benjamin", "Moreno", state_id="ST-2")
    named = make_student(move.destination, move.new_school, "cleo", "moreno")
    with enter_district(move.destination), connection.cursor() as cursor:
        cursor.execute("UPDATE rostering_student SET rostered_on = '2026-08-20' WHERE id = ANY(%s)", [[later, named]])
        found = {(pair.twin, pair.reason) for pair in duplicates_after(done)}
    assert found == {(later, "state_id"), (named, "name")}
