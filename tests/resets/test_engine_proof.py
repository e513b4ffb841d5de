"""What proves a reset: neighbours untouched, sabotage noticed, locks that make nobody wait, bytes that are gone."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from products.partitions import history_opened
from resets.engine import execute, locking
from resets.engine.errors import LocksNotHadError
from resets.models import ResetRun, RunState
from rostering.models import Student
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.support.hashing import hash_schema
from tests.support.jobs import do_jobs

Fill = Callable[..., District]
MakeRun = Callable[..., ResetRun]


@contextmanager
def session() -> Iterator[psycopg.Connection]:
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname=settings["NAME"],
        application_name="a long report",
    ) as opened:
        yield opened


def sabotage(district: District, table: str, when: str, statement: str) -> None:
    """A trigger in the district that does something behind the engine's back."""
    schema = sql.Identifier(district.schema_name)
    body = sql.SQL("BEGIN {} RETURN NULL; END").format(sql.SQL(statement).format(schema=schema))
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE FUNCTION {}.sabotage() RETURNS trigger LANGUAGE plpgsql AS {}").format(
                schema, sql.Literal(body.as_string())
            )
        )
        cursor.execute(
            sql.SQL(
                "CREATE TRIGGER sabotage AFTER {} ON {}.{} FOR EACH STATEMENT EXECUTE FUNCTION {}.sabotage()"
            ).format(sql.SQL(when), schema, sql.Identifier(table), schema)
        )


@pytest.mark.parametrize("suite", ["literacy", "math", "hero"])
def test_a_neighbour_is_the_same_byte_for_byte(suite: str, filled: Fill, make_run: MakeRun) -> None:
    district, neighbour = filled("birch", suites=suite, students=60), filled("alder", suites=suite, students=60)
    before = hash_schema(neighbour.schema_name)

    assert execute(make_run(district, suite).pk) == RunState.COMPLETED

    assert hash_schema(neighbour.schema_name) == before


@pytest.mark.parametrize(
    ("table", "when", "statement", "told"),
    [
        ("literacy_avatar", "DELETE", "DELETE FROM {schema}.literacy_educatoraccount;", "literacy_educatoraccount"),
        (
            "literacy_avatar",
            "DELETE",
            "UPDATE {schema}.literacy_progress SET attempts = attempts;",
            "literacy_progress",
        ),
        ("literacy_avatar", "DELETE", "UPDATE {schema}.rostering_student SET grade = grade;", "rostering_student"),
        ("literacy_reward", "UPDATE", "UPDATE {schema}.literacy_reward SET booster_bits = 1;", "booster_bits"),
        ("literacy_avatar", "DELETE", "UPDATE public.tenants_district SET name = name;", "tenants_district"),
    ],
)
def test_what_happens_behind_its_back_rolls_everything_back(
    table: str, when: str, statement: str, told: str, filled: Fill, make_run: MakeRun
) -> None:
    district = filled(suites="literacy", students=60)
    condition = "UPDATE OF museum_level" if when == "UPDATE" else when
    sabotage(district, table, condition, statement)
    before = hash_schema(district.schema_name)
    run = make_run(district, "literacy")

    assert execute(run.pk) == RunState.FAILED

    run.refresh_from_db()
    assert run.error.startswith("VerificationError")
    assert told in run.error
    assert run.log
    assert not run.counts.exists()
    assert hash_schema(district.schema_name) == before


def test_a_reset_after_the_new_roster_is_refused(filled: Fill, make_run: MakeRun) -> None:
    district = filled(suites="math", students=60)
    with enter_district(district):
        Student.objects.filter(pk=Student.objects.earliest("pk").pk).update(school_year=2027)
    run = make_run(district, "math")

    assert execute(run.pk) == RunState.FAILED

    run.refresh_from_db()
    assert "BEFORE rostering" in run.error


def test_a_long_reader_is_waited_for_and_named(
    filled: Fill, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "PAUSE_SECONDS", 0.05)
    district = filled(suites="literacy", students=60)
    run = make_run(district, "literacy")
    tried = threading.Event()
    real = locking._blockers

    def told(names: list[str]) -> str:
        blockers = real(names)
        tried.set()
        return blockers

    monkeypatch.setattr(locking, "_blockers", told)
    with session() as reader:
        table = sql.Identifier(district.schema_name, "literacy_benchmark")
        reader.execute(sql.SQL("SELECT count(*) FROM {}").format(table))
        release = threading.Thread(target=lambda: (tried.wait(60), reader.rollback()))
        release.start()
        assert execute(run.pk) == RunState.COMPLETED
        release.join()

    run.refresh_from_db()
    assert run.evidence["lock_tries"] > 1
    assert any("a long report" in line["message"] for line in run.log)


def test_patience_ends_with_nothing_changed(filled: Fill, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "PAUSE_SECONDS", 0.01)
    monkeypatch.setitem(locking.lock_tables.__kwdefaults__, "patience", 0.2)
    district = filled(suites="literacy", students=60)
    run = make_run(district, "literacy")
    before = hash_schema(district.schema_name)
    with session() as reader:
        table = sql.Identifier(district.schema_name, "literacy_benchmark")
        reader.execute(sql.SQL("SELECT count(*) FROM {}").format(table))
        with pytest.raises(LocksNotHadError):
            execute(run.pk)

    assert hash_schema(district.schema_name) == before
    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_nothing_of_a_destroyed_school_stays_on_disk(filled: Fill, make_run: MakeRun) -> None:
    district = filled(suites="hero", students=240)
    sentinel = "Quixotic-Zephyr-7401"
    with enter_district(district), history_opened(district), connection.cursor() as cursor:
        schema = sql.Identifier(district.schema_name)
        gone = sql.SQL("(SELECT school_id FROM {0}.hero_schoolsubscription WHERE ends_on < '2026-07-28')").format(
            schema
        )
        for table, column in (
            ("hero_trackingevent", "note"),
            ("hero_trackingeventarchive", "note"),
            ("hero_studentcredential", "username"),
        ):
            cursor.execute(
                sql.SQL("UPDATE {0}.{1} SET {2} = {3} WHERE school_id IN {4}").format(
                    schema, sql.Identifier(table), sql.Identifier(column), sql.Literal(sentinel), gone
                )
            )
            assert cursor.rowcount, f"no row of {table} carries the sentinel: the test would prove nothing"
            cursor.execute(sql.SQL("ANALYZE {}.{}").format(schema, sql.Identifier(table)))
    assert holders_of(district, sentinel)

    assert execute(make_run(district, "hero").pk) == RunState.COMPLETED
    assert holders_of(district, sentinel), "a deleted row survives until its table is rewritten"
    with enter_district(district):
        do_jobs(district, Job.objects.filter(kind="rewrite_storage"))

    assert holders_of(district, sentinel) == []


def holders_of(district: District, text: str) -> list[str]:
    """The relations whose files hold the text: the district's, toasted ones, the catalogue with its statistics."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        root = Path(cursor.fetchone()[0])
        cursor.execute(
            "SELECT c.oid::regclass::text, pg_relation_filepath(c.oid)"
            " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE relkind IN ('r', 'i', 't') AND nspname IN (%s, 'pg_catalog', 'pg_toast')",
            [district.schema_name],
        )
        files = [(name, root / path) for name, path in cursor.fetchall() if path]
    if not all(path.exists() for _, path in files[:1]):
        pytest.skip("the server's data files cannot be read from here")
    found = subprocess.run(
        ["grep", "-l", "-a", "-F", text, *[str(path) for _, path in files]], capture_output=True, text=True, check=False
    )
    assert found.returncode in (0, 1), found.stderr
    names = {str(path): name for name, path in files}
    return sorted(names[line] for line in found.stdout.splitlines())
