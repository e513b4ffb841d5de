"""Districts and log-ins made at the desk, by the services."""

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Role, User
from ledger.models import LedgerEntry
from tenants.models import District
from tests.support.people import PASSWORD
from tests.web.desk import book, csm, superuser

__all__ = ["book", "csm", "superuser"]  # fixtures

NEW = {
    "slug": "oak", "name": "Oak Unified", "nces_id": "", "time_zone": "America/Denver", "school_year": "2026",
    "school_year_ends_on": "2026-06-12", "summer_session_ends_on": "", "rostering_starts_on": "2026-08-10", "csm": "",
}  # fmt: skip


def test_a_new_district_is_provisioned(csm: Client) -> None:
    assert csm.post("/admin/tenants/district/add/", NEW).status_code == 302
    oak = District.objects.get(slug="oak")
    assert oak.csm is not None
    assert oak.csm.email == "Casey@vendor.example"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{oak.schema_name}.rostering_student"])
        assert cursor.fetchone() == (True,)
    assert LedgerEntry.objects.filter(district_id=oak.pk, actor__startswith="csm:").exists()
    assert csm.get(f"/admin/tenants/district/{oak.pk}/change/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "www"),
        ("slug", "Not A Host"),
        ("time_zone", "Mars/Olympus"),
        ("school_year_ends_on", "2025-06-12"),
        ("rostering_starts_on", "2026-06-01"),
        ("nces_id", "12"),
    ],
)
def test_a_wrong_district_is_not_made(superuser: Client, field: str, value: str) -> None:
    response = superuser.post("/admin/tenants/district/add/", {**NEW, field: value})
    assert list(response.context["adminform"].form.errors) == [field]
    assert not District.objects.exists()


def test_a_superuser_makes_a_log_in(superuser: Client) -> None:
    said = {"email": "New@Vendor.example", "name": "New", "role": "csm", "is_active": "on", "new_password": PASSWORD}
    assert superuser.post("/admin/accounts/user/add/", {**said, "new_password": "short"}).status_code == 200
    assert superuser.post("/admin/accounts/user/add/", {**said, "role": "educator"}).status_code == 200
    assert not User.objects.filter(role=Role.CSM).exists()
    assert superuser.post("/admin/accounts/user/add/", said).status_code == 302
    made = User.objects.get(email="new@vendor.example")
    assert made.check_password(PASSWORD)
    changed = {**said, "new_password": "", "name": "Newer"}
    assert superuser.post(f"/admin/accounts/user/{made.pk}/change/", changed).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.check_password(PASSWORD)) == ("Newer", True)
