"""A district after its literacy reset: some students have come back, the others have not."""

import datetime as dt
from collections.abc import Callable

import pytest

from products.literacy.models import StudentAccount
from resets.engine import execute
from resets.models import ResetRun, RunState
from rostering.models import Student
from tenants.models import District
from tenants.schema import enter_district
from tests.resets.conftest import filled, make_run

__all__ = ["filled", "make_run"]

DAY_91 = dt.datetime(2026, 10, 27, 6, tzinfo=dt.UTC)
"""Past midnight of October 27 in Chicago: 91 days after July 28."""


@pytest.fixture
def summer(filled: Callable[..., District], make_run: Callable[..., ResetRun]) -> District:
    """Every third student comes back, and one who has not has no literacy account."""
    district = filled(suites="literacy,hero", students=90)
    assert execute(make_run(district, "literacy").pk) == RunState.COMPLETED
    with enter_district(district):
        students = list(Student.objects.order_by("pk").values_list("pk", flat=True))
        Student.objects.filter(pk__in=students[::3]).update(school_year=2027)
        StudentAccount.objects.filter(student=students[1]).delete()
    return district
