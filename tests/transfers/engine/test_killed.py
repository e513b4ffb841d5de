"""kill -9 at each step of analysis, import and recall: whoever goes on comes to the same end, nothing is done twice."""

from collections.abc import Callable
from functools import partial

import pytest

from ledger.models import LedgerEntry
from sweeps.models import Sweep
from sweeps.services import table_of
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.support import killing
from tests.support.hashing import hash_schema
from tests.transfers.engine.conftest import Move
from tests.transfers.engine.world import ADMIN, NOW, RECORDS, analyzed, enter_code, record_count, records_of
from transfers.imports import points
from transfers.imports.models import Import, ImportedRow, ImportedStudent, ImportState, IncomingStudent, StagedRow
from transfers.imports.services import analyze_import, analyzing, approve_import, import_students
from transfers.imports.services.recalling import recall_students

ANALYSIS = (
    "transfer_read",
    "transfer_staged",
    "transfer_staged",
    "transfer_partitioned",
    "transfer_matched",
    "transfer_ready",
)
RECALL = ("transfer_recall_destroyed", "transfer_recall_recorded", "transfer_recall_committed")
IMPORT = ("transfer_people", "transfer_records", "transfer_verified", "transfer_imported")


def killed_at(point: str, district: District, work: Callable[[], object]) -> bool:
    return killing.killed_at(point, district, work, points.listen)


def test_every_point_is_killed_at() -> None:
    assert {*ANALYSIS, *IMPORT, *RECALL} == set(points.POINTS)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_killed_at_each_step(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyzing, "PAGE", 1)
    source = hash_schema(move.source.schema_name)
    had = record_count(move.destination)
    key = enter_code(move.code, move.destination, move.new_school)
    with enter_district(move.destination):
        for point in ANALYSIS:
            assert killed_at(point, move.destination, lambda: analyze_import(move.destination, key, at=NOW)), point
            assert StagedRow.objects.count() % (2 * RECORDS) == 0, "a student is staged whole"
        analyze_import(move.destination, key, at=NOW)
        assert Import.objects.get().state == ImportState.READY
        assert StagedRow.objects.count() == 6 * RECORDS
        approve_import(move.destination, key, actor=ADMIN, at=NOW)
        for point in IMPORT:
            assert record_count(move.destination) == had
            assert ImportedRow.objects.count() == 0
            assert killed_at(point, move.destination, lambda: import_students(move.destination, key, at=NOW)), point
        before = hash_schema(move.destination.schema_name)
        import_students(move.destination, key, at=NOW)
        assert hash_schema(move.destination.schema_name) == before
        assert Import.objects.get().state == ImportState.COMPLETED
        came = dict(ImportedStudent.objects.values_list("given_name", "student_id"))
    assert record_count(move.destination) == had + 6 * RECORDS
    for name in ("Ben", "Cleo"):
        assert records_of(move.destination, came[name]) == records_of(move.source, move.students[name])
    assert hash_schema(move.source.schema_name) == source
    kinds = list(
        LedgerEntry.objects.filter(kind__startswith="transfer").order_by("number").values_list("kind", flat=True)
    )
    assert kinds == ["transfer_analyzed", "transfer_imported"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_recall_that_is_killed_is_whole_or_was_never_begun(move: Move) -> None:
    there = analyzed(move.code, move.destination, move.new_school)
    cleo = [move.students["Cleo"]]
    before = hash_schema(move.destination.schema_name)
    with enter_district(move.destination):
        for point in RECALL:
            assert hash_schema(move.destination.schema_name) == before, point
            work = partial(recall_students, move.destination, move.source.pk, cleo, at=NOW)
            assert killed_at(point, move.destination, work), point
        after = hash_schema(move.destination.schema_name)
        assert after.keys() - before.keys() == {table_of(Sweep.objects.get().pk)}
        assert recall_students(move.destination, move.source.pk, cleo, at=NOW) == 0
        assert hash_schema(move.destination.schema_name) == after
        assert set(IncomingStudent.objects.values_list("given_name", flat=True)) == {"Ada", "Ben"}
        now = Import.objects.get(pk=there.pk)
        assert (now.state, now.students) == (ImportState.READY, 2)
    assert LedgerEntry.objects.filter(kind="transfer_recalled").count() == 1
    assert Job.objects.filter(district=move.destination, kind="sweep").count() == 1
