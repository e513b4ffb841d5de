"""After a restore from a backup: codes that were freed since are free, and what was staged and destroyed is again."""

from typing import Any
from uuid import uuid4

from ledger.chain import BEGINNING, Entry, chained
from ledger.models import LedgerEntry
from ledger.replaying import Replay, replayed
from recovery.again import AGAIN
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.transfers.engine.conftest import Move
from tests.transfers.engine.world import ADMIN, EXPIRES, NOW, analyzed
from transfers.codes.models import TransferCode
from transfers.imports import reasons
from transfers.imports.models import Import, ImportState, IncomingStudent
from transfers.imports.services import approve_import


def again(district: District, kind: str, at: Any = NOW, **facts: Any) -> Entry:
    """Replay an entry that a district's ledger lacks."""
    last = LedgerEntry.objects.filter(district_id=district.pk).order_by("-number").first()
    number, previous = (last.number, last.digest) if last else (0, BEGINNING)
    entry = chained(district.pk, number + 1, kind, ADMIN, at, facts, previous)
    with enter_district(district), replayed(Replay([entry])):
        AGAIN[kind](district, entry)
    return entry


def used_by() -> Any:
    return TransferCode.objects.get().import_id


def test_a_code_that_was_used_and_freed_again_is_free(move: Move) -> None:
    first, second, code = uuid4(), uuid4(), str(move.code.pk)
    there = {"destination_district": move.destination.pk}
    again(move.source, "code_redeemed", code=code, **{"import": str(first)}, **there)
    assert used_by() == first
    again(move.source, "code_released", code=code, **{"import": str(first)})
    assert used_by() is None
    again(move.source, "code_redeemed", code=code, **{"import": str(second)}, **there)
    again(move.destination, "transfer_cancelled", code=code, students=3, **{"import": str(first)})
    assert used_by() == second, "the import that was cancelled is not the one that has it now"


def test_what_was_staged_for_an_import_that_was_cancelled_is_gone_again(move: Move) -> None:
    ready = analyzed(move.code, move.destination, move.new_school)
    entry = again(
        move.destination, "transfer_cancelled", code=str(move.code.pk), students=3, **{"import": str(ready.pk)}
    )
    with enter_district(move.destination):
        assert Import.objects.get().state == ImportState.CANCELLED
        assert not IncomingStudent.objects.exists()
    assert used_by() is None
    assert LedgerEntry.objects.get(district_id=move.destination.pk, number=entry.number).digest == entry.digest
    assert not Job.objects.filter(kind="ledger_entry", payload__kind="code_released").exists()


def test_what_was_staged_for_an_import_that_failed_is_gone_again(move: Move) -> None:
    ready = analyzed(move.code, move.destination, move.new_school)
    facts = {"import": str(ready.pk), "code": str(move.code.pk), "students": 3, "reference": "ABCD2345"}
    again(move.destination, "transfer_failed", **facts, reason=reasons.NOBODY_LEFT)
    with enter_district(move.destination):
        now = Import.objects.get()
        assert (now.state, now.reference) == (ImportState.FAILED, "ABCD2345")
        assert not IncomingStudent.objects.exists()
    assert used_by() == ready.pk
    again(move.destination, "transfer_failed", **facts, reason="")
    assert used_by() is None


def test_what_expired_has_expired_again_but_for_what_is_being_written(move: Move) -> None:
    ready = analyzed(move.code, move.destination, move.new_school)
    facts = {"import": str(ready.pk), "code": str(move.code.pk), "students": 3}
    with enter_district(move.destination):
        approve_import(move.destination, ready.pk, actor=ADMIN, at=NOW)
        again(move.destination, "transfer_expired", EXPIRES, **facts)
        assert IncomingStudent.objects.count() == 3
        Import.objects.filter(pk=ready.pk).update(state=ImportState.COMPLETED, finished_at=NOW)
        again(move.destination, "transfer_expired", EXPIRES, **facts)
        assert not IncomingStudent.objects.exists()
