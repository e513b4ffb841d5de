"""A new district, one migration over many districts, and a request's district look-up."""

from collections.abc import Iterator
from unittest import mock

import psycopg
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import override_settings
from django.urls import path
from django_tenants.utils import schema_context
from psycopg import sql

from benchmarks.database import connect, found_district
from benchmarks.measure import Result, interleaved, seconds
from rostering.models import School
from tenants.migrating.districts import How, migrate_districts
from tenants.models import District
from tenants.schema import switch

LOOKUPS = 400


def measure(districts: int) -> Iterator[Result]:
    """The three, over a number of districts."""
    found_district("warm-up")
    number = iter(range(10_000))
    new = min(seconds(lambda: found_district(f"new-{next(number):04}")) for _ in range(5))
    yield Result("a new district", new, None, 1.0, "best of 5, schema, host and partitions")
    while District.objects.filter(removed_at=None).count() < districts:
        found_district(f"many-{next(number):04}")
    yield from _one_migration(districts)
    yield _nothing_to_do(districts)
    yield _look_up()


def _column(name: str, after: str) -> migrations.Migration:
    """The migration that is measured: one new column."""
    migration = migrations.Migration(name, "rostering")
    field = models.CharField(max_length=10, null=True)
    vars(migration)["dependencies"] = [("rostering", after)]
    vars(migration)["operations"] = [migrations.AddField("school", f"bench_{name}", field)]
    return migration


def _one_migration(districts: int) -> Iterator[Result]:
    with schema_context("public"):
        schemas = list(District.objects.filter(removed_at=None).values_list("schema_name", flat=True))
    with connect() as bare:
        floor = seconds(lambda: _add_columns(bare, schemas))
    with _extra_migration():
        outcomes: list[How] = []
        value = seconds(lambda: outcomes.extend(outcome.how for outcome in migrate_districts()))
    changed = sum(how in (How.MIGRATED, How.REPLAYED) for how in outcomes)
    if changed != len(schemas):
        raise RuntimeError(f"{changed} of {len(schemas)} districts were migrated")
    yield Result(f"one migration over {len(schemas)} districts", value, floor, 10.0, "the same ALTER TABLE in each")


def _add_columns(bare: psycopg.Connection, schemas: list[str]) -> None:
    for schema in schemas:
        table = sql.Identifier(schema, "rostering_school")
        bare.execute(sql.SQL("ALTER TABLE {} ADD COLUMN bench_floor varchar(10)").format(table))


def _extra_migration() -> "mock._patch[object]":
    """Make every loader find one more migration of the rostering app."""
    load = MigrationLoader.load_disk

    def load_disk(loader: MigrationLoader) -> None:
        load(loader)
        last = max(name for app, name in loader.disk_migrations if app == "rostering")
        loader.disk_migrations["rostering", "9000_bench"] = _column("9000_bench", last)

    return mock.patch.object(MigrationLoader, "load_disk", load_disk)


def _nothing_to_do(districts: int) -> Result:
    with _extra_migration():
        migrate_districts()
        value = seconds(migrate_districts)
    return Result(f"migrating {districts} districts with nothing to do", value, None, 1.0, "one query per batch")


def _look_up() -> Result:
    """A small request through Django's handler, one query in the view, with the middleware and without it."""
    with schema_context("public"):
        district = District.objects.filter(removed_at=None).earliest("pk")
    request = RequestFactory().get("/", headers={"host": f"{district.slug}.{settings.DISTRICT_HOST_SUFFIX}"})
    with_middleware = _handler(["tenants.middleware.DistrictMiddleware"])
    without = _handler([])
    switch.set_tenant(district)
    with override_settings(ROOT_URLCONF="benchmarks.districts"):
        value, floor = interleaved(
            lambda: [with_middleware.get_response(request) for _ in range(LOOKUPS)],
            lambda: [without.get_response(request) for _ in range(LOOKUPS)],
            rounds=9,
        )
    switch.set_schema_to_public()
    return Result("a request's district look-up", value / LOOKUPS, floor / LOOKUPS, 1.25, "with one query in the view")


def _handler(middleware: list[str]) -> BaseHandler:
    handler = BaseHandler()
    with override_settings(MIDDLEWARE=middleware):
        handler.load_middleware()
    return handler


def count_schools(_: HttpRequest) -> HttpResponse:
    """The view that is asked for: one query of the district's schema."""
    return HttpResponse(str(School.objects.count()))


urlpatterns = [path("", count_schools)]
