"""The partition manager: everything a reset's move needs is there ahead, and the move then reads no row."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError, connection, transaction
from psycopg import sql

from products.partitions import (
    archived_years,
    ensure_archived,
    ensure_partitions,
    fact_tables,
    live_years,
    partition_name,
    readiness,
)
from products.partitions.names import twins
from products.partitions.schedule import READY_PARTITIONS, plan_ready_partitions, ready_next_year
from tenants.models import Job
from tenants.schema import district_table
from tests.products.facts import fetch, insert_usage


def run(statement: str, *names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*[district_table(name) for name in names]))


def move(table: str, year: int) -> None:
    run("ALTER TABLE {} DETACH PARTITION {}", table, partition_name(table, year))
    run(f"ALTER TABLE {{}} ATTACH PARTITION {{}} FOR VALUES IN ({year})", twins()[table], partition_name(table, year))


def test_provisioning_makes_this_and_the_next_year_for_every_fact(entered: Any) -> None:
    assert len(fact_tables()) >= 18
    for table in fact_tables():
        assert live_years(table) == (2026, 2027), table.name
        assert archived_years(table) == ()
    assert readiness(entered.schema_name, 2026) == ()
    assert readiness(entered.schema_name, 2027) == ()


def test_ensuring_again_makes_nothing_and_locks_nothing(entered: Any) -> None:
    before = fetch("SELECT count(*) FROM pg_class")
    with transaction.atomic():
        assert ensure_partitions(entered.schema_name, [2026, 2027]) == ()
        locks = fetch(
            "SELECT l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
            " WHERE pid = pg_backend_pid() AND c.relnamespace = '{schema}'::regnamespace"
        )
    assert locks == []
    assert fetch("SELECT count(*) FROM pg_class") == before


def test_ensuring_shuts_out_no_reader_and_no_writer(committed_district: Any) -> None:
    from tenants.schema import enter_district

    with enter_district(committed_district), transaction.atomic():
        assert ensure_partitions(committed_district.schema_name, [2031], tables=["literacy_usage"])
        modes = fetch(
            "SELECT DISTINCT l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
            " WHERE pid = pg_backend_pid() AND c.relnamespace = '{schema}'::regnamespace AND relname = 'literacy_usage'"
        )
    assert "AccessExclusiveLock" not in {mode for (mode,) in modes}
    assert "ShareUpdateExclusiveLock" in {mode for (mode,) in modes}


@pytest.mark.parametrize("table", sorted(twins()))
def test_attaching_to_the_archive_scans_nothing(entered: Any, table: str) -> None:
    """PostgreSQL says so itself: what ATTACH would have to prove "is implied by existing constraints"."""
    notices: list[str] = []
    connection.ensure_connection()
    handler = notices.append
    raw = connection.connection
    raw.add_notice_handler(lambda diagnostic: handler(diagnostic.message_primary))
    run("SET LOCAL client_min_messages = debug1")
    before = fetch(
        "SELECT indexrelid FROM pg_index WHERE indrelid = %s::regclass ORDER BY 1",
        f"{entered.schema_name}.{table}_2026",
    )
    move(table, 2026)
    run("SET LOCAL client_min_messages = notice")
    after = fetch(
        "SELECT indexrelid FROM pg_index WHERE indrelid = %s::regclass ORDER BY 1",
        f"{entered.schema_name}.{table}_2026",
    )
    said = f'partition constraint for table "{table}_2026" is implied by existing constraints'
    assert said in notices
    assert not [notice for notice in notices if "verifying table" in notice]
    assert after == before, "an index was built during the move"
    assert archived_years(table) == (2026,)
    assert live_years(table) == (2027,)


def test_a_move_back_is_the_same_move(entered: Any) -> None:
    insert_usage(2026)
    move("literacy_usage", 2026)
    assert fetch("SELECT count(*) FROM {schema}.literacy_usage") == [(0,)]
    assert fetch("SELECT count(*) FROM {schema}.literacy_usagearchive") == [(1,)]
    run("ALTER TABLE {} DETACH PARTITION {}", "literacy_usagearchive", "literacy_usage_2026")
    run("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN (2026)", "literacy_usage", "literacy_usage_2026")
    assert fetch("SELECT count(*) FROM {schema}.literacy_usage") == [(1,)]
    assert readiness(entered.schema_name, 2026) == ()


def test_a_year_in_the_archive_gets_no_live_partition_again(entered: Any) -> None:
    move("literacy_usage", 2026)
    assert ensure_partitions(entered.schema_name, [2026]) == ()
    assert readiness(entered.schema_name, 2026) == ()


def test_history_can_be_made_in_the_archive(entered: Any) -> None:
    assert ensure_archived(entered.schema_name, ["literacy_benchmark"], [2023, 2024, 2026]) == (
        "literacy_benchmark_2023",
        "literacy_benchmark_2024",
    )
    assert archived_years("literacy_benchmark") == (2023, 2024)
    assert live_years("literacy_benchmark") == (2026, 2027)


def test_no_default_partition_takes_rows_of_an_unknown_year(entered: Any) -> None:
    with pytest.raises(IntegrityError, match="no partition"):
        insert_usage(2019)


@pytest.mark.parametrize("table", ["literacy_usage", "literacy_usage_2026"])
def test_the_product_constraint_holds_rows_to_the_products_that_keep_them(entered: Any, table: str) -> None:
    with pytest.raises(IntegrityError, match=r"usage(archive)?_product"):
        insert_usage(2026, table, product="hero")


def test_every_fact_is_partitioned_with_its_keys_and_indexes(entered: Any) -> None:
    kinds = dict(fetch("SELECT relname, relkind::text FROM pg_class WHERE relnamespace = '{schema}'::regnamespace"))
    for table in fact_tables():
        for name in filter(None, (table.name, table.archive_name)):
            assert kinds[name] == "p"
            key = fetch(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'p' AND conrelid = %s::regclass",
                f"{entered.schema_name}.{name}",
            )
            assert key == [("PRIMARY KEY (school_year, id)",)]
    assert not fetch("SELECT 1 FROM pg_partitioned_table WHERE partdefid <> 0")


@pytest.mark.parametrize("table", ["literacy_reward", "hero_pointsbalance"])
def test_narrow_tables_leave_room_for_updates_in_place(entered: Any, table: str) -> None:
    assert fetch("SELECT reloptions FROM pg_class WHERE oid = %s::regclass", f"{entered.schema_name}.{table}") == [
        (["fillfactor=85"],)
    ]


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("ALTER TABLE {schema}.literacy_usage_2026 DROP CONSTRAINT literacy_usage_2026_year", "missing_check"),
        ("ALTER TABLE {schema}.literacy_usage_2026 DROP CONSTRAINT usagearchive_product", "missing_check"),
        ("DROP TABLE {schema}.literacy_usage_2026", "missing_partition"),
        ("CREATE INDEX ON {schema}.literacy_usagearchive (occurred_on)", "missing_index"),
        ("ALTER TABLE {schema}.literacy_usagearchive ADD COLUMN extra int", "different_columns"),
        ("CREATE TABLE {schema}.stray PARTITION OF {schema}.literacy_usage DEFAULT", "default_partition"),
    ],
)
def test_readiness_names_what_a_reset_would_stumble_over(entered: Any, damage: str, code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(damage.replace("{schema}", entered.schema_name))
    (problem,) = readiness(entered.schema_name, 2026)
    assert (problem.table, problem.code) == ("literacy_usage", code)
    mendable = code in {"missing_check", "missing_partition"}
    with pytest.raises(CommandError, match="1 problems in 1 districts"):
        call_command("check_partitions", "maple", year=2026)
    if mendable:
        call_command("check_partitions", "maple", year=2026, mend=True)
        assert readiness(entered.schema_name, 2026) == ()
    else:
        with pytest.raises(CommandError):
            call_command("check_partitions", "maple", year=2026, mend=True)


def test_the_command_refuses_a_district_that_is_not_there(district: Any) -> None:
    with pytest.raises(CommandError, match="no district nowhere"):
        call_command("check_partitions", "nowhere")


def test_one_job_per_month_makes_next_years_partitions(entered: Any, clock: Any) -> None:
    clock("2026-05-03T12:00+00:00")
    assert plan_ready_partitions() == 1
    assert plan_ready_partitions() == 0
    clock("2026-06-01T00:00+00:00")
    assert plan_ready_partitions() == 1
    job = Job.objects.filter(kind=READY_PARTITIONS).latest("due_at")
    entered.school_year = 2027
    ready_next_year(entered, job)
    ready_next_year(entered, job)
    assert all(live_years(table) == (2026, 2027, 2028) for table in fact_tables())


def test_the_job_does_not_bring_back_a_year_that_was_deleted(entered: Any, clock: Any) -> None:
    run("DROP TABLE {}", "math_usage_2026")
    ready_next_year(entered, Job())
    assert live_years("math_usage") == (2027,)


def test_a_year_out_of_range_is_not_stored(entered: Any) -> None:
    with pytest.raises((DataError, IntegrityError)):
        insert_usage(99999)
