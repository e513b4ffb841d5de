"""A receiver over real HTTP, and an endpoint that leads to it."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django_tenants.utils import schema_context
from standardwebhooks.webhooks import Webhook

from api.webhooks.models import Endpoint
from api.webhooks.queue import KIND, plan_webhooks
from api.webhooks.services import make_endpoint
from events.services import note_event
from events.types import CHOSEN
from tenants.jobs.registry import kind_named
from tenants.jobs.services import finish_job, start_attempt
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.support.answering import Asked, Reply, Served, answering

START = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


class Receiver:
    """What a careful receiver does: checks each signature, and takes each id once."""

    def __init__(self) -> None:
        self.secret, self.status = "", 200
        self.calls = list[str]()
        self.taken = list[dict[str, Any]]()
        self.seen = set[str]()
        self.before: Callable[[Asked], None] = lambda asked: None

    def answer(self, asked: Asked) -> Reply:
        body = Webhook(self.secret).verify(asked.body, asked.headers)
        self.before(asked)
        self.calls.append(asked.headers["webhook-id"])
        if self.status == 200 and self.calls[-1] not in self.seen:
            self.seen.add(self.calls[-1])
            self.taken.append(body)
        return Reply(self.status, b"a text that nobody keeps", {"Location": "http://127.0.0.1:1/"})


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def served(receiver: Receiver, settings: Any) -> Iterator[Served]:
    with answering(receiver.answer) as served:
        settings.OUTBOUND_TRUSTED = frozenset({served.host})
        yield served


@pytest.fixture
def endpoint(district: District, receiver: Receiver, served: Served) -> Endpoint:
    return endpoint_at(district, served.url + "/hook", receiver)


def endpoint_at(district: District, address: str, receiver: Receiver) -> Endpoint:
    said: dict[str, Any] = {"address": address, "description": "Warehouse", "types": CHOSEN}
    endpoint, receiver.secret = make_endpoint(district, **said, actor="district_admin:1", at=START)
    return endpoint


def note(district: District, number: int, subject: str = "roster") -> None:
    facts = {"held_back": number, "school_year": 2026}
    with schema_context("public"):
        note_event(district.pk, "roster.synced", subject=subject, facts=facts, at=START)


@pytest.fixture
def tick(clock: Callable[[str], dt.datetime]) -> Callable[[dt.datetime], int]:
    """One tick at a moment, its jobs done as the worker does; how many jobs there were."""

    def at(moment: dt.datetime) -> int:
        clock(moment.isoformat())
        with schema_context("public"), transaction.atomic():
            plan_webhooks()
        return work(KIND)

    return at


def work(kind: str) -> int:
    """Do every open job of a kind once."""
    with schema_context("public"):
        jobs = list(Job.objects.filter(kind=kind, state__in=("waiting", "running")))
    for job in jobs:
        with schema_context("public"):
            district = District.objects.get(pk=job.district_id)
            started = start_attempt(str(job.pk), district.pk)
        assert started
        with enter_district(district):
            kind_named(kind).handler(district, started)
        finish_job(started)
    return len(jobs)
