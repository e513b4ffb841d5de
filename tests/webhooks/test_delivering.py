"""Deliveries over real HTTP: signed, once per id, in order, after three days too, and never inside of the network."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import schema_context
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from accounts.models import Role
from api.webhooks import delivering, notices
from api.webhooks.backoff import PAUSES
from api.webhooks.errors import WebhookError
from api.webhooks.models import Delivery, Endpoint, EndpointSecret, Notice, State
from api.webhooks.services import redeliver, rotate_secret, switch_endpoint
from tenants.models import District
from tests.correspondence.conftest import mailbox  # noqa: F401 - a fixture
from tests.support.answering import Served
from tests.support.people import logged_in, make_person
from tests.webhooks.conftest import START, Receiver, endpoint_at, note, work

Tick = Callable[[dt.datetime], int]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def numbers(receiver: Receiver) -> list[int]:
    return [body["data"]["held_back"] for body in receiver.taken]


def deliveries() -> list[Delivery]:
    with schema_context("public"):
        return list(Delivery.objects.order_by("event_id"))


def test_an_event_arrives_signed_and_thin(
    district: District, endpoint: Endpoint, receiver: Receiver, served: Served, tick: Tick
) -> None:
    note(district, 7)
    assert tick(START) == 1
    assert receiver.taken == [{
        "type": "roster.synced", "timestamp": "2026-06-01T12:00:00Z",
        "data": {"subject": "roster", "number": 1, "held_back": 7, "school_year": 2026},
    }]  # fmt: skip
    [asked] = served.asked
    assert (asked.method, asked.path, asked.headers["content-type"]) == ("POST", "/hook", "application/json")
    with pytest.raises(WebhookVerificationError):
        Webhook(receiver.secret).verify(asked.body + b" ", asked.headers)
    [kept] = deliveries()
    assert (kept.state, kept.status, kept.attempts, kept.trouble) == (State.DELIVERED, 200, 1, "")
    assert tick(START + HOUR) == 0


def test_a_receiver_that_is_down_for_three_days_gets_everything_once_and_in_order(
    district: District, endpoint: Endpoint, receiver: Receiver, tick: Tick
) -> None:
    receiver.status = 503
    for hour in range(0, 73, 3):
        if hour % 6 == 0:
            note(district, hour, "reset:literacy:2026" if hour % 12 else "roster")
        tick(START + hour * HOUR)
    assert receiver.taken == []
    receiver.status = 200
    for hour in range(73, 73 + 25, 3):
        tick(START + hour * HOUR)
    assert sorted(numbers(receiver)) == list(range(0, 73, 6))
    for subject in ("roster", "reset:literacy:2026"):
        mine = [body["data"]["held_back"] for body in receiver.taken if body["data"]["subject"] == subject]
        assert mine == sorted(mine)
    assert len(receiver.seen) == len(receiver.taken) == 13
    with schema_context("public"):
        assert Endpoint.objects.get().disabled_at is None


def test_a_worker_that_is_killed_sends_the_same_id_again_and_nothing_overtakes(
    district: District, endpoint: Endpoint, receiver: Receiver, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        note(district, number)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(delivering, "settle_delivery", killed)
        with pytest.raises(KeyboardInterrupt):
            tick(START)
    with schema_context("public"), connection.cursor() as cursor:
        assert [kept.attempts for kept in deliveries()] == [1, 0]
        cursor.execute("UPDATE public.tenants_job SET lease_until = NULL")
    assert tick(START + HOUR) == 1  # the claim is still held: nothing is sent, the second does not overtake
    assert len(receiver.calls) == 1
    with schema_context("public"):
        Delivery.objects.exclude(claimed_until=None).update(claimed_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    tick(START + 2 * HOUR)
    assert receiver.calls[0] == receiver.calls[1]
    assert (len(receiver.calls), numbers(receiver)) == (3, [1, 2])


def test_what_nobody_takes_for_three_days_switches_it_off_and_the_admins_are_told(
    district: District,
    endpoint: Endpoint,
    receiver: Receiver,
    tick: Tick,
    mailbox: Any,  # noqa: F811
) -> None:
    make_person(district, Role.DISTRICT_ADMIN, "ada@maple.example")
    receiver.status = 500
    for number in (1, 2):
        note(district, number)
    moment = START
    for pause in (dt.timedelta(), *PAUSES):
        moment += pause
        tick(moment)
    assert [(kept.state, kept.attempts) for kept in deliveries()] == [(State.GIVEN_UP, 10), (State.WAITING, 0)]
    assert work(notices.KIND) == 1
    with schema_context("public"):
        [notice] = Notice.objects.all()
        assert (Endpoint.objects.get().disabled_why, notice.mail) == ("failing", "sent")
    [(_, _, letter)] = mailbox.taken
    assert "switched off" in str(letter)
    home = logged_in(district, Role.DISTRICT_ADMIN).get("/").content.decode()
    assert "Look after the webhook “Warehouse”" in home
    receiver.status = 200
    with schema_context("public"):
        switch_endpoint(endpoint, on=True, actor="district_admin:1", at=START + 4 * DAY)
        redeliver(deliveries()[0], actor="district_admin:1", at=START + 4 * DAY)
    tick(START + 4 * DAY)
    assert numbers(receiver) == [1, 2]


def test_a_server_that_is_gone_is_left_alone_at_once(
    district: District, endpoint: Endpoint, receiver: Receiver, tick: Tick
) -> None:
    receiver.status = 410
    note(district, 1)
    tick(START)
    with schema_context("public"):
        assert Endpoint.objects.get().disabled_why == "gone"
        with pytest.raises(WebhookError, match="switched off"):
            redeliver(deliveries()[0], actor="a", at=START)


def test_a_redirect_is_followed_nowhere(
    district: District, endpoint: Endpoint, receiver: Receiver, served: Served, tick: Tick
) -> None:
    receiver.status = 302
    note(district, 1)
    tick(START)
    [kept] = deliveries()
    assert (kept.state, kept.status, len(served.asked)) == (State.WAITING, 302, 1)


@pytest.mark.parametrize("address", ["http://example.com/", "https://10.0.0.8/", "https://[::1]/", "ftp://x", "x"])
def test_an_address_inside_of_the_network_is_refused(district: District, address: str) -> None:
    with pytest.raises(WebhookError):
        endpoint_at(district, address, Receiver())


def test_a_name_that_leads_inside_is_not_called(district: District, tick: Tick, settings: Any) -> None:
    endpoint_at(district, "https://localhost:9/", Receiver())
    note(district, 1)
    tick(START)
    [kept] = deliveries()
    assert (kept.state, kept.status) == (State.WAITING, None)
    assert "inside of a network" in kept.trouble


def test_both_secrets_sign_until_the_old_one_ends(
    district: District, endpoint: Endpoint, receiver: Receiver, tick: Tick
) -> None:
    old = receiver.secret
    new = rotate_secret(endpoint, overlap=DAY, actor="district_admin:1", at=START)
    for number, secret in ((1, old), (2, new)):
        receiver.secret = secret
        note(district, number)
        tick(START + number * HOUR)
    assert numbers(receiver) == [1, 2]
    note(district, 3)
    tick(START + 2 * DAY)
    assert numbers(receiver) == [1, 2, 3]
    with schema_context("public"):
        kept = "".join(EndpointSecret.objects.values_list("sealed", flat=True))
    assert old not in kept
    assert new not in kept


def test_another_districts_events_stay_there(
    district: District, other_district: District, endpoint: Endpoint, receiver: Receiver, tick: Tick
) -> None:
    note(other_district, 1)
    assert tick(START) == 0
    assert receiver.calls == []
