"""The token endpoint by RFC 6749, and what a token opens: its own district, its scopes, its network, its time."""

import base64
import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import schema_context
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.access import tokens
from api.access.models import AccessToken, Client
from api.access.services import change_client, revoke_client, rotate_secret
from tenants.models import Csm, District
from tests.api.conftest import FORM, NOW, ask_token, new_client, with_token
from tests.support.people import client_at

SCHEDULES = "/api/v1/schedules/"


def test_a_token_by_the_book(district: District, now: dt.datetime) -> None:
    client, secret = new_client(district)
    answer = ask_token(district, client.client_id, secret, scope="yearturn.schedules.read")
    assert (answer.status_code, answer["Cache-Control"], answer["Pragma"]) == (200, "no-store", "no-cache")
    found = answer.json()
    assert (found["token_type"], found["expires_in"], found["scope"]) == ("Bearer", 3600, "yearturn.schedules.read")
    assert "refresh_token" not in found


def test_a_secret_in_the_header(district: District, now: dt.datetime) -> None:
    client, secret = new_client(district)
    basic = base64.b64encode(f"{client.client_id}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"}
    answer = client_at(district).post("/oauth/token", "grant_type=client_credentials", FORM, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "yts_wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "ytc_nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"scope": "yearturn.districts.read"}, 400, "invalid_scope"),
        ({"scope": "everything"}, 400, "invalid_scope"),
    ],
)
def test_what_is_refused(district: District, now: dt.datetime, change: dict[str, str], status: int, error: str) -> None:
    client, secret = new_client(district)
    answer = ask_token(district, **{"client_id": client.client_id, "secret": secret, **_named(change)})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert (status == 401) == ("WWW-Authenticate" in answer)


def _named(change: dict[str, str]) -> dict[str, str]:
    return {("secret" if name == "client_secret" else name): value for name, value in change.items()}


def test_wrong_ways_to_ask(district: District, now: dt.datetime) -> None:
    browser = client_at(district)
    assert browser.get("/oauth/token").status_code == 405
    assert browser.post("/oauth/token", "{}", "application/json").status_code == 400
    assert browser.post("/oauth/token", b"\xff\xfe", FORM).status_code == 400
    assert browser.post("/oauth/token", "x=" + "y" * 20_000, FORM).status_code == 400


@given(body=st.text(max_size=200) | st.binary(max_size=200))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_body_is_a_fault_of_ours(db: None, body: Any) -> None:
    from django.core.cache import cache

    cache.clear()
    answer = client_at(None).post("/oauth/token", body, FORM)
    assert answer.status_code in (400, 401)
    assert set(answer.json()) >= {"error"}


def test_too_many_wrong_secrets_wait(
    district: District, settings: Any, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_FAILURES_PER_MINUTE = 3
    monkeypatch.setattr(tokens, "FAILED", f"failed-{secrets.token_hex(8)}")  # other tests' failures count elsewhere
    client, secret = new_client(district)
    answers = [ask_token(district, client.client_id, "yts_wrong").status_code for _ in range(4)]
    assert answers == [401, 401, 401, 429]
    waits = ask_token(district, client.client_id, secret)
    assert (waits.status_code, waits["Retry-After"]) == (429, "60")


def test_the_database_knows_no_secret_and_no_token(district: District, now: dt.datetime) -> None:
    client, secret = new_client(district)
    token = ask_token(district, client.client_id, secret).json()["access_token"]
    second = rotate_secret(client, overlap=dt.timedelta(days=1), actor="district_admin:1", at=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_schema, c.table_name FROM information_schema.tables c"
            " WHERE table_type = 'BASE TABLE' AND (table_schema = 'public' OR table_schema = %s)",
            [district.schema_name],
        )
        tables = cursor.fetchall()
        assert ("public", "access_accesstoken") in tables
        for schema, table in tables:
            for text in (secret, second, token):
                cursor.execute(f'SELECT count(*) FROM "{schema}"."{table}" AS t WHERE strpos(t::text, %s) > 0', [text])
                assert cursor.fetchone() == (0,), (schema, table)
        cursor.execute(
            "SELECT count(*) FROM public.access_clientsecret AS t WHERE strpos(t::text, %s) > 0", [secret[-4:]]
        )
        assert cursor.fetchone() == (1,)  # the search finds what is there


def test_a_token_opens_its_own_district_only(district: District, other_district: District, now: dt.datetime) -> None:
    client, secret = new_client(district)
    here = with_token(district, client, secret)
    assert here.get(SCHEDULES).status_code == 200
    refused = []
    for place in (other_district, None):
        there = client_at(place)
        there.defaults["HTTP_AUTHORIZATION"] = here.defaults["HTTP_AUTHORIZATION"]
        refused.append(there.get(SCHEDULES) if place else there.get("/healthz"))
    bad = client_at(other_district)
    bad.defaults["HTTP_AUTHORIZATION"] = "Bearer ytt_nobodys"
    unknown = bad.get(SCHEDULES)
    assert refused[0].status_code == unknown.status_code == 401
    assert refused[0].content == unknown.content
    assert refused[0]["WWW-Authenticate"] == unknown["WWW-Authenticate"]
    assert refused[0]["Content-Type"] == "application/problem+json"


def test_a_secret_gives_no_token_elsewhere(district: District, other_district: District, now: dt.datetime) -> None:
    client, secret = new_client(district)
    wrong = ask_token(other_district, client.client_id, "yts_wrong")
    for place in (other_district, None):
        answer = ask_token(place, client.client_id, secret)
        assert (answer.status_code, answer.content) == (401, wrong.content)


def test_a_vendors_client_follows_the_book(district: District, other_district: District, now: dt.datetime) -> None:
    with schema_context("public"):
        csm = Csm.objects.create(name="Casey", email="casey@vendor.example")
        District.objects.filter(pk=district.pk).update(csm=csm)
    client, secret = new_client(None, csm=csm)
    from tenants.hosts import forget_hosts

    forget_hosts()
    browser = with_token(district, client, secret)
    assert browser.get(SCHEDULES).status_code == 200
    assert ask_token(other_district, client.client_id, secret).status_code == 401
    assert ask_token(None, client.client_id, secret).status_code == 200
    with schema_context("public"):
        District.objects.filter(pk=district.pk).update(csm=None)
    forget_hosts()
    assert browser.get(SCHEDULES).status_code == 401


def test_too_few_scopes(district: District, now: dt.datetime) -> None:
    browser = with_token(district, *new_client(district), scope="yearturn.holds.read")
    refused = browser.get(SCHEDULES)
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
    assert "yearturn.schedules.read" in refused.json()["detail"]
    assert browser.post(SCHEDULES).status_code == 405


def test_what_is_taken_from_a_client_is_taken_from_its_tokens(district: District, now: dt.datetime) -> None:
    client, secret = new_client(district)
    browser = with_token(district, client, secret)
    facts: dict[str, Any] = {"name": "SIS", "expires_at": client.expires_at, "actor": "district_admin:1", "at": NOW}
    change_client(client, scopes=["yearturn.holds.read"], networks=[], **facts)
    assert browser.get(SCHEDULES).status_code == 403
    change_client(client, scopes=["yearturn.schedules.read"], networks=["203.0.113.0/24"], **facts)
    refused = browser.get(SCHEDULES)
    assert (refused.status_code, "network" in refused.json()["detail"]) == (403, True)
    assert browser.get(SCHEDULES, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert ask_token(district, client.client_id, secret).json()["error"] == "unauthorized_client"
    revoke_client(client, actor="district_admin:1", at=NOW)
    assert browser.get(SCHEDULES, REMOTE_ADDR="203.0.113.9").status_code == 401
    assert ask_token(district, client.client_id, secret).json()["error"] == "invalid_client"


def test_time_ends_tokens_and_clients(district: District, clock: Callable[[str], dt.datetime]) -> None:
    clock(NOW.isoformat())
    client, secret = new_client(district, expires_at=NOW + dt.timedelta(hours=1, minutes=30))
    browser = with_token(district, client, secret)
    clock((NOW + dt.timedelta(minutes=61)).isoformat())
    assert browser.get(SCHEDULES).status_code == 401
    answer = ask_token(district, client.client_id, secret)
    assert answer.json()["expires_in"] == 29 * 60
    with schema_context("public"):
        assert AccessToken.objects.count() == 1  # the one that had run out is forgotten
    clock((NOW + dt.timedelta(minutes=90)).isoformat())
    assert ask_token(district, client.client_id, secret).status_code == 401


def test_the_old_secret_lives_through_the_overlap(district: District, clock: Callable[[str], dt.datetime]) -> None:
    clock(NOW.isoformat())
    client, old = new_client(district)
    new = rotate_secret(client, overlap=dt.timedelta(days=7), actor="district_admin:1", at=NOW)
    assert [ask_token(district, client.client_id, each).status_code for each in (old, new)] == [200, 200]
    clock((NOW + dt.timedelta(days=7)).isoformat())
    assert [ask_token(district, client.client_id, each).status_code for each in (old, new)] == [401, 200]


def test_the_last_use_is_written_once_a_minute(
    district: District, clock: Callable[[str], dt.datetime], django_assert_num_queries: Any
) -> None:
    clock(NOW.isoformat())
    client, secret = new_client(district)
    browser = with_token(district, client, secret)
    seen = []
    for seconds in (0, 30, 59, 60, 61):
        at = clock((NOW + dt.timedelta(seconds=seconds)).isoformat())
        browser.get(SCHEDULES)
        with schema_context("public"):
            seen.append((Client.objects.get(pk=client.pk).last_used_at - NOW).total_seconds())
        assert at
    assert seen == [0, 0, 0, 60, 60]


def test_the_rate(district: District, settings: Any, now: dt.datetime) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    browser = with_token(district, *new_client(district))
    answers = [browser.get(SCHEDULES) for _ in range(3)]
    assert [answer.status_code for answer in answers] in ([200, 200, 429], [200, 200, 200])  # a minute may turn between
    while answers[-1].status_code != 429:
        answers.append(browser.get(SCHEDULES))
    last = answers[-1]
    assert (last["RateLimit-Limit"], last["RateLimit-Remaining"]) == ("2", "0")
    assert 1 <= int(last["Retry-After"]) <= 60
    assert last.json()["status"] == 429
    assert answers[0]["RateLimit-Policy"] == "2;w=60"


def test_revoking_a_token(district: District, now: dt.datetime) -> None:
    client, secret = new_client(district)
    other, others_secret = new_client(district)
    browser = with_token(district, client, secret)
    token = browser.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    for who, what, opens in ((other, others_secret, 200), (client, secret, 401)):
        sent = f"token={token}&client_id={who.client_id}&client_secret={what}"
        assert client_at(district).post("/oauth/revoke", sent, FORM).status_code == 200
        assert browser.get(SCHEDULES).status_code == opens
