"""Backups and their restore by the commands of docs/operations.md, as they stand there."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from ledger.verifying import verify_district
from rostering.models import Student, StudentIdentity
from tenants.clock import real_now
from tenants.errors import DistrictClosedError
from tenants.models import District
from tenants.schema import enter_district
from tests.journeys.steps import destroy
from tests.recovery.test_replay import ask, check_closed, replay
from tests.resets.conftest import filled
from tests.support.archiving_server import archiving_server
from tests.support.backups import database_url, new_database, used
from tests.support.documented import run_documented
from tests.support.hashing import hash_schema

__all__ = ["filled"]


def first_student(district: District) -> int:
    with enter_district(district):
        return int(Student.objects.order_by("pk").values_list("pk", flat=True)[0])


def rename(student: int, name: str) -> None:
    StudentIdentity.objects.filter(student=student).update(given_name=name)


def test_a_base_backup_leads_to_a_moment_and_the_site_is_closed_there(
    filled: Callable[..., District], tmp_path: Path
) -> None:
    district = filled("maple", suites="literacy", students=10)
    run_documented("dump everything", tmp_path, DATABASE_URL=database_url())
    with archiving_server() as server:
        url, _ = server.ensure()
        run_documented("restore everything", tmp_path, NEW_DATABASE_URL=url)
        with used(url):
            server.back_up(url)
            with enter_district(district):
                gone = first_student(district)
                rename(gone, "After the backup")
                moment = _now(url)
                rename(gone, "After the moment")
                destroy(district, gone, real_now())
        with used(server.restore_to(moment)):
            check_closed(district)
            assert _given_name(district, gone) == "After the backup"
            replay()
            assert ask(district) == 200
            with enter_district(district):
                assert not Student.objects.filter(pk=gone).exists()
            assert _given_name(district, gone) is None
            assert verify_district(district.pk).problems == ()


def test_a_district_is_put_back_at_once_or_by_way_of_a_database_aside(
    filled: Callable[..., District], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    district = filled("maple", suites="math", students=10)
    url, before = database_url(), hash_schema(district.schema_name)
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    schema = run_documented("dump a district", old, DATABASE_URL=url)["schema"]
    assert schema == district.schema_name

    put_back(old, url, schema)
    assert ask(district) == 200
    assert hash_schema(schema) == before
    with enter_district(district):
        gone = first_student(district)
        destroy(district, gone, real_now())

    put_back(old, url, schema)
    assert ask(district) == 503
    with pytest.raises(DistrictClosedError, match="its schema is of before"):
        first_student(district)
    with new_database() as aside, monkeypatch.context() as patched:
        copied = tmp_path / "ledger"
        shutil.copytree(settings.LEDGER_DIR, copied)
        patched.setattr(settings, "LEDGER_DIR", copied)
        run_documented("restore an older district", old, NEW_DATABASE_URL=aside)
        with used(aside):
            replay()
            assert ask(district) == 200
        run_documented("dump a district", new, DATABASE_URL=aside)
    put_back(new, url, schema)
    assert ask(district) == 200
    with enter_district(district):
        assert not Student.objects.filter(pk=gone).exists()
        assert Student.objects.count() == 9
    assert verify_district(district.pk).problems == ()


def put_back(backups: Path, url: str, schema: str) -> None:
    connections.close_all()
    run_documented("put a district back", backups, DATABASE_URL=url, schema=schema)


def _now(url: str) -> str:
    with psycopg.connect(url) as connection:
        return str(connection.execute("SELECT clock_timestamp()::text").fetchone()[0])  # type: ignore[index]


def _given_name(district: District, student: int) -> Any:
    """As the table says it, whoever may enter the district."""
    table = sql.Identifier(district.schema_name, "rostering_studentidentity")
    query = sql.SQL("SELECT given_name FROM {} WHERE student_id = %s").format(table)
    with psycopg.connect(database_url()) as connection:
        row = connection.execute(query, [student]).fetchone()
    return row[0] if row else None
