"""Fixtures of the desk's tests: a CSM, a superuser, and a book with a line on every list."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from ledger.services import append_entry
from products.models import Subscription
from products.registry import suite_named
from resets.models import ResetRun, ResetSchedule, RunCount, RunState
from resets.services import open_school_year
from tenants.jobs.services import enqueue_job
from tenants.models import Csm, District, RefusedTask
from tests.support.people import logged_in

NOW = dt.datetime(2026, 6, 20, 15, tzinfo=dt.UTC)
JULY_28 = dt.date(2026, 7, 28)
LISTS = (
    "tenants/district", "tenants/job", "tenants/refusedtask", "products/subscription", "resets/resetwindow",
    "resets/resetschedule", "resets/resetrun", "ledger/ledgerentry",
)  # fmt: skip
SUPERUSERS_LISTS = ("tenants/csm", "accounts/user")


@pytest.fixture
def csm(db: None) -> Client:
    Csm.objects.create(name="Casey", email="Casey@vendor.example")
    return logged_in(None, Role.CSM, "casey@vendor.example")


@pytest.fixture
def superuser(db: None) -> Client:
    return logged_in(None, Role.SUPERUSER)


@pytest.fixture
def book(district: District, other_district: District, csm: Client, clock: Callable[[str], Any]) -> District:
    """One district in the CSM's book and one in nobody's, each with a line on every list."""
    clock(NOW.isoformat())
    open_school_year(2026)
    District.objects.filter(pk=district.pk).update(csm=Csm.objects.get(email__iexact="casey@vendor.example"))
    for place in (district, other_district):
        fill(place)
    return District.objects.get(pk=district.pk)


def fill(district: District, school_year: int = 2026) -> None:
    for product in suite_named("literacy").products:
        Subscription.objects.get_or_create(
            district=district, product=product.code, defaults={"starts_on": dt.date(2025, 8, 1)}
        )
    facts: dict[str, Any] = {"district": district, "suite": "literacy", "school_year": school_year, "on": JULY_28}
    schedule = ResetSchedule.objects.create(**facts)
    run = ResetRun.objects.create(
        **facts, schedule=schedule, state=RunState.FAILED, actor="system:planner", created_at=NOW
    )
    for position in range(3):
        RunCount.objects.create(run=run, position=position, category="benchmarks", action="Archive", before=0)
    enqueue_job(district, "reset", str(run.pk), due_at=NOW)
    RefusedTask.objects.create(task="a.task", district_id=district.pk, schema_name=district.schema_name, reason="gone")
    append_entry(district.pk, "reset", actor="csm:1", at=NOW, facts={})
