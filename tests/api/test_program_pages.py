"""The pages on which a district admin lets programs in: each by its form, as a browser without a script sends it."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import schema_context

from accounts.models import Role
from api.access.models import Client
from ledger.models import LedgerEntry
from ledger.services import append_waiting
from tenants.locks import Lock, take_lock
from tenants.models import District, Job
from tests.api.conftest import ask_token, new_client
from tests.support.people import logged_in

SAID = {
    "name": "Northwind SIS", "expires_on": "2027-06-01", "networks": "", "school": "",
    "scopes": ["yearturn.roster.read", "yearturn.schedules.read"],
}  # fmt: skip


@pytest.fixture
def admin(district: District, now: dt.datetime) -> Browser:
    return logged_in(district, Role.DISTRICT_ADMIN)


def only_client() -> Client:
    with schema_context("public"):
        return Client.objects.get()


def secret_in(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()
    return re.findall(r"yts_[\w-]+", answer.content.decode())[0]


def noted(district: District) -> list[LedgerEntry]:
    """The entries that wait for a worker, appended."""
    with schema_context("public"):
        take_lock(Lock.DISTRICT, district.pk)
        append_waiting(district)
        return list(LedgerEntry.objects.filter(district_id=district.pk, kind__startswith="client_"))


def test_a_program_is_let_in_and_its_secret_is_shown_once(district: District, admin: Browser) -> None:
    secret = secret_in(admin.post("/programs/new/", SAID))
    client = only_client()
    assert ask_token(district, client.client_id, secret).status_code == 200
    assert client.expires_at == dt.datetime(2027, 6, 2, 5, tzinfo=dt.UTC)  # the end of June 1 in Chicago
    for address in ("/programs/", f"/programs/{client.pk}/", f"/programs/{client.pk}/revoke/"):
        shown = admin.get(address).content.decode()
        assert "Northwind SIS" in shown
        assert secret not in shown
    [made] = noted(district)
    assert (made.kind, made.actor[:15]) == ("client_made", "district_admin:")
    assert made.facts["scopes"] == ["yearturn.roster.read", "yearturn.schedules.read"]
    assert secret not in str(made.facts)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Give the program a name"),
        ({"scopes": []}, "Choose at least one thing"),
        ({"scopes": ["yearturn.districts.read"]}, "not one of the available choices"),
        ({"expires_on": "2026-06-23"}, "within the next two years"),
        ({"expires_on": "2029-01-01"}, "within the next two years"),
        ({"networks": "the office"}, "is no network"),
        ({"school": "9"}, "not one of the available choices"),
    ],
)
def test_what_a_form_refuses(admin: Browser, change: dict[str, Any], words: str) -> None:
    answer = admin.post("/programs/new/", {**SAID, **change})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    with schema_context("public"):
        assert not Client.objects.exists()


def test_changing_rotating_and_revoking(district: District, admin: Browser) -> None:
    first = secret_in(admin.post("/programs/new/", SAID))
    client = only_client()
    changed = admin.post(f"/programs/{client.pk}/", {**SAID, "name": "Northwind", "networks": "127.0.0.1, 10.0.0.0/8"})
    assert changed.status_code == 302
    assert only_client().networks == ["127.0.0.1/32", "10.0.0.0/8"]
    second = secret_in(admin.post(f"/programs/{client.pk}/secret/", {"overlap": "0"}))
    assert [ask_token(district, client.client_id, each).status_code for each in (first, second)] == [401, 200]
    assert admin.post(f"/programs/{client.pk}/secret/", {"overlap": "900"}).status_code == 302
    assert admin.post(f"/programs/{client.pk}/revoke/").status_code == 302
    assert ask_token(district, client.client_id, second).status_code == 401
    assert "Revoked" in admin.get("/programs/").content.decode()
    assert admin.post(f"/programs/{client.pk}/", SAID).status_code == 400
    kinds = [entry.kind for entry in noted(district)]
    assert kinds == ["client_made", "client_changed", "client_rotated", "client_revoked"]


def test_another_districts_program_is_not_here(admin: Browser, other_district: District) -> None:
    client, _ = new_client(other_district)
    for address in ("", "revoke/"):
        assert admin.get(f"/programs/{client.pk}/{address}").status_code == 404
    for address in ("", "revoke/", "secret/"):
        assert admin.post(f"/programs/{client.pk}/{address}", {**SAID, "overlap": "0"}).status_code == 404
    assert "No program is let in" in admin.get("/programs/").content.decode()


def test_the_list_goes_by_key_with_one_query_for_any_length(
    district: District, admin: Browser, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        new_client(district)
    with schema_context("public"):
        Job.objects.all().delete()
    with django_assert_max_num_queries(14):
        first = admin.get("/programs/").content.decode()
    keys = [int(key) for key in re.findall(r"/programs/(\d+)/", first)]
    rest = admin.get(f"/programs/?after={keys[-1]}").content.decode()
    assert (len(keys), len(re.findall(r"/programs/\d+/", rest))) == (25, 5)
