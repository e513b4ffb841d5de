"""Two school years of a small district: the first was reset, the second is on the roster and in order."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from products.literacy.models import Organization
from resets.models import ResetRun, RunState
from resets.readiness.ground import ground_of
from resets.readiness.outcomes import outcome_of
from resets.readiness.registry import item_named
from rostering.models import School
from rostering.readiness import Outcome
from rostering.services import import_bundle
from tenants.models import District
from tests.rostering.bundles import BundleBuilder, add_adult, add_student, small_bundle

JUNE, AUGUST = dt.date(2026, 6, 24), dt.date(2026, 8, 20)
Load = Callable[[BundleBuilder], None]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def first_year() -> BundleBuilder:
    """Six students in grade 4, and one in grade 5 at each of the two schools, who will leave."""
    bundle = small_bundle(students=6)
    for row in bundle.rows["users"]:
        if row["sourcedId"].startswith("s"):
            row["grades"] = "04"
    add_student(bundle, 7, "sch1", "05")
    add_student(bundle, 8, "sch2", "05")
    return bundle


def next_year() -> BundleBuilder:
    """The six, a grade up, with guardians who have an e-mail address."""
    bundle = small_bundle(students=6, school_year=2027)
    for row in list(bundle.rows["users"]):
        if row["sourcedId"].startswith("s"):
            agent = f"g-{row['sourcedId']}"
            row |= {"grades": "05", "agentSourcedIds": agent}
            add_adult(bundle, agent, "guardian", row["primaryOrgSourcedId"], email=f"{agent}@a.example")
    return bundle


@pytest.fixture
def turned(entered: District, tmp_path: Path) -> District:
    """The district after its reset, with last year's roster."""
    path = first_year().write(tmp_path, "first.zip")
    import_bundle(path, source="command", actor="district_admin:1", as_of=JUNE)
    for school in School.objects.all():
        Organization.objects.create(school=school, product="language_literacy", since=JUNE)
    moment = dt.datetime(2026, 7, 28, 7, tzinfo=dt.UTC)
    ResetRun.objects.create(
        district=entered, suite="literacy", school_year=2026, on=dt.date(2026, 7, 28), state=RunState.COMPLETED,
        actor="system:planner", created_at=moment, finished_at=moment,
    )  # fmt: skip
    return entered


@pytest.fixture
def load(turned: District, tmp_path: Path) -> Load:
    """Bring in the new year's roster."""
    names: Iterator[int] = iter(range(99))

    def bring(bundle: BundleBuilder) -> None:
        path = bundle.write(tmp_path, f"next{next(names)}.zip")
        sync = import_bundle(path, source="command", actor="district_admin:1", as_of=AUGUST)
        assert not sync.error_count, [error.message for error in sync.errors.all()]

    return bring


@pytest.fixture
def found(turned: District) -> Callable[..., Outcome]:
    """What an item finds: `found("grade-levels")`."""

    def find(code: str, **ground: Any) -> Outcome:
        return outcome_of(item_named(code), ground_of(turned, AUGUST, **ground))

    return find
