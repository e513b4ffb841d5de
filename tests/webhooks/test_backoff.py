"""The schedule covers three days, and no subject ever overtakes itself, whatever fails."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django_tenants.utils import schema_context
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.webhooks.backoff import PAUSES, pause_after
from api.webhooks.models import Delivery, State
from tenants.models import District
from tests.webhooks.conftest import START, Receiver, endpoint_at, note

Tick = Callable[[dt.datetime], int]


def test_it_lasts_more_than_three_days_and_never_gets_shorter() -> None:
    assert dt.timedelta(days=3) < sum(PAUSES, dt.timedelta()) < dt.timedelta(days=3, hours=4)
    assert list(PAUSES) == sorted(PAUSES)
    assert [pause_after(number) for number in (1, 9, 10, 11)] == [PAUSES[0], PAUSES[8], None, None]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    subjects=st.lists(st.sampled_from("abc"), min_size=1, max_size=8),
    fails=st.lists(st.booleans(), max_size=14),
)
def test_each_subject_arrives_in_order_whatever_fails(
    district: District, served: Any, receiver: Receiver, tick: Tick, subjects: list[str], fails: list[bool]
) -> None:
    endpoint = endpoint_at(district, served.url, receiver)
    receiver.taken.clear()
    left = list(fails)

    def decide(_: object) -> None:
        receiver.status = 500 if left and left.pop() else 200

    receiver.before = decide
    for number, subject in enumerate(subjects):
        note(district, number, subject)
    moment = START
    for pause in (dt.timedelta(), *PAUSES, *PAUSES):
        moment += pause + dt.timedelta(seconds=1)
        if tick(moment) == 0 and len(receiver.taken) == len(subjects):
            break
    got = [(body["data"]["subject"], body["data"]["held_back"]) for body in receiver.taken]
    for subject in set(subjects):
        wanted = [number for number, each in enumerate(subjects) if each == subject]
        assert [number for each, number in got if each == subject] == wanted
    with schema_context("public"):
        assert not endpoint.deliveries.exclude(state=State.DELIVERED).exists()
        Delivery.objects.all().delete()
        endpoint.delete()
