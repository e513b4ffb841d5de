"""Two schools of 20 students with usage and lessons of this year, and the people who read about them."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Role
from products.literacy.models import Progress, Usage
from rostering.models import Student
from tenants.models import District
from tenants.schema import enter_district
from tests.support.people import logged_in
from tests.web.conftest import admin, educator, fill, june, rostered, school_admin

__all__ = ["admin", "educator", "june", "rostered", "school_admin"]  # fixtures
REPORT = "/reports/literacy-usage/"


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def used(rostered: District) -> District:
    """Maple, with facts: each student used Imagine Language & Literacy for 10 minutes and one more than the last."""
    add_facts(rostered)
    return rostered


@pytest.fixture
def cedar(other_district: District, june: dt.datetime, tmp_path: Path) -> Client:
    """The browser of the neighbour's district admin, who has facts too."""
    fill(other_district, tmp_path)
    add_facts(other_district)
    return logged_in(other_district, Role.DISTRICT_ADMIN)


def add_facts(district: District) -> None:
    """A week of use and two lessons of each student, of whom one was passed."""
    with enter_district(district):
        students = list(Student.objects.filter(status="active").order_by("pk"))
        Usage.objects.bulk_create(
            Usage(**_fact(student, f"u{number}"), minutes=10 + number, sessions=2)
            for number, student in enumerate(students)
        )
        Progress.objects.bulk_create(
            Progress(**_fact(student, f"p{number}-{lesson}"), lesson=f"L{lesson}", passed=lesson == 0, attempts=1)
            for number, student in enumerate(students)
            for lesson in range(2)
        )


def _fact(student: Student, word: str) -> dict[str, Any]:
    return {
        "id": uuid.uuid5(uuid.NAMESPACE_OID, f"{connection.schema_name}{word}"),  # type: ignore[attr-defined]
        "school_year": 2026, "school_id": student.school_id, "student_id": student.pk,
        "product": "language_literacy", "occurred_on": dt.date(2026, 3, 2),
    }  # fmt: skip


def text_of(client: Client, address: str, status: int = 200) -> str:
    """A page's text."""
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return str(answer.content.decode())
