"""Logging in: on one's own host only, so many times, and never with a word that tells strangers who exists."""

import logging

import pytest
from django.core.cache import cache
from django.test import Client

from accounts import throttle
from accounts.models import Role
from tenants.models import District
from tests.support.people import PASSWORD, client_at, logged_in, make_person


@pytest.fixture(autouse=True)
def _no_failures_yet() -> None:
    cache.clear()


def try_to_log_in(client: Client, email: str, password: str) -> tuple[int, str]:
    response = client.post("/login/", {"username": email, "password": password})
    return response.status_code, response.get("Location", "") or response.content.decode()


def test_a_districts_person_logs_in_there_and_nowhere_else(district: District, other_district: District) -> None:
    make_person(district, Role.DISTRICT_ADMIN, "dana@a.example")
    assert try_to_log_in(client_at(district), "Dana@A.example ", PASSWORD) == (302, "/")
    assert try_to_log_in(client_at(other_district), "dana@a.example", PASSWORD)[0] == 200
    assert try_to_log_in(client_at(None), "dana@a.example", PASSWORD)[0] == 200


def test_a_vendor_logs_in_at_the_public_host_only(district: District) -> None:
    make_person(None, Role.CSM, "casey@vendor.example")
    assert try_to_log_in(client_at(None), "casey@vendor.example", PASSWORD)[0] == 302
    assert try_to_log_in(client_at(district), "casey@vendor.example", PASSWORD)[0] == 200


def test_where_somebody_was_going_is_remembered_but_not_elsewhere(district: District) -> None:
    make_person(district, Role.DISTRICT_ADMIN, "dana@a.example")
    for asked, answered in (("/password/", "/password/"), ("https://evil.example/", "/")):
        facts = {"username": "dana@a.example", "password": PASSWORD, "next": asked}
        assert client_at(district).post("/login/", facts)["Location"] == answered


def test_a_wrong_password_and_a_stranger_read_the_same(district: District) -> None:
    make_person(district, Role.DISTRICT_ADMIN, "dana@a.example")
    wrong = client_at(district).post("/login/", {"username": "dana@a.example", "password": "x"})
    stranger = client_at(district).post("/login/", {"username": "nobody@a.example", "password": "x"})
    assert wrong.context["form"].non_field_errors() == stranger.context["form"].non_field_errors()
    assert b"do not match" in wrong.content


def test_too_many_failures_close_the_door_for_a_while(district: District, caplog: pytest.LogCaptureFixture) -> None:
    make_person(district, Role.DISTRICT_ADMIN, "dana@a.example")
    client = client_at(district)
    with caplog.at_level(logging.DEBUG):
        for _ in range(throttle.FAILURES_ALLOWED):
            assert try_to_log_in(client, "dana@a.example", "wrong")[0] == 200
        status, text = try_to_log_in(client, "DANA@a.example", PASSWORD)
    assert status == 429
    assert "Wait 15 minutes" in text
    assert "dana" not in caplog.text.lower()
    assert try_to_log_in(client_at(district), "dana@a.example", PASSWORD)[0] == 429


def test_the_limit_is_one_hosts_and_one_addresss(district: District, other_district: District) -> None:
    for place in (district, other_district):
        make_person(place, Role.DISTRICT_ADMIN, "dana@a.example")
    make_person(district, Role.DISTRICT_ADMIN, "eli@a.example")
    for _ in range(throttle.FAILURES_ALLOWED):
        throttle.count_failure("maple.localhost", "dana@a.example")
    assert try_to_log_in(client_at(district), "dana@a.example", PASSWORD)[0] == 429
    assert try_to_log_in(client_at(district), "eli@a.example", PASSWORD)[0] == 302
    assert try_to_log_in(client_at(other_district), "dana@a.example", PASSWORD)[0] == 302


def test_a_log_in_forgets_the_failures_before_it(district: District) -> None:
    make_person(district, Role.DISTRICT_ADMIN, "dana@a.example")
    for _ in range(throttle.FAILURES_ALLOWED - 1):
        throttle.count_failure("maple.localhost", "dana@a.example")
    for _ in range(2):
        assert try_to_log_in(client_at(district), "dana@a.example", PASSWORD)[0] == 302


def test_the_cache_holds_no_address() -> None:
    assert "dana" not in throttle._key(throttle.LOG_IN, "maple.localhost", "dana@a.example")


def test_logging_out_asks_to_log_in_again(district: District) -> None:
    client = logged_in(district, Role.DISTRICT_ADMIN)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/password/")["Location"] == "/login/?next=/password/"


def test_a_new_password_ends_the_other_sessions(district: District) -> None:
    user = make_person(district, Role.DISTRICT_ADMIN, "dana@a.example")
    here, elsewhere = client_at(district), client_at(district)
    for client in (here, elsewhere):
        try_to_log_in(client, user.email, PASSWORD)
    new = "another-year-turns-round"
    said = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/password/", said)["Location"] == "/password/done/"
    assert here.get("/password/done/").status_code == 200
    assert elsewhere.get("/password/").status_code == 302
