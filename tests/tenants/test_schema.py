"""The one schema switch, the locks, and that a district's data stay its own."""

import datetime as dt
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection, transaction

from accounts.models import Role, User
from tenants.errors import DistrictGoneError, DistrictRenamedError, SchemaMissingError, describe_error
from tenants.locks import Lock, take_lock, try_lock
from tenants.migrating.capture import drop_schema
from tenants.models import District
from tenants.schema import current_schema, district_table, enter_district, find_district
from tests.support.hashing import hash_schema

Make = Callable[..., District]


def test_entering_and_leaving(district: District, other_district: District) -> None:
    with enter_district(district):
        assert current_schema() == district.schema_name
        assert district_table("a").as_string() == f'"{district.schema_name}"."a"'
        with enter_district(other_district):
            assert current_schema() == other_district.schema_name
        assert current_schema() == district.schema_name
    assert current_schema() == "public"


def test_a_failure_inside_leaves_too(district: District) -> None:
    with pytest.raises(ZeroDivisionError), enter_district(district):
        _ = 1 / 0
    assert current_schema() == "public"


def test_what_is_written_inside_is_seen_inside_only(district: District, other_district: District) -> None:
    before = hash_schema(other_district.schema_name)
    with enter_district(district):
        User.objects.create_user("ada@maple.example", name="Ada", role=Role.EDUCATOR)
        changed = hash_schema(district.schema_name)
    with enter_district(other_district):
        assert not User.objects.exists()
    assert not User.objects.exists()
    assert hash_schema(other_district.schema_name) == before
    assert changed["accounts_user"] != before["accounts_user"]


def test_the_schema_is_right_after_a_rollback_inside(district: District) -> None:
    with enter_district(district):
        with transaction.atomic():
            User.objects.create_user("ada@maple.example", name="Ada", role=Role.EDUCATOR)
            transaction.set_rollback(True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            assert cursor.fetchone() == (district.schema_name,)


@pytest.mark.parametrize("change", ["removed", "dropped"])
def test_what_is_not_there_is_not_entered(make_district: Make, change: str) -> None:
    district = make_district("oak")
    if change == "removed":
        district.removed_at = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    else:
        drop_schema(district.schema_name)
    with pytest.raises((DistrictGoneError, SchemaMissingError)), enter_district(district):
        pytest.fail("the body ran")
    assert current_schema() == "public"


def test_a_message_must_know_the_district_as_it_is(district: District) -> None:
    assert find_district(district.pk, district.schema_name) == district
    with pytest.raises(DistrictRenamedError):
        find_district(district.pk, "d_earlier")
    with pytest.raises(DistrictGoneError):
        find_district(-1, district.schema_name)
    with pytest.raises(DistrictGoneError):
        find_district(None, None)


def test_a_lock_needs_a_transaction(committed_districts: Make) -> None:
    for lock in (take_lock, try_lock):
        with pytest.raises(RuntimeError, match="transaction"):
            lock(Lock.DISTRICT, 1)


def test_a_lock_is_one_districts_and_ends_with_the_transaction(committed_districts: Make) -> None:
    parameters = connection.get_connection_params()
    with psycopg.connect(
        **{key: parameters[key] for key in ("host", "port", "user", "password", "dbname") if key in parameters}
    ) as other:

        def free(key: int) -> bool:
            row = other.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [int(Lock.DISTRICT), key]).fetchone()
            other.rollback()
            return bool(row and row[0])

        with transaction.atomic():
            take_lock(Lock.DISTRICT, 1)
            assert try_lock(Lock.DISTRICT, 1)
            assert (free(1), free(2)) == (False, True)
        assert free(1)


def test_errors_are_described_without_values(db: None) -> None:
    with pytest.raises(Exception) as caught, transaction.atomic(), connection.cursor() as cursor:  # noqa: PT011
        cursor.execute("SELECT 'Jane Doe'::date")
    assert describe_error(caught.value) == "DataError: invalid input syntax for type date: (a value)"
    with pytest.raises(DistrictGoneError) as own:
        find_district(5, "x")
    assert describe_error(own.value) == "DistrictGoneError: there is no district 5"
    with pytest.raises(KeyError) as foreign:
        _ = {}["Jane Doe"]
    assert describe_error(foreign.value).startswith("KeyError in tests/tenants/test_schema.py, line ")
