"""Export and destruction on request: two people, every row, nothing else, and nothing left."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from disposal.errors import DisposalError
from disposal.models import Case, CaseState
from disposal.requests.models import DisposalRequest
from disposal.services import decide, dispose, note_download, open_case
from holds.models import LegalHold
from ledger.models import LedgerEntry
from products.literacy.models import PortfolioArtifact
from rostering.models import Guardian, Student, StudentGuardian, StudentIdentity
from sweeps.models import Incident, Sweep
from sweeps.services import run_sweep
from tenants.models import District, Job, JobState
from tenants.schema import enter_district, schema_exists
from tests.disposal.conftest import ADMIN, CSM, NOW, TODAY
from tests.resets.test_engine_proof import holders_of
from tests.support.jobs import do_jobs

SENTINEL = "Quixotic-Zephyr-6161"


def ask(district: District, kind: str, student: int | None, **other: Any) -> Case:
    said: dict[str, Any] = {"asker": "parent", "note": "By telephone.", "due_on": None, "actor": ADMIN, **other}
    return open_case(district, kind, student_id=student, at=NOW, as_of=TODAY, **said)


def job_of(case: Case) -> Job:
    return Job.objects.get(kind="dispose", key=str(case.pk))


def somebody() -> int:
    """A student with a file and with guardians, who is easy to find."""
    student = PortfolioArtifact.objects.exclude(file="").order_by("student")[0].student_id
    StudentIdentity.objects.filter(student=student).update(
        family_name=SENTINEL, given_name="=cmd()", email=f"{SENTINEL}@birch.example"
    )
    return int(student)


def test_a_student_is_destroyed_everywhere_and_nobody_else(town: District) -> None:
    with enter_district(town):
        gone = somebody()
        others = set(Student.objects.exclude(pk=gone).values_list("pk", flat=True))
        alone = {
            link.guardian_id
            for link in StudentGuardian.objects.filter(student=gone)
            if not StudentGuardian.objects.filter(guardian=link.guardian_id).exclude(student=gone).exists()
        }
        guardians = Guardian.objects.count()
        case = ask(town, "destruction", gone)
        with pytest.raises(DisposalError, match="two people"):
            decide(case, approved=True, actor=ADMIN, reason="", at=NOW)
        decide(case, approved=True, actor=CSM, reason="", at=NOW)
        dispose(town, job_of(case))
        dispose(town, job_of(case))

        assert set(Student.objects.values_list("pk", flat=True)) == others
        assert Guardian.objects.count() == guardians - len(alone)
        assert not DisposalRequest.objects.exists()
        do_jobs(town, Job.objects.filter(kind__in=["rewrite_storage", "remove_files"], key__contains="destr"))
        Job.objects.filter(kind="rewrite_storage").update(state=JobState.RUNNING)
        Job.objects.filter(kind="rewrite_storage").update(state=JobState.DONE)
        run_sweep(town, Job.objects.get(kind="sweep"))
    assert holders_of(town, SENTINEL) == []
    case.refresh_from_db()
    assert case.state == CaseState.DONE
    entry = LedgerEntry.objects.get(kind="destruction")
    assert sum(each["deleted"] for each in entry.facts["tables"].values()) == sum(case.counts.values())
    assert entry.facts["approvers"] == [ADMIN, CSM]
    assert str(gone) in "".join(path.read_text() for path in Path(settings.LEDGER_DIR).rglob("dispositions/*"))
    assert Sweep.objects.get().hits == {}
    assert not Incident.objects.exists()


def test_more_than_was_approved_is_not_destroyed(town: District) -> None:
    with enter_district(town):
        gone = somebody()
        case = ask(town, "destruction", gone)
        decide(case, approved=True, actor=CSM, reason="", at=NOW)
        Case.objects.filter(pk=case.pk).update(ceiling={**case.ceiling, "literacy_portfolioartifact": 0})
        with pytest.raises(DisposalError, match="literacy_portfolioartifact"):
            dispose(town, job_of(case))
        assert Student.objects.filter(pk=gone).exists()


def test_who_is_on_hold_is_not_destroyed_also_when_the_hold_came_after_the_approval(town: District) -> None:
    with enter_district(town):
        gone = somebody()
        case = ask(town, "destruction", gone)
        decide(case, approved=True, actor=CSM, reason="", at=NOW)
        LegalHold.objects.create(
            scope="student", student_id=gone, ground="litigation", reason="x", placed_by=CSM, placed_at=NOW
        )
        with pytest.raises(DisposalError, match="legal hold"):
            dispose(town, job_of(case))
        with pytest.raises(DisposalError, match="legal hold"):
            ask(town, "destruction", gone)
        assert StudentIdentity.objects.filter(student=gone).exists()


def test_an_export_holds_every_row_safely_and_its_checksums(town: District, tmp_path: Path) -> None:
    with enter_district(town):
        student = somebody()
        stored = PortfolioArtifact.objects.filter(student=student).exclude(file="")[0].file
        path = tmp_path / "media" / town.schema_name / str(stored)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"a drawing")
        case = ask(town, "export", student)
        dispose(town, job_of(case))
        kept = DisposalRequest.objects.get(pk=case.pk).file
    with zipfile.ZipFile(tmp_path / "media" / town.schema_name / kept) as archive:
        for line in archive.read("SHA256SUMS").decode().splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        names = archive.namelist()
        row = json.loads(archive.read("tables/rostering_studentidentity.jsonl"))
        table = csv.DictReader(io.StringIO(archive.read("tables/rostering_studentidentity.csv").decode()))
        lines = list(table)
    assert (row["given_name"], lines[0]["given_name"]) == ("=cmd()", "'=cmd()")
    assert len(lines) == 1
    assert any(name.startswith("files/") for name in names)
    case.refresh_from_db()
    assert case.counts == {name: rows for name, rows in case.counts.items() if f"tables/{name}.csv" in names}
    assert sum(case.counts.values()) == sum(case.ceiling.values()) + 1, "the request's own row came after the counts"


def test_a_district_leaves_with_its_export_first(town: District, tmp_path: Path) -> None:
    with enter_district(town):
        somebody()
        with pytest.raises(DisposalError, match="export first"):
            ask(town, "destruction", None)
        export = ask(town, "export", None)
        dispose(town, job_of(export))
        note_download(town, export, actor=ADMIN, at=NOW)
        case = ask(town, "destruction", None)
        decide(case, approved=True, actor=CSM, reason="", at=NOW)
        dispose(town, job_of(case))
    assert not schema_exists(town.schema_name)
    assert not (tmp_path / "media" / town.schema_name).exists()
    assert LedgerEntry.objects.filter(district_id=town.pk, kind="destruction").exists()
    sweep = Sweep.objects.get()
    assert sweep.samples > 40
    assert sweep.hits == {}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM public.tenants_district WHERE removed_at IS NOT NULL"))
        assert cursor.fetchone() == (1,)
