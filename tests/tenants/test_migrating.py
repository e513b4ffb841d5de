"""One migration over many districts."""

from collections import Counter
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tenants.locks import Lock
from tenants.migrating import district as one_district
from tenants.migrating.capture import migrate_schema
from tenants.migrating.districts import How, Outcome, migrate_districts
from tenants.migrating.template import current_template
from tenants.models import District, SchemaTemplate
from tests.support.catalogue import describe_schema

Make = Callable[..., District]


@pytest.fixture
def three(committed_districts: Make) -> Iterator[list[District]]:
    """Three committed districts; templates made by the test are forgotten."""
    districts = [committed_districts(slug) for slug in ("birch", "alder", "hazel")]
    before = set(SchemaTemplate.objects.values_list("pk", flat=True))
    yield districts
    SchemaTemplate.objects.exclude(pk__in=before).delete()


@pytest.fixture
def new_code(settings: Any) -> Callable[[str], None]:
    """Deploy code with one more migration of the sessions app."""

    def deploy(module: str) -> None:
        settings.MIGRATION_MODULES = {"sessions": f"tests.tenants.{module}.migrations"}

    return deploy


def hows(outcomes: list[Outcome]) -> Counter[How]:
    return Counter(outcome.how for outcome in outcomes)


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_nothing_to_do(three: list[District]) -> None:
    assert hows(migrate_districts()) == {How.CURRENT: 3}


@pytest.mark.parametrize("parallel", [1, 2])
def test_one_is_migrated_and_the_others_replay_it(
    three: list[District], new_code: Callable[[str], None], parallel: int
) -> None:
    new_code("next_sessions")
    assert hows(migrate_districts(parallel=parallel)) == {How.MIGRATED: 1, How.REPLAYED: 2}
    described = [describe_schema(district.schema_name) for district in three]
    assert described[0] == described[1] == described[2]
    assert any("session_device" in line for line in described[2]["indexes"])
    assert hows(migrate_districts()) == {How.CURRENT: 3}


def test_a_district_made_after_it_is_the_same(
    three: list[District], new_code: Callable[[str], None], committed_districts: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_code("next_sessions")
    migrate_districts()
    monkeypatch.setattr("tenants.migrating.template._capture", None)  # the template is ready: nothing is captured
    assert describe_schema(committed_districts("oak").schema_name) == describe_schema(three[0].schema_name)


def test_the_replay_is_what_django_would_have_done(three: list[District], new_code: Callable[[str], None]) -> None:
    new_code("next_sessions")
    migrate_schema(three[2].schema_name)
    assert hows(migrate_districts()) == {How.CURRENT: 1, How.MIGRATED: 1, How.REPLAYED: 1}
    assert describe_schema(three[1].schema_name) == describe_schema(three[2].schema_name)


def test_python_works_on_each_districts_own_data(three: list[District], new_code: Callable[[str], None]) -> None:
    for district in three:
        execute(f"INSERT INTO {district.schema_name}.django_session VALUES ('{district.slug}', '', now())")
    new_code("next_sessions_data")
    assert hows(migrate_districts()) == {How.MIGRATED: 3}
    with connection.cursor() as cursor:
        for district in three:
            cursor.execute(f"SELECT device FROM {district.schema_name}.django_session")
            assert cursor.fetchall() == [(f"device of {district.slug}",)]


def test_one_that_fails_is_named_and_the_others_go_on(three: list[District], new_code: Callable[[str], None]) -> None:
    broken = three[0].schema_name
    execute(f"INSERT INTO {broken}.django_session VALUES ('one', '', now()), ('two', '', now())")  # not unique then
    before = describe_schema(broken)
    new_code("next_sessions")
    err = StringIO()
    with pytest.raises(CommandError, match="1 of 3 districts failed") as caught:
        call_command("migrate_districts", "--skip-public", stdout=StringIO(), stderr=err)
    assert caught.value.returncode == 1
    assert f"birch ({broken}): IntegrityError" in err.getvalue()
    assert describe_schema(broken) == before
    assert hows(migrate_districts()) == {How.FAILED: 1, How.CURRENT: 2}
    execute(f"DELETE FROM {broken}.django_session")
    assert hows(migrate_districts()) == {How.MIGRATED: 1, How.CURRENT: 2}


def test_a_district_at_work_is_waited_for_then_reported(
    three: list[District], new_code: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_district, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(one_district, "PAUSE_SECONDS", 0)
    new_code("next_sessions")
    parameters = connection.get_connection_params()
    busy = {key: parameters[key] for key in ("host", "port", "user", "password", "dbname") if key in parameters}
    with psycopg.connect(**busy) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [int(Lock.DISTRICT), three[1].pk])
        outcomes = migrate_districts()
    assert [outcome.slug for outcome in outcomes if outcome.how is How.FAILED] == ["alder"]
    assert hows(migrate_districts()) == {How.MIGRATED: 1, How.CURRENT: 2}


def test_the_state_of_many_is_read_at_once(three: list[District], django_assert_max_num_queries: Any) -> None:
    current_template()
    with django_assert_max_num_queries(6):
        migrate_districts()
