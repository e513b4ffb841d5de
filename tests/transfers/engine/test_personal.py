"""Nothing personal outside of the two districts' schemas, and erased means erased: the data files are searched."""

import logging

import pytest

from rostering.models import StudentIdentity
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.resets.test_engine_proof import holders_of
from tests.support.jobs import do_jobs
from tests.transfers.engine.conftest import Move
from tests.transfers.engine.world import ADMIN, NOW, analyzed, imported
from transfers.imports.models import ImportedStudent, IncomingStudent
from transfers.imports.services import cancel_import, undo_import

SENTINEL = "Quixotic-Zephyr-4711"
PUBLIC = District(slug="public", schema_name="public")


def test_names_are_in_the_two_schemas_only_and_go_with_the_import(move: Move, caplog: pytest.LogCaptureFixture) -> None:
    with enter_district(move.source):
        StudentIdentity.objects.filter(given_name="Cleo").update(
            family_name=SENTINEL, email=f"{SENTINEL}@birch.example"
        )
    with caplog.at_level(logging.DEBUG):
        first = analyzed(move.code, move.destination, move.new_school)
        assert "transfer_imports_incomingstudent" in " ".join(holders_of(move.destination, SENTINEL))
        with enter_district(move.destination):
            cancel_import(move.destination, first.pk, actor=ADMIN, at=NOW)
        done = imported(move.destination, analyzed(move.code, move.destination, move.new_school))
        with enter_district(move.destination):
            assert ImportedStudent.objects.filter(family_name=SENTINEL).exists()
            assert not IncomingStudent.objects.exists()
            do_jobs(move.destination, Job.objects.filter(kind="rewrite_storage", district=move.destination))
            staged = [name for name in holders_of(move.destination, SENTINEL) if "incoming" in name or "staged" in name]
            assert staged == []
            undo_import(move.destination, done.pk, actor=ADMIN, at=NOW)
            do_jobs(move.destination, Job.objects.filter(kind="rewrite_storage", district=move.destination))
    held = {name.split(".")[-1].strip('"') for name in holders_of(move.destination, SENTINEL)}
    assert {name for name in held if not name.startswith("transfer_imports_imported")} == set()
    assert holders_of(PUBLIC, SENTINEL) == []
    assert SENTINEL not in caplog.text
