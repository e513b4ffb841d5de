"""The pages of the webhooks: each by its form, as a browser without a script sends it."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import Role
from api.webhooks.models import Delivery, Endpoint, State
from tenants.models import District, Job
from tests.support.answering import Served
from tests.support.people import logged_in
from tests.webhooks.conftest import START, Receiver, endpoint_at

SAID = {"description": "Warehouse", "address": "https://example.com/hook", "types": ["reset.verified", "roster.synced"]}


@pytest.fixture
def admin(district: District, clock: Callable[[str], dt.datetime]) -> Client:
    clock(START.isoformat())
    return logged_in(district, Role.DISTRICT_ADMIN)


def secrets_in(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()
    [found] = re.findall(r"whsec_[\w+/=]+", answer.content.decode())
    return str(found)


def test_it_is_made_changed_rotated_and_switched(admin: Client) -> None:
    first = secrets_in(admin.post("/webhooks/new/", SAID))
    with schema_context("public"):
        endpoint = Endpoint.objects.get()
    place = f"/webhooks/{endpoint.pk}/"
    assert first not in admin.get(place).content.decode()
    assert secrets_in(admin.post(f"{place}secret/", {"overlap": "7"})) != first
    assert "signs until" in admin.get(place).content.decode()
    assert admin.post(place, {**SAID, "description": "Lake"}).status_code == 302
    assert "Lake" in admin.get("/webhooks/").content.decode()
    admin.post(f"{place}switch/", {"on": "0"})
    assert "Switch it on" in admin.get(place).content.decode()
    assert "switch it on first" in admin.post(f"{place}try/", follow=True).content.decode()
    admin.post(f"{place}switch/", {"on": "1"})
    with schema_context("public"):
        kinds = list(Job.objects.filter(kind="ledger_entry").order_by("pk").values_list("payload__kind", flat=True))
    assert sorted(kinds) == sorted(
        ["webhook_made", "webhook_rotated", "webhook_changed", "webhook_disabled", "webhook_enabled"]
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"description": ""}, "Say what it belongs to"),
        ({"address": "http://example.com/"}, "must begin with https://"),
        ({"address": "https://192.168.1.1/"}, "inside of a network"),
        ({"types": []}, "Choose at least one type"),
        ({"types": ["webhook.test"]}, "not one of the available choices"),
    ],
)
def test_what_the_form_refuses(admin: Client, change: dict[str, Any], words: str) -> None:
    answer = admin.post("/webhooks/new/", {**SAID, **change})
    assert (answer.status_code, words in answer.content.decode()) == (400, True)
    with schema_context("public"):
        assert not Endpoint.objects.exists()


def test_a_test_arrives_is_in_the_log_and_is_sent_again_with_its_id(
    admin: Client, district: District, endpoint: Endpoint, receiver: Receiver, served: Served, tick: Any
) -> None:
    place = f"/webhooks/{endpoint.pk}/"
    assert "within a minute" in admin.post(f"{place}try/", follow=True).content.decode()
    tick(START)
    assert [body["type"] for body in receiver.taken] == ["webhook.test"]
    log = admin.get(place).content.decode()
    assert "Somebody pressed the button" in log
    assert "a text that nobody keeps" not in log
    with schema_context("public"):
        kept = Delivery.objects.get()
    admin.post(f"{place}again/{kept.pk}/")
    tick(START + dt.timedelta(minutes=1))
    assert receiver.calls[0] == receiver.calls[1]
    with schema_context("public"):
        assert Delivery.objects.get().state == State.DELIVERED


def test_another_districts_webhook_is_not_here(
    admin: Client, other_district: District, receiver: Receiver, served: Served
) -> None:
    place = f"/webhooks/{endpoint_at(other_district, served.url, receiver).pk}/"
    assert admin.get(place).status_code == 404
    for part in ("", "secret/", "switch/", "try/", "again/1/"):
        assert admin.post(place + part, SAID).status_code == 404
    assert "There is no webhook" in admin.get("/webhooks/").content.decode()


def test_only_district_admins(district: District, admin: Client) -> None:
    assert logged_in(district, Role.SCHOOL_ADMIN).get("/webhooks/").status_code == 403
