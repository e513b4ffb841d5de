"""What a reset zeroes or unassigns can be put back exactly; what it deletes leaves nothing behind."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg import sql

from resets.engine import execute, preview, statements
from resets.models import ResetRun, RunState
from tenants.models import District
from tests.resets.conftest import RESET_ON, SCHOOL_YEAR
from tests.resets.test_engine_proof import sabotage
from tests.support.hashing import hash_schema

Fill = Callable[..., District]
MakeRun = Callable[..., ResetRun]


def test_undo_tables_put_back_what_was_there(filled: Fill, make_run: MakeRun) -> None:
    district = filled(suites="literacy", students=60)
    before = hash_schema(district.schema_name)
    run = make_run(district, "literacy")

    assert execute(run.pk) == RunState.COMPLETED

    run.refresh_from_db()
    reward, assignment = sorted(run.undo_tables, reverse=True)
    after = hash_schema(district.schema_name)
    assert after["literacy_reward"] != before["literacy_reward"]
    assert {name for name in after if name.startswith("undo_")} == {reward, assignment}
    names = {name: sql.Identifier(district.schema_name, name) for name in (reward, assignment)}
    rewards, assignments = (
        sql.Identifier(district.schema_name, name) for name in ("literacy_reward", "literacy_playlistassignment")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "UPDATE {} AS t SET booster_bits = u.booster_bits, museum_level = u.museum_level FROM {} AS u"
                " WHERE u.id = t.id"
            ).format(rewards, names[reward])
        )
        cursor.execute(sql.SQL("ALTER TABLE {} DROP COLUMN undo_school_id").format(names[assignment]))
        cursor.execute(sql.SQL("INSERT INTO {} SELECT * FROM {}").format(assignments, names[assignment]))
    restored = hash_schema(district.schema_name)
    for table in ("literacy_reward", "literacy_playlistassignment"):
        assert restored[table] == before[table]


@pytest.mark.parametrize("when", ["BEFORE", "AFTER"])
def test_rows_that_are_eaten_or_come_back_are_noticed(when: str, filled: Fill, make_run: MakeRun) -> None:
    """A trigger that keeps one row from being deleted, or writes it again."""
    district = filled(suites="math", students=60)
    schema = sql.Identifier(district.schema_name)
    bodies = {
        "BEFORE": "IF OLD.id = (SELECT min(id) FROM {0}.math_studentaccount) THEN RETURN NULL; END IF; RETURN OLD;",
        "AFTER": "INSERT INTO {0}.math_studentaccount SELECT OLD.*; RETURN NULL;",
    }
    body = sql.SQL("BEGIN " + bodies[when] + " END").format(schema)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE FUNCTION {}.eat() RETURNS trigger LANGUAGE plpgsql AS {}").format(
                schema, sql.Literal(body.as_string())
            )
        )
        cursor.execute(
            sql.SQL(
                "CREATE TRIGGER eat {} DELETE ON {}.math_studentaccount FOR EACH ROW EXECUTE FUNCTION {}.eat()"
            ).format(sql.SQL(when), schema, schema)
        )
    before = hash_schema(district.schema_name)
    run = make_run(district, "math")

    assert execute(run.pk) == RunState.FAILED

    run.refresh_from_db()
    assert "student_accounts in math_studentaccount at school" in run.error
    assert hash_schema(district.schema_name) == before


def test_a_statement_that_forgets_rows_is_noticed(
    filled: Fill, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    district = filled(suites="literacy", students=60)
    monkeypatch.setattr(statements, "touched_by", lambda part, ground: sql.SQL("t.id % 2 = 0"))
    before = hash_schema(district.schema_name)
    run = make_run(district, "literacy")

    assert execute(run.pk) == RunState.FAILED

    run.refresh_from_db()
    assert run.error.startswith("VerificationError: ")
    assert hash_schema(district.schema_name) == before


def test_a_row_moved_to_another_school_is_noticed(filled: Fill, make_run: MakeRun) -> None:
    """The totals are right; the school is not."""
    district = filled(suites="hero", students=240)
    sabotage(
        district,
        "hero_pointsbalance",
        "UPDATE OF balance",
        "UPDATE {schema}.hero_pointsbalance SET school_id = (SELECT max(school_id) FROM {schema}.hero_pointsbalance);",
    )
    before = hash_schema(district.schema_name)

    assert execute(make_run(district, "hero").pk) == RunState.FAILED

    assert hash_schema(district.schema_name) == before


@pytest.mark.parametrize("suite", ["literacy", "hero"])
def test_a_preview_writes_nothing_and_locks_nothing_a_reader_feels(suite: str, filled: Fill) -> None:
    district = filled(suites=suite, students=60)
    before = hash_schema(district.schema_name)
    with transaction.atomic():
        found = preview(district, suite, SCHOOL_YEAR, RESET_ON)
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'")
            modes: set[Any] = {row[0] for row in cursor.fetchall()}
    assert modes == {"AccessShareLock"}
    assert any(line.before for line in found.lines)
    assert hash_schema(district.schema_name) == before
