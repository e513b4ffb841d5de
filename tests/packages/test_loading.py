"""What left can return: a package that is read into an empty district gives the same reports, number by number."""

import datetime as dt
import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from psycopg import sql

from ledger.models import LedgerEntry
from products.hero.models import StudentCredential
from products.literacy.models import PortfolioArtifact, Usage
from products.math.models import Usage as MathUsage
from products.partitions import archived_years, live_years
from products.registry import suites
from reports.packages.building import build
from reports.packages.contents import sources
from reports.packages.loading.errors import LoadRefusedError
from reports.packages.loading.services import load_package
from reports.packages.models import Package, PackageState
from reports.packages.places import path_of
from reports.packages.services import ask_package
from reports.people.sight import Sight
from reports.yearend.compile import sheets
from reports.yearend.registry import REPORTS
from reports.yearend.scope import Scope
from resets.engine import execute
from resets.models import ResetRun, RunState
from rostering.models import Student, StudentIdentity
from tenants.clock import set_simulated_now
from tenants.models import District
from tenants.schema import enter_district
from tenants.zips import ZipWriter
from tests.packages.conftest import ADMIN, NOW
from tests.support.districts import district_schemas, forget_districts, provision

YEARS = (2025, 2026)
OF_TODAY = {"points-balances"}
"""What has no year is told by today's classes, which are in the current year's package."""
Packages = dict[tuple[str, int], Path]


@pytest.fixture(scope="module")
def left(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[District, Packages]]:
    """A district with two years, one archived and partly live again, somebody anonymized, and all its packages."""
    from django.conf import settings

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched:
        patched.setattr("reports.packages.writing.add_reports", lambda *_: [])  # no rows are loaded from reports
        before, media = district_schemas(), settings.MEDIA_ROOT
        settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
        try:
            set_simulated_now(NOW)
            district = provision("birch")
            call_command("generate_district", slug="birch", students=60, seed=5, school_year=2026, years=2, verbosity=0)
            _live_through(district)
            yield (
                district,
                {
                    (suite.code, year): path_of(_built(district, suite.code, year))
                    for suite in suites()
                    for year in YEARS
                },
            )
        finally:
            settings.MEDIA_ROOT = media
            forget_districts(keep=before)
            connections.close_all()


def _live_through(district: District) -> None:
    """A reset of literacy, one school back, one student without a name, a stored file."""
    run = ResetRun.objects.create(
        district=district, suite="literacy", school_year=2026, on=dt.date(2026, 6, 20), actor="csm:1", created_at=NOW
    )
    assert execute(run.pk) == RunState.COMPLETED
    with enter_district(district):
        one = Student.objects.order_by("pk")[0]
        StudentIdentity.objects.filter(student=one).delete()
        Student.objects.filter(pk=one.pk).update(status="anonymized", birth_year=2014)
        two = StudentIdentity.objects.order_by("pk")[0]
        StudentIdentity.objects.filter(pk=two.pk).update(given_name='=a "q"', middle_name="x\ny", preferred_name="")
        file = PortfolioArtifact.objects.filter(school_year=2026).exclude(file="")[0].file
    from django.conf import settings

    path = Path(settings.MEDIA_ROOT) / district.schema_name / str(file)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a recording")


def _built(district: District, suite: str, year: int) -> Package:
    package = ask_package(district, suite, year, actor=ADMIN, at=NOW)
    with enter_district(district):
        build(district, package)
    package.refresh_from_db()
    assert package.state == PackageState.READY
    return package


def load(path: Path, slug: str = "elm", **other: Any) -> Any:
    return load_package(path, identity=None, slug=slug, actor="command:load_package", at=NOW, **other)


@pytest.fixture
def arriving(left: tuple[District, Packages], media: Path) -> Iterator[Callable[..., District]]:
    """Load packages into a district of their own, which is gone after the test."""
    district, packages = left
    before = district_schemas()

    def take(*wanted: tuple[str, int], slug: str = "elm") -> District:
        for each in wanted or packages:
            load(packages[each], slug)
        return District.objects.get(slug=slug)

    try:
        yield take
    finally:
        connection.set_schema_to_public()
        with connection.cursor() as cursor:
            for schema in set(district_schemas()) - set(before):
                cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
            cursor.execute("SET session_replication_role = replica")
            for table in ("tenants_job", "ledger_ledgerentry", "ledger_ledgerhead", "tenants_domain"):
                column = "tenant_id" if table == "tenants_domain" else "district_id"
                cursor.execute(f"DELETE FROM public.{table} WHERE {column} <> %s", [district.pk])
            cursor.execute("DELETE FROM public.products_subscription WHERE district_id <> %s", [district.pk])
            cursor.execute("DELETE FROM public.tenants_district WHERE id <> %s", [district.pk])
            cursor.execute("SET session_replication_role = origin")


def numbers(district: District, years: tuple[int, ...]) -> dict[Any, Any]:
    """Every row of every table of every report, at every grain."""
    found = {}
    with enter_district(district), connection.cursor() as cursor:
        for report in REPORTS:
            for grain in report.grains:
                scope = Scope(Sight(), years, dt.date(2026, 6, 24))
                for sheet in sheets(report, scope, grain):
                    cursor.execute(sheet.query)
                    found[report.code, grain, sheet.code] = cursor.fetchall()
    return found


@pytest.mark.parametrize("years", [(2026,), (2025,), YEARS])
def test_all_reports_are_the_same_number_by_number(
    left: tuple[District, Packages], arriving: Callable[..., District], years: tuple[int, ...]
) -> None:
    district, packages = left
    there = arriving(*[each for each in packages if each[1] in years])
    wanted, found = numbers(district, years), numbers(there, years)
    assert wanted.keys() == found.keys()
    for key, rows in wanted.items():
        if years != (2025,) or key[2] not in OF_TODAY:
            assert found[key] == rows, key
    assert sum(map(len, wanted.values())) > 1000


def test_every_row_is_the_same_and_new_keys_go_on(
    left: tuple[District, Packages], arriving: Callable[..., District], media: Path
) -> None:
    district, packages = left
    there = arriving()
    for code, year in packages:
        wanted, found = (_everything(each, code, year) for each in (district, there))
        for name, rows in wanted.items():
            if name.startswith("rostering_"):
                assert found[name].items() <= rows.items(), name
            elif not name.endswith("credential"):
                assert found[name] == rows, name
    with enter_district(there):
        assert not set(YEARS) & set(live_years("literacy_usage"))
        assert archived_years("literacy_usage") == YEARS
        assert set(StudentCredential.objects.values_list("password_hash", flat=True)) == {"!"}
        newest = Student.objects.order_by("-pk")[0].pk
        made = Student.objects.create(grade="01", school_year=2026, rostered_on=NOW.date())
        assert made.pk > newest
    files = [path for path in (media / there.schema_name).rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [b"a recording"]
    loaded = LedgerEntry.objects.filter(district_id=there.pk, kind="package_loaded")
    assert {(entry.facts["suite"], entry.facts["school_year"]) for entry in loaded} == set(packages)


def _everything(district: District, code: str, year: int) -> dict[str, dict[str, str]]:
    with enter_district(district):
        return {source.relation: _rows(district, source) for source in sources(code, year)}


def _rows(district: District, source: Any) -> dict[str, str]:
    """A relation's rows of the package's year, or of all, by key."""
    keys = [str(each.column) for each in source.table.model._meta.pk_fields]
    key = sql.SQL("concat_ws('/', {})").format(sql.SQL(", ").join(sql.Identifier("t", name) for name in keys))
    query = sql.SQL("SELECT {}, to_jsonb(t)::text FROM {} AS t WHERE {}")
    condition = source.condition if source.owner != "roster" else sql.SQL("true")
    with connection.cursor() as cursor:
        cursor.execute(query.format(key, sql.Identifier(district.schema_name, source.relation), condition))
        return dict(cursor.fetchall())


def test_the_same_again_changes_nothing_and_what_differs_is_told(
    left: tuple[District, Packages], arriving: Callable[..., District]
) -> None:
    _, packages = left
    there = arriving(("math", 2026))
    again = load(packages["math", 2026])
    assert sum(again.inserted.values()) == 0
    assert sum(again.same.values()) > 100
    with enter_district(there):
        changed = Student.objects.order_by("pk")[3].pk
        Student.objects.filter(pk=changed).update(grade="XX")
    with pytest.raises(LoadRefusedError) as refused:
        load(packages["literacy", 2026])
    assert refused.value.problems == [f"rostering_student {changed} is another one here: grade differs."]
    with enter_district(there):
        assert not Usage.objects.exists()


def test_other_data_of_the_year_is_refused(left: tuple[District, Packages], arriving: Callable[..., District]) -> None:
    _, packages = left
    there = arriving(("math", 2026))
    with enter_district(there):
        for usage in MathUsage.objects.all()[:2]:
            usage.id = uuid.uuid4()
            usage.save(force_insert=True)
    with pytest.raises(LoadRefusedError, match="holds data that is not in the package"):
        load(packages["math", 2026])


def test_a_dry_run_makes_nothing(left: tuple[District, Packages], arriving: Any, media: Path) -> None:
    _, packages = left
    schemas = district_schemas()
    result = load(packages["literacy", 2026], dry_run=True)
    assert result.made
    assert sum(result.inserted.values()) > 1000
    assert district_schemas() == schemas
    assert not District.objects.filter(slug="elm").exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_the_command(left: tuple[District, Packages], arriving: Any, tmp_path: Path, capsys: Any) -> None:
    _, packages = left
    key = pyrage.x25519.Identity.generate()
    sealed, keys = tmp_path / "p.zip.age", tmp_path / "key.txt"
    pyrage.encrypt_file(str(packages["hero", 2026]), str(sealed), [key.to_public()])
    with pytest.raises(CommandError, match="refused"):
        call_command("load_package", str(sealed), slug="elm")
    keys.write_text(f"# public key: {key.to_public()}\n{pyrage.x25519.Identity.generate()}\n")
    with pytest.raises(CommandError, match="refused"):
        call_command("load_package", str(sealed), slug="elm", identity=keys)
    assert "does not open this package" in capsys.readouterr().err
    keys.write_text(f"# public key: {key.to_public()}\n{key}\n")
    call_command("load_package", str(sealed), slug="elm", identity=keys, verbosity=0)
    assert "hero 2026, district elm (new)" in capsys.readouterr().out
    assert District.objects.filter(slug="elm").exists()


def changed(path: Path, to: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A package whose members were changed, with checksums that fit."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name != "SHA256SUMS"}
    change(members)
    with zipfile.ZipFile(to, "w") as archive:
        writer = ZipWriter(archive)
        for name, content in members.items():
            writer.add(name, [content], packed=name.startswith("data/"))
        writer.add_sums()
    return to


def told(manifest: dict[str, Any], table: str) -> dict[str, Any]:
    return next(each for each in manifest["tables"] if each["table"] == table)


def test_every_problem_is_told_before_anything_is_written(
    left: tuple[District, Packages], arriving: Any, tmp_path: Path
) -> None:
    _, packages = left
    schemas = district_schemas()

    def change(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        manifest["tables"] = [each for each in manifest["tables"] if each["table"] != "math_usage"]
        told(manifest, "math_progress")["columns"][0]["kind"] = "text"
        told(manifest, "math_pathway")["rows"] += 1
        told(manifest, "math_classroom")["table"] = "pg_authid"
        members["manifest.json"] = json.dumps(manifest).encode()
        members["data/math_assessment.parquet"] = b"PAR1rubbishPAR1"

    with pytest.raises(LoadRefusedError) as refused:
        load(changed(packages["math", 2026], tmp_path / "p.zip", change))
    said = " ".join(refused.value.problems)
    for part in ("pg_authid is a table", "math_classroom is missing", "math_usage is missing", "is text in the package",
                 "math_pathway.parquet has", "math_assessment.parquet cannot be read"):  # fmt: skip
        assert part in said
    assert district_schemas() == schemas


def test_rows_that_lead_to_nobody_and_files_that_no_row_names(
    left: tuple[District, Packages], arriving: Any, tmp_path: Path
) -> None:
    _, packages = left

    def nobody(members: dict[str, bytes]) -> None:
        rows = pq.read_table(io.BytesIO(members["data/math_usage.parquet"]))
        place = rows.schema.get_field_index("student_id")
        strange = pa.array([2**40] * rows.num_rows, pa.int64())
        out = io.BytesIO()
        pq.write_table(rows.set_column(place, rows.schema.field(place), strange), out)
        members["data/math_usage.parquet"] = out.getvalue()

    with pytest.raises(LoadRefusedError, match="of a student who is not in the district"):
        load(changed(packages["math", 2026], tmp_path / "p.zip", nobody))

    def file(members: dict[str, bytes]) -> None:
        members["files/uploads/evil.zip"] = b"x"

    with pytest.raises(LoadRefusedError, match="named by no row"):
        load(changed(packages["literacy", 2026], tmp_path / "q.zip", file))
    assert not District.objects.filter(slug="elm").exists()
