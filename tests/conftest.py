"""The tests' PostgreSQL databases, districts and clock. Real servers, workers and beats are in support/processes.py."""

import datetime as dt
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase
from django_tenants.utils import schema_context

from config import embedded
from config.embedded.places import data_folder
from config.settings.database import database_from_url
from tests.support.server import Server, tree_digest

pytest_plugins = ["tests.support.processes"]
SERVICES = pytest.StashKey[ExitStack]()
# A busy machine is slow at making examples, and that says nothing of the test.
hypothesis.settings.register_profile(
    "yearturn", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("yearturn")


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded services when the environment names none; xdist's workers inherit the environment."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    stack = config.stash[SERVICES] = ExitStack()
    found = stack.enter_context(embedded.services(data_folder() / "test"))
    os.environ.update(found.environment())
    settings.DATABASES["default"].update(database_from_url(found.database_url))
    settings.REDIS_URL = found.redis_url


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started here."""
    if stack := config.stash.get(SERVICES, None):
        stack.close()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Give this process its own database, a copy of the migrated template, and drop it at the end."""
    server = Server(os.environ["DATABASE_URL"])
    digest = tree_digest()
    try:
        with django_db_blocker.unblock():
            server.drop_leftovers(digest)
            own = server.copy(server.make_template(digest, _fill_template))
            _use_database(own)
            yield
            connections.close_all()
            server.drop(own)
    finally:
        server.close()


def _fill_template(name: str) -> None:
    """Migrate the public schema of an empty database, capture the districts' template, and ready two schemas."""
    from tests.support.districts import prepare_ready_schemas

    _use_database(name)
    settings.LEDGER_DIR = Path(tempfile.mkdtemp(prefix="yearturn-ledger-"))  # of this template's ready districts
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    prepare_ready_schemas()
    connections.close_all()


def _use_database(name: str) -> None:
    """Point this process, and those it starts, at a database."""
    connections.close_all()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name
    before, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    os.environ["DATABASE_URL"] = f"{before}/{name}"


@pytest.fixture(autouse=True)
def _start_in_public(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test begins in the public schema and remembers no host, whatever the one before it did."""
    from tenants.hosts import _remembered

    _remembered.clear()
    connection.set_schema_to_public()
    yield
    connection.set_schema_to_public()


@pytest.fixture(autouse=True)
def windows_wait_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """New windows give no days for the download, like those that were there before: other tests reset on the date.

    tests/exports, which is about the wait, leaves the default as it is.
    """
    from resets.models import ResetWindow

    monkeypatch.setattr(ResetWindow._meta.get_field("export_grace_days"), "_get_default", lambda: 0, raising=True)


@pytest.fixture(autouse=True)
def ledger_dir(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own, made when something is published, also by the processes that it starts."""
    folder = tmp_path_factory.getbasetemp() / f"ledger-{secrets.token_hex(8)}"
    monkeypatch.setattr(settings, "LEDGER_DIR", folder)
    monkeypatch.setenv("LEDGER_DIR", str(folder))
    return folder


def _empty_instead_of_flush(self: TransactionTestCase) -> None:
    """Clean up after a test that commits. Django's flush would fail on the ledger, and empty the template."""
    from tests.support.districts import READY_SLUGS, district_schemas, forget_districts

    ready = tuple(f"d_{slug}_" for slug in READY_SLUGS)
    forget_districts(keep=[schema for schema in district_schemas() if schema.startswith(ready)])


TransactionTestCase._fixture_teardown = _empty_instead_of_flush  # type: ignore[method-assign]


@pytest.fixture
def district(db: None) -> Any:
    """A district, `maple`, taken away by the rollback. Its schema was provisioned by the real code and is empty."""
    from tests.support.districts import ready_district

    return ready_district("maple")


@pytest.fixture
def other_district(db: None) -> Any:
    """The neighbour, `cedar`."""
    from tests.support.districts import ready_district

    return ready_district("cedar")


@pytest.fixture
def make_district(db: None) -> Callable[..., Any]:
    """Provision a district of any facts inside the test's transaction: `make_district("oak", time_zone=...)`."""
    from tests.support.districts import provision

    return provision


@pytest.fixture
def entered(district: Any) -> Iterator[Any]:
    """The district, entered."""
    from tenants.schema import enter_district

    with enter_district(district):
        yield district


@pytest.fixture
def committed_districts(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[..., Any]]:
    """A factory of districts that are really committed, for tests with second connections or real workers.

    Afterwards every district that the test made is gone, and the public schema is empty. Do not use with `db`.
    """
    from tests.support.districts import district_schemas, forget_districts, provision

    with django_db_blocker.unblock():
        before = district_schemas()
        try:
            yield provision
        finally:
            forget_districts(keep=before)
            connections.close_all()


@pytest.fixture
def committed_district(committed_districts: Callable[..., Any]) -> Any:
    """One committed district, `birch`."""
    return committed_districts("birch")


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Callable[[str], dt.datetime]:
    """Set Yearturn's clock: `clock("2026-07-28T06:00Z")`. It goes back to the machine's time after the test."""
    if "committed_districts" not in request.fixturenames:
        request.getfixturevalue("db")
    from tenants.clock import set_simulated_now

    def set_to(moment: str) -> dt.datetime:
        now = dt.datetime.fromisoformat(moment)
        with schema_context("public"):
            set_simulated_now(now)
        return now

    return set_to
