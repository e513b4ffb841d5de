"""Limits by network: who asks is told by the connection or by our own proxies, never by the caller."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from accounts import throttle
from accounts.callers import network_of
from accounts.models import Role
from tenants.models import District
from tests.accounts.test_log_in import try_to_log_in
from tests.support.people import PASSWORD, client_at, make_person


@pytest.fixture(autouse=True)
def _no_failures_yet() -> None:
    cache.clear()


@pytest.mark.parametrize(
    ("proxies", "connected", "forwarded", "network"),
    [
        (0, "192.0.2.7", "203.0.113.9", "192.0.2.7"),
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "10.0.0.1", "203.0.113.9", ""),
        (1, "10.0.0.1", "", ""),
        (1, "10.0.0.1", "not an address", ""),
        (0, "::ffff:192.0.2.7", "", "192.0.2.7"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
    ],
)
def test_who_asks(settings: Any, proxies: int, connected: str, forwarded: str, network: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    asked = RequestFactory().get("/", REMOTE_ADDR=connected, headers={"X-Forwarded-For": forwarded})
    assert network_of(asked) == network


@given(claimed=st.text(st.characters(exclude_categories=["C"], max_codepoint=0xFF), max_size=60))
def test_what_the_caller_says_changes_nothing(claimed: str) -> None:
    with override_settings(TRUSTED_PROXIES=1):
        header = f"{claimed}, 203.0.113.9"
        assert network_of(RequestFactory().get("/", headers={"X-Forwarded-For": header})) == "203.0.113.9"


def test_trying_one_name_after_another_is_stopped_at_every_host(
    district: District, other_district: District, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = 1
    for place in (district, other_district):
        make_person(place, Role.DISTRICT_ADMIN, "dana@a.example")
    bad, good = ({"X-Forwarded-For": address} for address in ("203.0.113.9", "203.0.113.10"))
    for _ in range(throttle.NETWORK_FAILURES_ALLOWED - 1):
        throttle.count_network_failure("203.0.113.9")
    said = {"username": "nobody@a.example", "password": "wrong"}
    assert client_at(district).post("/login/", said, headers=bad).status_code == 200
    right = {"username": "dana@a.example", "password": PASSWORD}
    for place in (district, other_district):
        refused = client_at(place).post("/login/", right, headers=bad)
        assert refused.status_code == 429
        assert "from your network. Wait 15 minutes" in refused.content.decode()
        assert client_at(place).post("/login/", right, headers=good).status_code == 302


def test_without_a_proxys_word_nobody_is_shut_out_with_all_others(district: District, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    make_person(district, Role.DISTRICT_ADMIN, "dana@a.example")
    for _ in range(throttle.NETWORK_FAILURES_ALLOWED):
        throttle.count_network_failure("")
    assert try_to_log_in(client_at(district), "dana@a.example", PASSWORD)[0] == 302
