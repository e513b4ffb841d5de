"""Between a plan and its commit: suites that went before, subscriptions renewed, runs ended, checks due."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from psycopg import sql

from products.hero.models import SchoolSubscription, TrackingEvent
from products.literacy.models import Avatar
from products.partitions import archived_years, live_years
from resets.engine import events, execute
from resets.engine.errors import GroundChangedError, NotReadyError, RunEndedError
from resets.models import ResetRun, RunState
from tenants.jobs.registry import kind_named
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.resets.conftest import RESET_ON
from tests.support.hashing import hash_schema

Fill = Callable[..., District]
MakeRun = Callable[..., ResetRun]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[], object]], None]:
    """Do something once, when a reset reaches a point: `at("locked", renew)`."""
    listeners: list[Callable[[str], None]] = []
    monkeypatch.setattr(events, "_listeners", listeners)

    def do(point: str, work: Callable[[], object]) -> None:
        def listener(reached: str) -> None:
            if reached == point:
                listeners.remove(listener)
                work()

        listeners.append(listener)

    return do


def elsewhere(statement: sql.Composed) -> None:
    """Run a statement in a session of its own, committed at once."""
    from tests.resets.test_engine_proof import session

    with session() as other:
        other.execute(statement)


def test_a_suite_whose_year_is_dropped_is_in_nobodys_way(filled: Fill, make_run: MakeRun) -> None:
    district = filled(suites="math,literacy,hero", students=60)

    states = [execute(make_run(district, suite).pk) for suite in ("math", "literacy", "hero")]

    assert states == [RunState.COMPLETED] * 3
    assert 2026 not in live_years("math_progress", district.schema_name)


def test_a_year_without_a_partition_has_nothing_to_archive(filled: Fill, make_run: MakeRun) -> None:
    district = filled(suites="literacy", students=60)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(district.schema_name, "literacy_usage_2026")))
    run = make_run(district, "literacy")

    assert execute(run.pk) == RunState.COMPLETED

    usage = run.counts.filter(category="usage")
    assert sum(count.archived for count in usage) == sum(count.before for count in usage)


def test_a_missed_year_is_archived_too(filled: Fill, make_run: MakeRun) -> None:
    district = filled(suites="literacy", students=60)
    missed = archived_years("literacy_usage", district.schema_name)[-1]
    partition = sql.Identifier(district.schema_name, f"literacy_usage_{missed}")
    live, archive = (sql.Identifier(district.schema_name, f"literacy_usage{end}") for end in ("", "archive"))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(archive, partition))
        attach = sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})")
        cursor.execute(attach.format(live, partition, sql.Literal(missed)))
    run = make_run(district, "literacy")

    assert execute(run.pk) == RunState.COMPLETED

    assert missed in archived_years("literacy_usage", district.schema_name)
    run.refresh_from_db()
    assert f"move the partitions to the archive: literacy_usage {missed}" in run.evidence["moves"]


def test_a_partition_that_would_be_read_is_not_moved(filled: Fill, make_run: MakeRun) -> None:
    district = filled(suites="literacy", students=60)
    table = sql.Identifier(district.schema_name, "literacy_usage_2026")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(table, sql.Identifier("literacy_usage_2026_year"))
        )
    run = make_run(district, "literacy")
    before = hash_schema(district.schema_name)

    with pytest.raises(NotReadyError, match="check_partitions --mend"):
        execute(run.pk)

    assert hash_schema(district.schema_name) == before
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    assert "NotReadyError" in run.error
    assert run.evidence["plan"]


def test_a_subscription_renewed_while_the_reset_waits_saves_the_school(
    filled: Fill, make_run: MakeRun, at: Callable[[str, Callable[[], object]], None]
) -> None:
    district = filled(suites="hero", students=120)
    with enter_district(district):
        school = SchoolSubscription.objects.get(ends_on=dt.date(2026, 6, 30)).school_id
        saved = TrackingEvent.objects.filter(school_id=school, school_year=2026).count()
    assert saved
    renew = sql.SQL("UPDATE {} SET ends_on = NULL WHERE school_id = {}").format(
        sql.Identifier(district.schema_name, "hero_schoolsubscription"), sql.Literal(school)
    )
    at("locked", lambda: elsewhere(renew))
    run = make_run(district, "hero")

    with pytest.raises(GroundChangedError):
        execute(run.pk)
    assert execute(run.pk) == RunState.COMPLETED

    assert sum(count.archived for count in run.counts.filter(category="tracking", school_id=school)) == saved
    assert sum(count.deleted for count in run.counts.all()) == 0


def test_a_run_that_was_ended_meanwhile_changes_nothing(
    filled: Fill, make_run: MakeRun, at: Callable[[str, Callable[[], object]], None]
) -> None:
    district = filled(suites="math", students=60)
    run = make_run(district, "math")
    before = hash_schema(district.schema_name)
    end = sql.SQL("UPDATE public.resets_resetrun SET state = 'failed' WHERE id = {}").format(sql.Literal(run.pk))
    at("recorded", lambda: elsewhere(end))

    with pytest.raises(RunEndedError):
        execute(run.pk)

    assert hash_schema(district.schema_name) == before
    run.refresh_from_db()
    assert (run.state, run.counts.count()) == (RunState.FAILED, 0)
    assert execute(run.pk) == RunState.FAILED


def test_what_a_failed_attempt_saw_is_kept(filled: Fill, make_run: MakeRun) -> None:
    from tests.resets.test_engine_proof import sabotage

    district = filled(suites="literacy", students=60)
    sabotage(district, "literacy_avatar", "DELETE", "DELETE FROM {schema}.literacy_educatoraccount;")
    with enter_district(district):
        avatars = Avatar.objects.count()
    run = make_run(district, "literacy")

    assert execute(run.pk) == RunState.FAILED

    run.refresh_from_db()
    assert run.evidence["categories"]["avatars"]["deleted"] >= avatars
    assert any("literacy_avatar: delete rows" in line for line in run.evidence["plan"])


def test_a_broken_reference_is_noticed_before_anybody_waits(
    filled: Fill, make_run: MakeRun, at: Callable[[str, Callable[[], object]], None]
) -> None:
    """Deferred checks run with the changes: at the commit they would run under the exclusive locks."""
    district = filled(suites="literacy", students=60)
    reached: list[str] = []
    for point in events.POINTS:
        at(point, lambda point=point: reached.append(point))
    with connection.cursor() as cursor:
        schema = sql.Identifier(district.schema_name)
        cursor.execute(sql.SQL("CREATE TABLE {}.keepsake (avatar_id bigint)").format(schema))
        cursor.execute(sql.SQL("INSERT INTO {0}.keepsake SELECT id FROM {0}.literacy_avatar LIMIT 1").format(schema))
        cursor.execute(
            sql.SQL(
                "ALTER TABLE {0}.keepsake ADD FOREIGN KEY (avatar_id) REFERENCES {0}.literacy_avatar"
                " DEFERRABLE INITIALLY DEFERRED"
            ).format(schema)
        )
    run = make_run(district, "literacy")

    assert execute(run.pk) == RunState.FAILED

    assert reached[-1] == "rows_changed"
    run.refresh_from_db()
    assert 'violates foreign key constraint "keepsake_avatar_id_fkey"' in run.error
    assert "Key (" not in run.error, "the detail has a value of the row"
    assert run.on == RESET_ON


def test_only_tables_that_lost_rows_are_rewritten(filled: Fill, make_run: MakeRun) -> None:
    district = filled(suites="literacy", students=60)

    assert execute(make_run(district, "literacy").pk) == RunState.COMPLETED

    tables = {job.payload["table"] for job in Job.objects.filter(kind="rewrite_storage")}
    assert tables == {"literacy_avatar", "literacy_avataraccessory", "literacy_playlistassignment"}
    assert kind_named("rewrite_storage").max_attempts > 100
