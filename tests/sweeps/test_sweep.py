"""The search after a destruction: it finds what was left anywhere, and nothing when all is gone."""

import base64
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection, transaction
from psycopg import sql
from redis import Redis

from ledger.services import append_entry
from rostering.models import EducatorIdentity, Guardian, GuardianIdentity, Student, StudentGuardian, StudentIdentity
from sweeps.errors import IncidentError, SweepWaitsError
from sweeps.finder import Finder
from sweeps.models import Incident, Sweep
from sweeps.places import NAMED_AGAIN, UNREADABLE, search_files
from sweeps.services import ask_sweep, close_incident, keep_samples, run_sweep
from sweeps.tables import Found
from tenants.jobs.services import enqueue_job
from tenants.locks import Lock, take_lock
from tenants.models import District, Job, JobState
from tenants.schema import current_schema, enter_district
from tests.archiving.conftest import DAY_91
from transfers.imports.models import DataRequest

SENTINEL = "Quixotic-Zephyr-8802"
LEFT = "Wistful-Zephyr-2208"
"""In the broker for a moment, which a search at the same time would find."""
Fill = Callable[..., District]


@pytest.fixture
def town(filled: Fill, settings: pytest.FixtureRequest, tmp_path: Path) -> District:
    settings.MEDIA_ROOT, settings.DROP_ROOT = tmp_path / "media", tmp_path / "drop"  # type: ignore[attr-defined]
    (tmp_path / "media").mkdir()
    return filled(suites="literacy", students=30)


def ask(district: District, name: str = SENTINEL) -> tuple[Job, int]:
    """Somebody is destroyed, but for what a test leaves of them."""
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        gone = Student.objects.order_by("pk")[0].pk
        StudentIdentity.objects.filter(student=gone).update(family_name=name, email=f"{name}@birch.example")
        guardian = Guardian.objects.create()
        StudentGuardian.objects.filter(student=gone).delete()
        StudentGuardian.objects.create(student_id=gone, guardian=guardian)
        GuardianIdentity.objects.create(guardian=guardian, sourced_id="g-0", email=f"parent-of-{name}@birch.example")
        samples = keep_samples(sql.SQL("SELECT {}::bigint").format(sql.Literal(gone)))
        guardian.delete()
        StudentIdentity.objects.filter(student=gone).delete()
        facts = {"rewrite": "destruction x"}
        number = append_entry(district.pk, "destruction", actor="system:tests", at=DAY_91, facts=facts)
        ask_sweep(district, samples, what="destruction", ledger_number=number, at=DAY_91)
    return Job.objects.get(district=district, kind="sweep"), gone


def tables_of_samples() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = %s AND tablename LIKE 'sample%%'", [current_schema()]
        )
        return cursor.fetchone()[0]


def test_nothing_is_found_when_all_is_gone_and_the_samples_go_too(town: District) -> None:
    with enter_district(town):
        job, _ = ask(town)
        run_sweep(town, job)
        run_sweep(town, job)
        assert tables_of_samples() == 0
    sweep = Sweep.objects.get()
    assert sweep.finished_at
    assert sweep.hits == {}
    assert (sweep.people, sweep.samples >= 3) == (1, True)
    assert sweep.columns > 500
    assert sweep.rows > 1000
    assert not Incident.objects.exists()


def test_the_search_waits_for_the_storage(town: District) -> None:
    with enter_district(town):
        job, _ = ask(town)
        waiting = enqueue_job(town, "rewrite_storage", "destruction x rostering_studentidentity", due_at=DAY_91)
        with pytest.raises(SweepWaitsError):
            run_sweep(town, job)
        Job.objects.filter(pk=waiting.pk).update(state=JobState.RUNNING)
        Job.objects.filter(pk=waiting.pk).update(state=JobState.DONE)
        run_sweep(town, job)
    assert Sweep.objects.get().finished_at


def test_what_was_left_is_found_wherever_it_is_and_named_by_its_place_only(town: District, tmp_path: Path) -> None:
    with enter_district(town):
        job, _ = ask(town, LEFT)
        mail = f"{LEFT}@birch.example"
        DataRequest.objects.create(
            kind="data", recipient="a@b.example", subject="x", body=f"for <{mail}>", asked_by="x", asked_at=DAY_91
        )
        with zipfile.ZipFile(tmp_path / "media" / "old.zip", "w") as archive:
            archive.writestr("users.csv", f"1,{mail.upper()}\n")
        (tmp_path / "media" / "parents.csv").write_text(f"Roe,parent-of-{LEFT}@birch.example\n")
        dropped = tmp_path / "drop" / town.slug
        dropped.mkdir(parents=True)
        for name, said in (("old.zip", f"1,{mail}\n"), ("newest.zip", f"2,{mail}\n")):
            with zipfile.ZipFile(dropped / name, "w") as archive:
                archive.writestr("users.csv", said)
        os.utime(dropped / "old.zip", (86_400, 86_400))
        os.utime(dropped / "newest.zip", (2 * 86_400, 2 * 86_400))
        broker = Redis.from_url(configured.REDIS_URL)
        broker.set("left", base64.b64encode(f"[{mail}]".encode() * 3))
        try:
            run_sweep(town, job)
        finally:
            broker.delete("left")
    sweep = Sweep.objects.get()
    assert sweep.hits["district.transfer_imports_datarequest.body"] == 1
    assert sweep.hits["files"] == 2, "a student's address, and a guardian's who has nobody else here"
    assert sweep.hits["broker and cache"] >= 1
    assert sweep.hits["drop folder"] == 1
    assert NAMED_AGAIN in sweep.unreached, "who stands in the newest roster comes back with it"
    assert len(sweep.hits) == 4
    assert LEFT.lower() not in str(sweep.hits).lower()
    incident = Incident.objects.get()
    with pytest.raises(IncidentError):
        close_incident(incident, outcome="removed", actor="csm:1", reason=" ", at=DAY_91)
    close_incident(incident, outcome="removed", actor="csm:1", reason="A letter; destroyed.", at=DAY_91)
    with pytest.raises(IncidentError):
        close_incident(incident, outcome="removed", actor="csm:1", reason="again", at=DAY_91)


def test_files_are_searched_but_those_of_other_districts(tmp_path: Path) -> None:
    for name in ("mine", "theirs"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.csv").write_text(f"1,{SENTINEL}\n")
    with zipfile.ZipFile(tmp_path / "mine" / "torn.zip", "w") as archive:
        archive.writestr("users.csv", f"1,{SENTINEL}\n")
    torn = (tmp_path / "mine" / "torn.zip").read_bytes()
    (tmp_path / "mine" / "torn.zip").write_bytes(torn.replace(b"PK\x03\x04", b"XX\x03\x04"))
    found = Found()
    search_files(tmp_path, Finder([(SENTINEL.lower(),)]), found, "files", without=("theirs",))
    assert (found.files, found.hits) == (2, {"files": 2})
    assert found.unreached == [UNREADABLE]


def test_a_short_number_among_a_siblings_keys_is_no_hit(town: District) -> None:
    with enter_district(town):
        gone = Student.objects.order_by("pk")[0].pk
        StudentIdentity.objects.filter(student=gone).update(student_number="48151")
        with connection.cursor() as cursor:
            for name, kind in (("keys_of_a_sibling", "bigint"), ("left", "text")):
                table = sql.Identifier(town.schema_name, name)
                columns = sql.SQL("CREATE TABLE {} AS SELECT 48151::{} AS key, {} AS name")
                cursor.execute(columns.format(table, sql.SQL(kind), sql.Literal(f"of {SENTINEL}, 348151")))
        job, _ = ask(town)
        run_sweep(town, job)
    assert Sweep.objects.get().hits == {"district.left.key": 1, "district.left.name": 1}


def test_what_somebody_who_stays_has_too_is_no_hit(town: District) -> None:
    with enter_district(town):
        stays = Student.objects.order_by("-pk")[0].pk
        StudentIdentity.objects.filter(student=stays).update(email=f"{SENTINEL}@birch.example")
        teacher = EducatorIdentity.objects.earliest("pk")
        teacher.email = f"parent-of-{SENTINEL}@birch.example"
        teacher.save()
        job, _ = ask(town)
        run_sweep(town, job)
    assert Sweep.objects.get().hits == {}
