"""What a request for the whole district concerns: said at once from a count that is kept, exact when it is made."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from disposal.counting import KIND, OLD
from disposal.leaving import preview_district
from disposal.models import Case, DistrictCount
from rostering.models import ParentOrg
from tenants.models import District, Job, JobState
from tenants.schema import enter_district
from tests.disposal.conftest import NOW
from tests.support.jobs import do_jobs
from tests.support.people import logged_in
from tests.web.conftest import _files_of_this_test, june, rostered

__all__ = ["_files_of_this_test", "june", "rostered"]

PAGE = "/requests/new/export/"


def do_counts(district: District) -> None:
    with enter_district(district):
        do_jobs(district, Job.objects.filter(kind=KIND))


def test_a_worker_counts_while_the_page_is_there(rostered: District, clock: Callable[[str], Any]) -> None:
    clock(NOW.isoformat())
    admin = logged_in(rostered, Role.DISTRICT_ADMIN)
    with CaptureQueriesContext(connection) as seen:
        first = admin.get(PAGE).content.decode()
    assert not any("rostering_enrollment" in query["sql"] for query in seen), "the page counts by itself"
    assert "are being counted" in first
    assert 'hx-get="/requests/new/export/?part=counts"' in first
    admin.get(PAGE)
    assert Job.objects.filter(kind=KIND).count() == 1

    do_counts(rostered)
    with enter_district(rostered):
        rows = preview_district()
    assert DistrictCount.objects.get().rows == rows
    assert rows["rostering_student"]
    Job.objects.filter(kind=KIND).update(state=JobState.DONE)
    piece = admin.get(f"{PAGE}?part=counts").content.decode()
    assert f"{sum(rows.values()):,} rows" in piece
    assert "<html" not in piece
    assert "being counted" not in admin.get(PAGE).content.decode()

    clock((NOW + OLD + timedelta(seconds=1)).isoformat())
    again = admin.get(PAGE).content.decode()
    assert "are being counted again" in again
    assert f"{sum(rows.values()):,} rows" in again
    Job.objects.filter(kind=KIND, state=JobState.WAITING).update(state=JobState.FAILED)
    assert "could not be counted" in admin.get(PAGE).content.decode()


def test_a_request_is_bound_to_what_there_is_not_to_what_was_kept(
    rostered: District, clock: Callable[[str], Any]
) -> None:
    clock(NOW.isoformat())
    admin = logged_in(rostered, Role.DISTRICT_ADMIN)
    admin.get(PAGE)
    do_counts(rostered)
    with enter_district(rostered):
        ParentOrg.objects.create(sourced_id="late", name="Later", kind="district")
        rows = preview_district()
    assert admin.post(PAGE, {"asker": "district"}).status_code == 302
    assert Case.objects.get().counts == rows != DistrictCount.objects.get().rows
