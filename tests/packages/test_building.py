"""A package holds every row of its year exactly, of one moment, with checksums; and nothing of others."""

import csv
import datetime as dt
import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import connection, connections
from django.db.models import Sum
from psycopg import sql

from ledger.models import LedgerEntry
from products.hero.models import Points, StudentCredential
from products.literacy.models import PortfolioArtifact, Progress
from products.registry import suites
from reports.packages import building
from reports.packages.checking import check_package
from reports.packages.contents import LEFT_OUT, sources
from reports.packages.errors import DamagedError
from reports.packages.models import Package, PackageState
from reports.packages.places import KEYS, PLAIN, folder_of, path_of
from reports.packages.services import KIND, ask_package, build_package
from reports.yearend.registry import reports_of
from resets.engine import execute
from resets.models import ResetRun, ResetSchedule, RunState
from rostering.catalog import ROSTER
from rostering.models import School, Student, StudentIdentity
from tenants.models import District
from tenants.schema import enter_district
from tests.packages.conftest import ADMIN, NOW, work

HARD = 'a "b"\n,c'


def rows_in(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return list(pq.read_table(io.BytesIO(archive.read(f"data/{name}.parquet"))).to_pylist())


def rows_of(district: District, name: str) -> dict[str, dict[str, Any]]:
    query = sql.SQL("SELECT to_jsonb(t)::text FROM {} AS t WHERE school_year = 2026")
    with connection.cursor() as cursor:
        cursor.execute(query.format(sql.Identifier(district.schema_name, name)))
        return {row["id"]: row for (text,) in cursor.fetchall() for row in [json.loads(text)]}


def test_a_package_holds_its_year_exactly(
    filled: Callable[..., District], built: Callable[..., Package], bare: None
) -> None:
    district = filled(suites="literacy,hero", students=40)
    with enter_district(district):
        stored = PortfolioArtifact.objects.filter(school_year=2026).exclude(file="")[0]
        StudentIdentity.objects.filter(student=stored.student_id).update(given_name="=cmd()", middle_name=HARD)
        path = Path(folder_of(Package(district=district))).parent.parent / str(stored.file)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"a drawing")
    package = built(district)
    assert package.state == PackageState.READY
    manifest = check_package(path_of(package))
    with zipfile.ZipFile(path_of(package)) as archive:
        for line in archive.read("SHA256SUMS").decode().splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        assert archive.read(f"files/{stored.file}") == b"a drawing"
        usage = rows_in(archive, "literacy_usage")
        people = {row["student_id"]: row for row in rows_in(archive, "rostering_studentidentity")}
        sheet = list(
            csv.DictReader(io.StringIO(archive.read("csv/rostering_studentidentity.csv").decode(), newline=""))
        )
        words = list(csv.DictReader(io.StringIO(archive.read("data_dictionary.csv").decode())))
        said = archive.read("README.txt").decode()
        inside = {name[5:-8] for name in archive.namelist() if name.startswith("data/")}
    live = rows_of(district, "literacy_usage")
    assert {row["id"]: {**row, "occurred_on": row["occurred_on"].isoformat()} for row in usage} == live
    assert live
    mine = next(row for row in sheet if row["student_id"] == str(stored.student_id))
    assert (people[stored.student_id]["given_name"], mine["given_name"]) == ("=cmd()", "'=cmd()")
    assert people[stored.student_id]["middle_name"] == mine["middle_name"] == HARD
    with enter_district(district):
        assert people.keys() == set(Student.objects.values_list("pk", flat=True))
    number = next(row for row in words if row["column"] == "student_number")
    assert (number["label"], number["identifies somebody"], number["belongs to"]) == ("Student id", "yes", "a student")
    assert f"{package.rows:,} rows" in said
    assert {entry.table for entry in manifest.tables} == inside
    assert not any(name.startswith("hero") for name in inside)
    entry = LedgerEntry.objects.get(kind="package_built")
    assert entry.facts["sha256"] == package.sha256 == hashlib.sha256(path_of(package).read_bytes()).hexdigest()


def test_every_table_is_in_or_out_with_a_reason() -> None:
    roster = {table.name for table in ROSTER.tables}
    for suite in suites():
        held = [source.relation for source in sources(suite.code, 2026)]
        assert len(held) == len(set(held))
        own = {name for table in suite.tables for name in (table.name, table.archive_name)} - {""}
        assert set(held) == own | (roster - LEFT_OUT.keys())
    assert roster > LEFT_OUT.keys()


def test_what_is_archived_is_told_apart_and_no_password_leaves(
    filled: Callable[..., District], built: Callable[..., Package], bare: None, make_run: Callable[..., ResetRun]
) -> None:
    district = filled(suites="literacy,hero", students=40)
    assert execute(make_run(district, "literacy").pk) == RunState.COMPLETED
    with zipfile.ZipFile(path_of(built(district, "literacy"))) as archive:
        archived = rows_in(archive, "literacy_usagearchive")
        live = rows_in(archive, "literacy_usage")
    assert {row["id"] for row in archived} == rows_of(district, "literacy_usagearchive").keys()
    assert archived
    assert not live
    with zipfile.ZipFile(path_of(built(district, "hero"))) as archive:
        logins = rows_in(archive, "hero_studentcredential")
    with enter_district(district):
        assert {row["username"] for row in logins} == set(StudentCredential.objects.values_list("username", flat=True))
        assert "!" not in set(StudentCredential.objects.values_list("password_hash", flat=True))
    assert {row["password_hash"] for row in logins} == {"!"}


def test_it_is_of_one_moment_and_stops_nobody(
    filled: Callable[..., District], built: Callable[..., Package], bare: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written while it is being built is not in it, nor half in it."""
    district = filled(suites="literacy", students=40)
    with enter_district(district):
        before = Progress.objects.filter(school_year=2026).count()
    written = []

    def reach(self: Any, percent: float, step: str) -> None:
        if not written:
            written.append(step)
            writer = threading.Thread(target=change)
            writer.start()
            writer.join()

    def change() -> None:
        with enter_district(district):
            Progress.objects.filter(school_year=2026).delete()
            Student.objects.update(grade="12")
        connections.close_all()

    monkeypatch.setattr("reports.packages.writing.choose_students", _after(reach, written))
    package = built(district)
    with zipfile.ZipFile(path_of(package)) as archive:
        assert len(rows_in(archive, "literacy_progress")) == before
        assert {row["grade"] for row in rows_in(archive, "rostering_student")} != {"12"}
    with enter_district(district):
        assert not Progress.objects.filter(school_year=2026).exists()


def _after(reach: Callable[..., None], written: list[str]) -> Callable[..., list[int]]:
    from reports.packages.contents import choose_students

    def choose(suite: str, school_year: int) -> list[int]:
        found = choose_students(suite, school_year)
        reach(None, 1, "chosen")
        return found

    return choose


def test_a_damaged_file_is_never_offered(
    filled: Callable[..., District], built: Callable[..., Package], bare: None, tmp_path: Path
) -> None:
    district = filled(suites="literacy", students=40)
    package = built(district)
    raw = path_of(package).read_bytes()
    with zipfile.ZipFile(path_of(package)) as archive:
        place = archive.getinfo("data/literacy_usage.parquet").header_offset + 200
    torn = tmp_path / "torn.zip"
    torn.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
    with pytest.raises(DamagedError, match="literacy_usage"):
        check_package(torn)
    torn.write_bytes(raw[: len(raw) // 2])
    with pytest.raises(DamagedError, match="cannot be read"):
        check_package(torn)


def test_killed_in_the_middle_it_begins_anew_and_leaves_no_half_file(
    filled: Callable[..., District], built: Callable[..., Package], bare: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    district = filled(suites="literacy", students=40)
    package = ask_package(district, "literacy", 2026, actor=ADMIN, at=NOW)
    with monkeypatch.context() as patched:
        patched.setattr(building, "check_package", _dies)
        with pytest.raises(KeyboardInterrupt):
            work(district, KIND, package, build_package)
    assert [path.name for path in folder_of(package).iterdir()] == []
    (folder_of(package) / "work").mkdir()  # as kill -9 would leave it
    (folder_of(package) / "work" / PLAIN).write_bytes(b"half")
    work(district, KIND, package, build_package)
    package.refresh_from_db()
    assert package.state == PackageState.READY
    assert {path.name for path in folder_of(package).iterdir()} == {PLAIN, KEYS}
    assert LedgerEntry.objects.filter(kind="package_built").count() == 1
    assert LedgerEntry.objects.filter(kind="package_asked").count() == 1
    before = path_of(package).stat().st_mtime_ns
    work(district, KIND, package, build_package)
    assert path_of(package).stat().st_mtime_ns == before


def _dies(_path: Path) -> None:
    raise KeyboardInterrupt


def test_a_newer_package_takes_the_olders_place_but_not_over_a_reset(
    filled: Callable[..., District], built: Callable[..., Package], bare: None, make_run: Callable[..., ResetRun]
) -> None:
    district = filled(suites="math", students=40)
    first, second = built(district, "math"), built(district, "math")
    first.refresh_from_db()
    assert (first.state, first.gone_reason) == (PackageState.GONE, "replaced")
    assert not folder_of(first).exists()
    run = make_run(district, "math")
    assert execute(run.pk) == RunState.COMPLETED
    third = built(district, "math")
    second.refresh_from_db()
    assert (second.state, third.state) == (PackageState.READY, PackageState.READY)
    assert third.rows < second.rows, "what the reset has deleted is in the older one only"


def test_its_reports_and_the_certificates_draft(
    filled: Callable[..., District], built: Callable[..., Package], make_run: Callable[..., ResetRun], tmp_path: Path
) -> None:
    """What a person reads: the same numbers as on the pages, and what the reset will do, as it then does it."""
    district = filled(suites="hero", students=120)
    ResetSchedule.objects.create(district=district, suite="hero", school_year=2026, on=dt.date(2026, 7, 28))
    path = path_of(built(district, "hero"))
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
        draft = json.loads(archive.read("certificate-draft.json"))
        paper = archive.read("certificate-draft.pdf")
        text = archive.read("reports/hero-points/by-student/points.csv").decode("utf-8-sig")
        earned = [int(row["Points earned"]) for row in csv.DictReader(io.StringIO(text))]
        exact = pq.read_table(io.BytesIO(archive.read("reports/hero-points/by-student/points.parquet")))
    with enter_district(district):
        total = Points.objects.filter(school_year=2026, points__gt=0).aggregate(Sum("points"))["points__sum"]
        schools = School.objects.count()
    assert sum(earned) == sum(exact.column("earned").to_pylist()) == total
    assert {each["file"] for each in manifest["reports"]} == {name for name in names if name.startswith("reports/")}
    assert {f"reports/{report.code}/{report.code}.pdf" for report in reports_of("hero")} <= names
    assert len([name for name in names if name.startswith("reports/hero-points/print/")]) == schools
    assert paper.startswith(b"%PDF")
    assert draft["draft"] is True
    assert draft["standing"].startswith("DRAFT. Nothing of this has been done yet.")
    run = make_run(district, "hero")
    assert execute(run.pk) == RunState.COMPLETED
    done = LedgerEntry.objects.get(kind="reset").facts["categories"]
    said = {line["code"]: {name: line[name] for name in done[line["code"]]} for line in draft["categories"]}
    assert said == done
    with zipfile.ZipFile(path_of(built(district, "hero"))) as archive:
        assert not [name for name in archive.namelist() if name.startswith("certificate")], "now there is the real one"
