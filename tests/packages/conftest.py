"""Districts with made-up data, committed, and the packages of their year."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django_tenants.utils import schema_context

from reports.packages.models import Package
from reports.packages.services import KIND, ask_package, build_package
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.resets.conftest import filled, make_run

__all__ = ["filled", "make_run"]

NOW = dt.datetime(2026, 6, 24, 15, tzinfo=dt.UTC)
ADMIN = "district_admin:1"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DROP_ROOT = tmp_path / "drop"
    return settings.MEDIA_ROOT


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages without reports and paper, where the test is about something else: typesetting takes the most time."""
    monkeypatch.setattr("reports.packages.writing.add_reports", lambda *_: [])
    monkeypatch.setattr("reports.packages.writing.add_draft", lambda *_: False)


@pytest.fixture
def built(clock: Callable[[str], dt.datetime]) -> Callable[..., Package]:
    """Ask for a package and build it, as the worker does."""
    clock(NOW.isoformat())

    def make(district: District, suite: str = "literacy", school_year: int = 2026) -> Package:
        package = ask_package(district, suite, school_year, actor=ADMIN, at=NOW)
        work(district, KIND, package, build_package)
        package.refresh_from_db()
        return package

    return make


def work(district: District, kind: str, package: Package, handler: Callable[[District, Job], None]) -> None:
    """Do a package's job of a kind."""
    with schema_context("public"):
        job = Job.objects.get(district=district, kind=kind, key=str(package.pk))
    with enter_district(district):
        handler(district, job)
