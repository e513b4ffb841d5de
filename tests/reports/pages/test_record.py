"""The record of what was taken along: reports and packages, filtered, paged; for the district's admins."""

import re
from uuid import UUID

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import Role, User
from ledger.services import append_entry
from tenants import clock
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import enter_district
from tests.reports.pages.conftest import REPORT, text_of
from tests.reports.pages.test_taking import body


def test_the_districts_admin_sees_who_took_what(used: District, admin: Client, educator: Client) -> None:
    assert "Nobody has downloaded or printed a report yet" in text_of(admin, "/reports/taken/")
    body(educator.post(f"{REPORT}download/?grade=05", {"format": "csv"}))
    admin.post(f"{REPORT}print/?for=publication")
    note_whole_package(used)
    text = text_of(admin, "/reports/taken/")
    for words in ("A educator", "A district admin", "Print", "CSV", "Literacy: usage", "Year package:", "12,345"):
        assert words in text
    assert '<td data-label="Filtered by">grade</td>' in text
    assert '<td data-label="Filtered by">for publication</td>' in text
    assert 'href="/reports/taken/"' in text_of(admin, "/reports/")
    assert educator.get("/reports/taken/").status_code == 403


def test_what_was_taken_is_filtered_and_paged(
    used: District, admin: Client, educator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    body(educator.post(f"{REPORT}download/", {"format": "csv"}))
    admin.post(f"{REPORT}print/")
    admin.post("/reports/literacy-lessons/print/")
    note_whole_package(used)
    with enter_district(used):
        teacher = User.objects.get(role=Role.EDUCATOR).pk

    def ways(query: str) -> list[str]:
        return re.findall(r'data-label="As">([^<]+)<', text_of(admin, f"/reports/taken/?{query}"))

    assert ways("") == ["Year package", "Print", "Print", "CSV"]
    assert ways("report=literacy-usage") == ["Print", "CSV"]
    assert ways("report=packages") == ways("format=package") == ["Year package"]
    assert ways("format=csv") == ways(f"who={teacher}") == ["CSV"]
    assert ways(f"who={teacher}&format=print") == ways("report=packages&format=csv") == []
    assert ways("report=nonsense&before=nonsense") == ways("")
    monkeypatch.setattr("reports.downloads.record.PAGE", 3)
    earlier = re.search(r'href="\?(before=\d+)">Earlier', text_of(admin, "/reports/taken/"))
    assert earlier
    assert ways(earlier[1]) == ["CSV"]


def note_whole_package(district: District) -> None:
    """What handing out a package's last byte writes down."""
    facts = {"package": str(UUID(int=1)), "suite": "literacy", "school_year": 2026, "students": 40, "rows": 12_345}
    with schema_context("public"):
        take_lock(Lock.DISTRICT, district.pk)
        append_entry(district.pk, "package_downloaded", actor="district_admin:1", at=clock.now(), facts=facts)
