"""Ledger entries as a reset, an anonymization, a restore and a destruction write them, and the tick that certifies."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from certificates.example import FACTS
from certificates.models import Certificate
from ledger.services import append_entry
from tenants import clock as clocks
from tenants.jobs.services import plan_due_work
from tenants.locks import Lock, take_lock
from tenants.models import District, Job

JULY_28 = "2026-07-28T07:05:00+00:00"

Append = Callable[..., int]


@pytest.fixture
def july(clock: Callable[[str], dt.datetime]) -> dt.datetime:
    """It is the night of the reset, 02:05 in the district."""
    return clock(JULY_28)


@pytest.fixture
def append(district: District, july: dt.datetime) -> Append:
    """Append an entry to the district's ledger: `append("reset", rewrite="run 1")`."""

    def write(kind: str, **facts: Any) -> int:
        whole = {**FACTS, "schools": [], "exclusions": [], **facts} if kind != "restore" else facts
        with transaction.atomic():
            take_lock(Lock.DISTRICT, district.pk)
            return append_entry(district.pk, kind, actor="system:planner", at=clocks.now(), facts=whole)

    return write


def rewrite_jobs(district: District, prefix: str, *tables: str) -> list[Job]:
    """Jobs as the engine asks for them."""
    return [
        Job.objects.create(
            district=district, schema_name=district.schema_name, kind="rewrite_storage", key=f"{prefix} {table}",
            payload={"table": table}, due_at=clocks.now(),
        )
        for table in tables
    ]  # fmt: skip


def close(job: Job, state: str) -> None:
    Job.objects.filter(pk=job.pk).update(state="running")
    Job.objects.filter(pk=job.pk).update(state=state)


def tick() -> None:
    """What beat does each minute."""
    plan_due_work()


def versions() -> list[tuple[int, int, str]]:
    """Entry, version and stage of each certificate."""
    rows = Certificate.objects.order_by("ledger_number", "version")
    return list(rows.values_list("ledger_number", "version", "stage"))


def newest() -> Certificate:
    return Certificate.objects.order_by("ledger_number", "version").last()  # type: ignore[return-value]
