"""The API: read-only, of the host's district only, and of a school admin's own school only."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import Role
from resets.models import ResetRun, ResetSchedule, RunCount, RunState
from rostering.models import Sync
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import client_at, logged_in

NOW = dt.datetime(2026, 7, 28, 8, tzinfo=dt.UTC)


@pytest.fixture
def admin(district: District) -> Client:
    return logged_in(district, Role.DISTRICT_ADMIN)


def make_run(district: District) -> ResetRun:
    with schema_context("public"):
        run = ResetRun.objects.create(
            district=district, suite="literacy", school_year=2026, on=NOW.date(), actor="system", created_at=NOW,
            state=RunState.COMPLETED, error="", evidence={"moves": 1},
        )  # fmt: skip
        for school in (1, 2):
            RunCount.objects.create(
                run=run, position=1, category="benchmarks", action="Archive", school_id=school, before=5, archived=5
            )
    return run


def test_a_run_and_its_counts(district: District, admin: Client) -> None:
    run = make_run(district)
    found = admin.get(f"/api/v1/runs/{run.pk}/").json()
    assert found["state"] == "completed"
    assert [(count["school_id"], count["before"], count["archived"]) for count in found["counts"]] == [
        (1, 5, 5),
        (2, 5, 5),
    ]
    assert {"evidence", "log", "error", "actor", "undo_tables"}.isdisjoint(found)


def test_a_school_admin_sees_the_own_schools_counts(district: District) -> None:
    run = make_run(district)
    found = logged_in(district, Role.SCHOOL_ADMIN, school_id=2).get(f"/api/v1/runs/{run.pk}/").json()
    assert [count["school_id"] for count in found["counts"]] == [2]


def test_another_districts_run_is_not_here(other_district: District, admin: Client) -> None:
    run = make_run(other_district)
    assert admin.get(f"/api/v1/runs/{run.pk}/").status_code == 404


def test_a_sync(district: District, admin: Client) -> None:
    with enter_district(district):
        sync = Sync.objects.create(
            source="upload", file_name="roster.zip", as_of=NOW.date(), actor="x", started_at=NOW,
            counts={"students": {"created": 3}},
        )  # fmt: skip
    found = admin.get(f"/api/v1/syncs/{sync.pk}/").json()
    assert found["counts"] == {"students": {"created": 3}}
    assert "file_name" not in found
    assert admin.get(f"/api/v1/syncs/{uuid.uuid4()}/").status_code == 404


def test_the_schedules_page_by_page(district: District, other_district: District, admin: Client) -> None:
    with schema_context("public"):
        for year in range(2001, 2063):
            for place in (district, other_district):
                ResetSchedule.objects.create(
                    district=place, suite="literacy", school_year=year, on=dt.date(2026, 7, 1 + year % 3)
                )
    first = admin.get("/api/v1/schedules/").json()
    second = admin.get(first["next"]).json()
    found = first["results"] + second["results"]
    assert (len(first["results"]), second["next"]) == (50, None)
    assert sorted(row["school_year"] for row in found) == list(range(2001, 2063))
    assert [row["on"] for row in found] == sorted(row["on"] for row in found)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(district: District, admin: Client, method: str) -> None:
    run = make_run(district)
    for address in (f"/api/v1/runs/{run.pk}/", "/api/v1/schedules/"):
        assert getattr(admin, method)(address).status_code == 405


def test_without_a_session_the_answer_is_json(district: District) -> None:
    response = client_at(district).get("/api/v1/schedules/")
    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")
