"""Export and destruction on request: two people, every row, nothing else, and nothing left."""

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from approvals.errors import StaleApprovalError
from approvals.models import Approval
from approvals.services import mark_stale
from archiving.services import anonymize_leavers
from disposal.approving import use_for
from disposal.errors import DisposalError
from disposal.models import Case, CaseState
from disposal.requests.models import DisposalRequest
from disposal.services import ask_again, decide, dispose, give_up_disposal, note_download, open_case, take_back
from holds.models import LegalHold
from ledger.models import LedgerEntry
from products.literacy.models import PortfolioArtifact, StudentAccount
from resets.policies.registry import policy_for
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
        with pytest.raises(DisposalError, match="second person"):
            decide(case, approved=True, actor=ADMIN, reason="", at=NOW)
        decide(case, approved=True, actor=CSM, reason="", at=NOW)
        dispose(town, job_of(case))
        dispose(town, job_of(case))

        assert set(Student.objects.values_list("pk", flat=True)) == others
        assert Guardian.objects.count() == guardians - len(alone)
        assert not DisposalRequest.objects.exists()
        do_jobs(town, Job.objects.filter(kind="rewrite_storage", key__contains="destr"))
        do_jobs(town, Job.objects.filter(kind="remove_files"))
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


def test_more_than_was_approved_is_asked_for_again(town: District, clock: Callable[[str], Any]) -> None:
    with enter_district(town):
        gone = somebody()
        case = ask(town, "destruction", gone)
        decide(case, approved=True, actor=CSM, reason="", at=NOW)
        many = sum(case.counts.values()) // 10 + 2  # more than the tenth that may come until it is done
        DisposalRequest.objects.bulk_create(DisposalRequest(student_id=gone, asker="parent") for _ in range(many))
        dispose(town, job_of(case))
        assert Student.objects.filter(pk=gone).exists()
        case.refresh_from_db()
        assert (case.state, case.is_open) == (CaseState.STALE, True)
        assert "rows, and at most" in Approval.objects.get().stale_because
        dispose(town, job_of(case))

        ask_again(town, case, actor=ADMIN, at=NOW)
        with pytest.raises(DisposalError, match="nothing to ask again"):
            ask_again(town, Case.objects.get(), actor=ADMIN, at=NOW)
        late = clock((NOW + dt.timedelta(days=60)).isoformat())
        with pytest.raises(DisposalError, match="expired"):
            decide(case, approved=True, actor=CSM, reason="", at=late)
        ask_again(town, case, actor=ADMIN, at=late)
        decide(case, approved=True, actor=CSM, reason="", at=late)
        dispose(town, Job.objects.filter(kind="dispose").latest("created_at"))
        assert not Student.objects.filter(pk=gone).exists()
    assert Counter(Approval.objects.values_list("state", flat=True)) == {"stale": 1, "withdrawn": 1, "used": 1}


def test_an_approval_is_of_one_student_and_one_policy(town: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """Merging another student into this one, or a new policy, would destroy something that nobody approved."""
    with enter_district(town):
        gone = somebody()
        case = ask(town, "destruction", gone)
        decide(case, approved=True, actor=CSM, reason="", at=NOW)
        counted = {**case.counts, "rostering_student": 2}
        with pytest.raises(StaleApprovalError, match="students would concern 2"), transaction.atomic():
            use_for(case, counted, NOW)
        monkeypatch.setattr(
            "disposal.approving.policy_for", lambda _: replace(policy_for("disposal"), version="2031.1")
        )
        with pytest.raises(StaleApprovalError, match=r"policy is 2031\.1 now"), transaction.atomic():
            use_for(case, case.counts, NOW)
        case.due_on = TODAY
        with pytest.raises(StaleApprovalError), transaction.atomic():
            use_for(case, case.counts, NOW)


def test_a_request_is_taken_back_as_long_as_it_is_not_done(town: District) -> None:
    with enter_district(town):
        gone = somebody()
        first, second, third = (ask(town, "destruction", gone) for _ in range(3))
        take_back(first, actor=ADMIN, at=NOW)
        decide(second, approved=True, actor=CSM, reason="", at=NOW)
        take_back(second, actor=ADMIN, at=NOW)
        dispose(town, job_of(second))
        decide(third, approved=True, actor=CSM, reason="", at=NOW)
        give_up_disposal(town, job_of(third), "for weeks")
        take_back(Case.objects.get(pk=third.pk), actor=ADMIN, at=NOW)
        assert Student.objects.filter(pk=gone).exists()
        for case in (first, second, third):
            with pytest.raises(DisposalError, match="settled"):
                take_back(case, actor=ADMIN, at=NOW)
    assert set(Case.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert LedgerEntry.objects.get(kind="disposal_withdrawn").facts == {"case": str(third.pk)}


def test_a_request_ends_with_the_student_whom_it_is_about(town: District) -> None:
    """Destroyed by another request, or anonymized before: nobody could do it any more."""
    with enter_district(town):
        gone = somebody()
        other = StudentAccount.objects.exclude(student=gone).order_by("pk")[0].student_id
        done, again = ask(town, "destruction", gone), ask(town, "destruction", gone)
        late, export, stale = (
            ask(town, "destruction", other),
            ask(town, "export", other),
            ask(town, "destruction", other),
        )
        decide(stale, approved=True, actor=CSM, reason="", at=NOW)
        mark_stale(Case.objects.get(pk=stale.pk).approval_id, "more rows", at=NOW)
        decide(done, approved=True, actor=CSM, reason="", at=NOW)
        dispose(town, job_of(done))
        ended = set(Case.objects.filter(state="withdrawn").values_list("pk", flat=True))
        assert ended == {again.pk}
        anonymize_leavers(town, "literacy", 2026, actor="system:tests", at=NOW)
        assert not Student.objects.filter(pk=other).exists()
        for case in (late, export, stale):
            dispose(town, Job(district=town, payload={"case": str(case.pk)}))
    ended = set(Case.objects.filter(state="withdrawn").values_list("pk", flat=True))
    assert ended == {again.pk, late.pk, export.pk, stale.pk}
    assert Case.objects.get(pk=done.pk).state == CaseState.DONE


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
        previewed = sum(case.counts.values())
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
    assert sum(case.counts.values()) == previewed + 1, "the request's own row came after the counts"


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
    kinds = LedgerEntry.objects.filter(district_id=town.pk).values_list("kind", flat=True)
    assert {"approval_asked", "approval_approved"} <= set(kinds), "no worker had come to them before the district went"
    assert not schema_exists(town.schema_name)
    assert not (tmp_path / "media" / town.schema_name).exists()
    assert LedgerEntry.objects.filter(district_id=town.pk, kind="destruction").exists()
    sweep = Sweep.objects.get()
    assert sweep.samples > 40
    assert sweep.hits == {}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM public.tenants_district WHERE removed_at IS NOT NULL"))
        assert cursor.fetchone() == (1,)
