"""Somebody is destroyed at the source while they are on their way: they are destroyed on their way too."""

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from disposal.models import Case
from disposal.services import decide, dispose, open_case
from ledger.dispositions import written_keys
from ledger.models import LedgerEntry
from ledger.publishing import entry_of
from ledger.replaying import Replay, replayed
from recovery.again import AGAIN, needs_keys
from rostering.errors import UploadGoneError
from rostering.models import Student, StudentIdentity
from rostering.uploads import KIND, accept_upload, import_upload
from sweeps.models import Incident, Sweep
from sweeps.services import run_sweep
from tenants.clock import set_simulated_now
from tenants.models import District, Job, JobState
from tenants.schema import enter_district
from tests.resets.test_engine_proof import holders_of
from tests.support.jobs import do_jobs
from tests.transfers.engine.conftest import Move
from tests.transfers.engine.world import ADMIN, NOW, analyzed, enter_code, imported
from transfers.imports import reasons
from transfers.imports.kinds import RECALL
from transfers.imports.models import Import, ImportedStudent, ImportState, IncomingStudent, StagedRow
from transfers.imports.services import analyze_import, analyzing, approve_import, ask_recall, import_students

CSM = "csm:9"


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.LEDGER_DIR = tmp_path / "media", tmp_path / "ledger"
    settings.DROP_ROOT = tmp_path / "drop"


def destroy(district: District, student: int) -> Case:
    """Destroy a student of a district on request."""
    set_simulated_now(NOW)
    with enter_district(district):
        case = open_case(
            district, "destruction", student_id=student, asker="parent", note="", due_on=None, actor=ADMIN, at=NOW,
            as_of=NOW.date(),
        )  # fmt: skip
        decide(case, approved=True, actor=CSM, reason="", at=NOW)
        dispose(district, Job.objects.get(kind="dispose", key=str(case.pk)))
    return case


def recall(district: District) -> None:
    """Do what a district was asked for, as often as the worker may."""
    with enter_district(district):
        for _ in range(2):
            do_jobs(district, Job.objects.filter(district=district, kind=RECALL))


def search(district: District) -> Sweep:
    with enter_district(district):
        do_jobs(district, Job.objects.filter(district=district, kind="rewrite_storage"))
        Job.objects.filter(kind="rewrite_storage").update(state=JobState.RUNNING)
        Job.objects.filter(kind="rewrite_storage").update(state=JobState.DONE)
        run_sweep(district, Job.objects.get(district=district, kind="sweep"))
    return Sweep.objects.get(district=district)


def staged() -> set[str]:
    return set(IncomingStudent.objects.values_list("given_name", flat=True))


def test_who_is_destroyed_at_the_source_is_destroyed_where_they_are_staged(move: Move) -> None:
    with enter_district(move.source):  # a number in nobody's random key, a name in no file of the tests before
        own = {"given_name": "Clementine", "student_number": "QX-4471-20"}
        StudentIdentity.objects.filter(pk=move.students["Cleo"]).update(**own)
    ready = analyzed(move.code, move.destination, move.new_school)
    cleo = move.students["Cleo"]
    case = destroy(move.source, cleo)
    entry = LedgerEntry.objects.get(kind="destruction")
    assert entry.facts["recalled_from"] == 1
    assert Job.objects.get(kind=RECALL).payload == {"source": move.source.pk, "keys": [cleo]}
    recall(move.destination)

    with enter_district(move.destination):
        assert staged() == {"Ada", "Ben"}
        assert not StagedRow.objects.exclude(incoming__in=IncomingStudent.objects.all()).exists()
        now = Import.objects.get(pk=ready.pk)
        assert (now.state, now.students) == (ImportState.READY, 2)
    mine = LedgerEntry.objects.get(district_id=move.destination.pk, kind="transfer_recalled")
    assert mine.facts["students"] == 1
    assert (written := written_keys(move.destination.pk, mine.number))
    assert written.keys == (cleo,)
    sweep = search(move.destination)
    assert (sweep.people, sweep.hits) == (1, {})
    assert not Incident.objects.exists()
    assert holders_of(move.destination, "Clementine") == []
    done = imported(move.destination, now)
    assert (done.imported, Case.objects.get().pk) == (2, case.pk)


def test_a_backup_that_still_has_them_staged_loses_them_by_the_replay(move: Move) -> None:
    analyzed(move.code, move.destination, move.new_school)
    with enter_district(move.destination):
        before = IncomingStudent.objects.get(given_name="Cleo")
        key = before.source_key
    destroy(move.source, key)
    recall(move.destination)
    row = LedgerEntry.objects.get(kind="transfer_recalled")
    entry = entry_of(row)
    assert needs_keys(entry)
    with enter_district(move.destination):
        before.save(force_insert=True)  # as if from a backup
        Sweep.objects.all().delete()
        with replayed(Replay([entry], (key,))):
            AGAIN[entry.kind](move.destination, entry)
        assert staged() == {"Ada", "Ben"}
    assert LedgerEntry.objects.get(kind="transfer_recalled").digest == row.digest


def test_what_was_imported_stays_and_the_line_of_whoever_was_not_goes(move: Move) -> None:
    ready = analyzed(move.code, move.destination, move.new_school)
    imported(move.destination, ready)
    with enter_district(move.destination):
        line = ImportedStudent.objects.get(given_name="Ben")
        ImportedStudent.objects.filter(pk=line.pk).update(student=None, source_status="not_imported")
    for name in ("Ben", "Cleo"):
        destroy(move.source, move.students[name])
    recall(move.destination)
    with enter_district(move.destination):
        assert set(ImportedStudent.objects.values_list("given_name", flat=True)) == {"Ada", "Cleo"}
        assert Student.objects.filter(identity__given_name="Cleo").exists()
        assert Import.objects.get().state == ImportState.COMPLETED
    assert LedgerEntry.objects.filter(kind="transfer_recalled").count() == 1


def test_a_page_that_was_read_before_is_not_staged_after_the_recall(
    move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The analysis has somebody in its hands, read at the source, while they are destroyed there and recalled here."""
    read = analyzing.read_page

    def read_and_destroy(source: District, offer: Any, **place: Any) -> Any:
        page = read(source, offer, **place)
        monkeypatch.setattr(analyzing, "read_page", read)
        destroy(move.source, move.students["Ben"])
        recall(move.destination)
        return page

    monkeypatch.setattr(analyzing, "read_page", read_and_destroy)
    key = enter_code(move.code, move.destination, move.new_school)
    with enter_district(move.destination):
        analyze_import(move.destination, key, at=NOW)
        assert staged() == {"Ada", "Cleo"}


def test_an_import_of_which_nobody_is_left_ends_and_says_why(move: Move) -> None:
    ready = analyzed(move.code, move.destination, move.new_school)
    with enter_district(move.destination):
        approve_import(move.destination, ready.pk, actor=ADMIN, at=NOW)
    assert ask_recall(move.source, None, None, reference="the district leaves", at=NOW) == 1
    recall(move.destination)
    with enter_district(move.destination):
        import_students(move.destination, ready.pk, at=NOW)
        now = Import.objects.get()
        assert (now.state, now.reason, now.imported) == (ImportState.FAILED, reasons.RECALLED, 0)
        assert staged() == set()
    facts = LedgerEntry.objects.get(district_id=move.destination.pk, kind="transfer_recalled").facts
    assert (facts["whole"], facts["students"]) == (True, 3)


def zipped(*lines: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.csv", "\n".join(("sourcedId,givenName,familyName,identifier,email", *lines)))
    return content.getvalue()


def test_a_kept_bundle_that_holds_the_destroyed_goes_too(move: Move) -> None:
    ben, other = "1,Ben,Moreno,12,ben@birch.example", "2,Zoe,Ames,99,zoe@birch.example"
    root, drop = Path(settings.MEDIA_ROOT) / move.source.schema_name, Path(settings.DROP_ROOT) / move.source.slug
    drop.mkdir(parents=True)
    for day, (name, line) in enumerate((("old.zip", other), ("with.zip", ben), ("new.zip", other))):
        (drop / name).write_bytes(zipped(line))
        os.utime(drop / name, (day * 86_400, day * 86_400))
    keys = []
    with enter_district(move.source):
        for line in (ben, other):
            upload = SimpleUploadedFile("bundle.zip", zipped(line))
            said = {"as_of": NOW.date(), "now": NOW, "strict": False, "dry_run": False}
            keys.append(str(accept_upload(move.source, upload, actor=ADMIN, **said)))
    assert len(list(root.rglob("*.zip"))) == 2
    destroy(move.source, move.students["Ben"])
    with enter_district(move.source):
        do_jobs(move.source, Job.objects.filter(kind="remove_files"))
        jobs = dict(Job.objects.filter(kind=KIND).values_list("key", "state"))
        assert jobs == {keys[0]: "failed", keys[1]: "waiting"}
        held = Job.objects.get(kind=KIND, key=keys[0])
        (root / "uploads" / held.key.replace("-", "") / "bundle.zip").write_bytes(zipped(ben))  # a worker has it open
        with pytest.raises(UploadGoneError, match="destroyed on request"):
            import_upload(move.source, held)
    assert sorted(path.name for path in drop.iterdir()) == ["new.zip"]
    kept = root / "uploads" / keys[1].replace("-", "") / "bundle.zip"
    assert kept.is_file()
