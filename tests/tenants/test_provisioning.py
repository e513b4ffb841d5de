"""Districts are made whole or not at all, and removed for good."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from tenants.clock import real_now
from tenants.errors import DistrictExistsError, DistrictGoneError, InvalidDistrictError
from tenants.jobs.services import enqueue_job
from tenants.migrating.capture import create_schema, migrate_schema
from tenants.models import District, Domain, Job
from tenants.schema import enter_district, schema_exists
from tenants.services import provision_district, remove_district
from tenants.signals import district_provisioned
from tests.support.catalogue import describe_schema
from tests.support.districts import FACTS

Make = Callable[..., District]


def test_ready_districts_are_separate(district: District, other_district: District) -> None:
    assert {row.slug for row in District.objects.all()} == {"maple", "cedar"}
    assert district.schema_name != other_district.schema_name


def test_nothing_is_left_of_them(db: None) -> None:
    assert not District.objects.exists()


def test_a_replayed_schema_is_what_the_migrations_make(make_district: Make) -> None:
    district_provisioned_receivers = district_provisioned.receivers
    district_provisioned.receivers = []  # what the apps add (partitions) is not the migrations' work
    district_provisioned.sender_receivers_cache.clear()
    try:
        district = make_district("oak")
    finally:
        district_provisioned.receivers = district_provisioned_receivers
        district_provisioned.sender_receivers_cache.clear()
    create_schema("migrated")
    migrate_schema("migrated")
    replayed, migrated = describe_schema(district.schema_name), describe_schema("migrated")
    assert replayed.keys() == migrated.keys()
    assert len(replayed["columns"]) > 300
    for part in migrated:
        assert replayed[part] == migrated[part], part


def test_a_new_district_has_a_host_a_schema_and_a_name_of_its_own(make_district: Make) -> None:
    first = make_district("oak-hill", nces_id="0622710", summer_session_ends_on=dt.date(2026, 7, 3))
    assert Domain.objects.get(tenant=first).domain == "oak-hill.localhost"
    assert schema_exists(first.schema_name)
    assert first.schema_name.startswith("d_oak_hill_")


def test_the_apps_hear_of_it_inside(make_district: Make) -> None:
    heard: list[tuple[str, str]] = []

    def hear(district: District, **_: Any) -> None:
        heard.append((district.slug, connection.schema_name))

    district_provisioned.connect(hear)
    try:
        district = make_district("oak")
    finally:
        district_provisioned.disconnect(hear)
    assert heard == [("oak", district.schema_name)]


@pytest.mark.parametrize(
    ("wrong", "field", "advice"),
    [
        ({"slug": "Maple Valley"}, "slug", "lower-case"),
        ({"slug": "www"}, "slug", "Choose another"),
        ({"slug": "a" * 41}, "slug", "3 to 40"),
        ({"name": " "}, "name", "Give the district's name"),
        ({"time_zone": "Texas"}, "time_zone", "America/Chicago"),
        ({"nces_id": "12"}, "nces_id", "7 digits"),
        ({"school_year": 26}, "school_year", "such as 2026"),
        ({"school_year": 2027}, "school_year_ends_on", "Mend one"),
        ({"summer_session_ends_on": dt.date(2026, 5, 1)}, "summer_session_ends_on", "later date"),
        ({"rostering_starts_on": dt.date(2026, 6, 12)}, "rostering_starts_on", "first day of rostering"),
        ({"summer_session_ends_on": dt.date(2026, 8, 10)}, "rostering_starts_on", "no day would be left"),
    ],
)
def test_wrong_facts_name_the_field(db: None, wrong: dict[str, Any], field: str, advice: str) -> None:
    facts = {"slug": "oak", "name": "Oak Unified", **FACTS, **wrong}
    with pytest.raises(InvalidDistrictError, match=field) as caught:
        provision_district(**facts)
    assert list(caught.value.problems) == [field]
    assert advice in caught.value.problems[field]
    assert not District.objects.exists()


def test_every_wrong_field_is_named_at_once(db: None) -> None:
    with pytest.raises(InvalidDistrictError) as caught:
        provision_district(slug="X", name="", **{**FACTS, "time_zone": "Mars"})
    assert set(caught.value.problems) == {"slug", "name", "time_zone"}


def test_a_slug_is_never_used_again(make_district: Make) -> None:
    district = make_district("oak")
    with pytest.raises(DistrictExistsError, match="oak"):
        make_district("oak")
    remove_district(district, actor="tests", at=real_now())
    with pytest.raises(DistrictExistsError, match="was another"):
        make_district("oak")


def test_a_failing_app_leaves_no_district(committed_districts: Make) -> None:
    def fail(**_: Any) -> None:
        raise ZeroDivisionError

    district_provisioned.connect(fail)
    try:
        with pytest.raises(ZeroDivisionError):
            committed_districts("birch")
    finally:
        district_provisioned.disconnect(fail)
    assert not District.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE starts_with(nspname, 'd_birch')")
        assert cursor.fetchone() == (0,)


def test_removal_drops_the_schema_keeps_the_row_and_closes_its_jobs(make_district: Make, district: District) -> None:
    gone = make_district("oak")
    job = enqueue_job(gone, "note", "1", due_at=real_now())
    other = enqueue_job(district, "note", "1", due_at=real_now())
    remove_district(gone, actor="csm:1", at=real_now())
    assert not schema_exists(gone.schema_name)
    assert schema_exists(district.schema_name)
    assert District.objects.get(slug="oak").removed_at is not None
    assert Job.objects.get(pk=job.pk).state == "failed"
    assert Job.objects.get(pk=other.pk).state == "waiting"
    with pytest.raises(DistrictGoneError), enter_district(gone):
        pass
    with pytest.raises(DistrictGoneError):
        remove_district(gone, actor="csm:1", at=real_now())


def test_provisioning_from_inside_a_district_works_in_public(district: District, make_district: Make) -> None:
    with schema_context(district.schema_name):
        assert make_district("oak").pk
        assert connection.schema_name == district.schema_name
