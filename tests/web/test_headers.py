"""What every answer carries, and the health of what is behind it."""

import pytest
from django.test import Client

from accounts.models import Role
from tenants.models import District
from tests.support.people import logged_in


@pytest.fixture
def csm(db: None) -> Client:
    return logged_in(None, Role.CSM)


def test_the_pages_may_load_from_here_only(csm: Client, district: District) -> None:
    at_desk = csm.get("/admin/")
    assert "frame-ancestors 'none'" in at_desk["Content-Security-Policy"]
    page = csm.get("/login/", headers={"host": "maple.localhost"})
    policy = page["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert (page["X-Content-Type-Options"], page["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert page["X-Frame-Options"] == "DENY"
    assert "no-store" in page["Cache-Control"]
    assert csm.get("/nowhere/", headers={"host": "nobody.localhost"})["Content-Security-Policy"] == policy


def test_healthz_on_both_hosts(csm: Client, district: District) -> None:
    for host in ("localhost", "maple.localhost"):
        response = csm.get("/healthz", headers={"host": host})
        assert (response.status_code, response.json()) == (200, {"database": "ok", "broker": "ok"})


def test_healthz_says_what_is_missing(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.health._broker_answers", lambda: False)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"database": "ok", "broker": "unreachable"})
