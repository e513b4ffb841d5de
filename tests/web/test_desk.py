"""The CSM's desk: what everybody's dates hang on is the superusers'; records are found by their district's name."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import Role
from ledger.services import append_entry
from products.models import Subscription
from products.registry import suite_named
from resets.models import ResetSchedule, ResetWindow
from resets.services import open_school_year
from tenants.models import District, RefusedTask
from tests.support.people import logged_in

NOW = dt.datetime(2026, 6, 20, 15, tzinfo=dt.UTC)


@pytest.fixture
def superuser(db: None) -> Client:
    return logged_in(None, Role.SUPERUSER)


@pytest.fixture
def book(district: District, clock: Callable[[str], Any]) -> District:
    """A district with a date for literacy, which it subscribes to."""
    clock(NOW.isoformat())
    open_school_year(2026)
    product = suite_named("literacy").products[0].code
    Subscription.objects.create(district=district, product=product, starts_on=dt.date(2025, 8, 1))
    ResetSchedule.objects.create(district=district, suite="literacy", school_year=2026, on=dt.date(2026, 7, 28))
    return district


def posted(window: ResetWindow, **changes: str) -> dict[str, str]:
    said = {
        "suite": window.suite, "school_year": str(window.school_year), "default_on": str(window.default_on),
        "earliest_on": str(window.earliest_on), "latest_on": str(window.latest_on or ""), "lead_days": "3",
        "run_hour": str(window.run_hour),
        "export_grace_days": str(window.export_grace_days),
    }  # fmt: skip
    return {**said, **changes}


def test_a_window_moves_every_districts_dates_so_a_csm_only_reads_it(superuser: Client) -> None:
    open_school_year(2026)
    window = ResetWindow.objects.order_by("pk")[0]
    address = f"/admin/resets/resetwindow/{window.pk}/change/"
    csm = logged_in(None, Role.CSM)
    assert csm.get(address).status_code == 200
    assert csm.post(address, posted(window)).status_code == 403
    assert csm.get("/admin/resets/resetwindow/add/").status_code == 403
    assert superuser.post(address, posted(window)).status_code == 302
    window.refresh_from_db()
    assert window.lead_days == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"default_on": "2026-01-01"}, "default_on"),
        ({"latest_on": "2026-01-01"}, "latest_on"),
        ({"earliest_on": "2025-07-01"}, "earliest_on"),
        ({"run_hour": "24"}, "run_hour"),
    ],
)
def test_a_wrong_window_is_not_kept(superuser: Client, changes: dict[str, str], field: str) -> None:
    open_school_year(2026)
    window = ResetWindow.objects.order_by("pk")[0]
    response = superuser.post(f"/admin/resets/resetwindow/{window.pk}/change/", posted(window, **changes))
    assert field in response.context["adminform"].form.errors
    assert ResetWindow.objects.get(pk=window.pk).lead_days == window.lead_days


@pytest.mark.parametrize("address", ["ledger/ledgerentry", "tenants/refusedtask"])
@pytest.mark.parametrize("said", ["maple", "Maple Unified", "unified maple"])
def test_records_are_found_by_their_districts_name(
    district: District, other_district: District, superuser: Client, address: str, said: str
) -> None:
    for place in (district, other_district):
        append_entry(place.pk, "reset", actor="system", at=NOW, facts={})
        RefusedTask.objects.create(
            task="a.task", district_id=place.pk, schema_name=place.schema_name, reason="it was renamed"
        )
    response = superuser.get(f"/admin/{address}/", {"q": said})
    assert {row.district_id for row in response.context["cl"].result_list} == {district.pk}
    page = response.content.decode()
    assert "Maple Unified" in page
    assert "Cedar Unified" not in page


def test_a_record_of_no_district_shows_its_number(superuser: Client) -> None:
    RefusedTask.objects.create(task="a.task", district_id=987, schema_name="d_gone", reason="no such district")
    RefusedTask.objects.create(task="a.task", district_id=None, schema_name="", reason="it names no district")
    page = superuser.get("/admin/tenants/refusedtask/").content.decode()
    assert "987" in page
    assert "it names no district" in page


def test_no_list_counts_twice() -> None:
    assert not [page for page in admin.site._registry.values() if page.show_full_result_count]
