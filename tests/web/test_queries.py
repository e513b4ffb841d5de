"""A page takes as many queries with much data as with little."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from resets.models import RunCount
from rostering.models import HeldRemoval, School, Student, Sync, SyncError, SyncState
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import logged_in
from tests.web.conftest import JUNE, fill
from tests.web.test_resets import make_run

MOST = 30


def crowd(district: District, syncs: int) -> str:
    """Syncs with errors and held removals, and a run with counts; returns the address of the newest sync."""
    start = dt.datetime.fromisoformat(JUNE)
    run = make_run(district)
    with enter_district(district):
        made = [
            Sync.objects.create(
                source="upload", file_name="x.zip", state=SyncState.PARTLY_HELD, as_of=start.date(), actor="a",
                started_at=start + dt.timedelta(minutes=number), error_count=syncs,
                counts={"student": {"read": number}},
            )
            for number in range(syncs)
        ]  # fmt: skip
        students = list(Student.objects.order_by("pk")[:syncs])
        for sync in made[-1:]:
            SyncError.objects.bulk_create(SyncError(sync=sync, file="f", code="c", message="m") for _ in range(syncs))
            HeldRemoval.objects.bulk_create(
                HeldRemoval(sync=sync, kind="student", person_id=student.pk, school_id=student.school_id)
                for student in students
            )
        schools = list(School.objects.values_list("pk", flat=True))
        RunCount.objects.bulk_create(
            RunCount(run=run, position=1, category="booster_bits", action="x", school_id=school, before=0)
            for school in schools
        )
    return f"/rosters/{made[-1].pk}/|/rosters/{made[-1].pk}/release/|/resets/runs/{run.pk}/"


@pytest.fixture
def sizes(
    district: District, other_district: District, june: dt.datetime, tmp_path: Path
) -> Callable[[Any], dict[str, list[int]]]:
    """Count the queries of each page, in a small district and in one many times its size."""

    def count(role: Role) -> dict[str, list[int]]:
        counted: dict[str, list[int]] = {}
        for place, students, schools, syncs in ((district, 4, 1, 2), (other_district, 60, 12, 24)):
            fill(place, tmp_path, students=students, schools=schools)
            sync, release, run = crowd(place, syncs).split("|")
            client = logged_in(place, role)
            pages = {
                "home": "/", "rosters": "/rosters/", "upload": "/rosters/upload/", "complete": "/rosters/complete/",
                "sync": sync, "release": release, "resets": "/resets/", "run": run,
                "preview": "/resets/hero/2026/",
            }  # fmt: skip
            for name, address in pages.items():
                counted.setdefault(name, []).append(queries(client, address))
        return counted

    return count


def queries(client: Client, address: str) -> int:
    from django.db import connection

    client.get(address)  # what is remembered between requests
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


def test_no_page_asks_more_of_a_large_district(sizes: Callable[[Any], dict[str, list[int]]]) -> None:
    counted = sizes(Role.DISTRICT_ADMIN)
    assert {name: small == large for name, (small, large) in counted.items()} == dict.fromkeys(counted, True), counted
    assert max(large for name, (_, large) in counted.items() if name != "preview") <= MOST, counted
