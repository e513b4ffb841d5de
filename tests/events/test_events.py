"""Events are noted with what they tell, or not at all, and numbered when they are committed."""

import datetime as dt
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from events.errors import EventError
from events.models import Event
from events.services import note_event, number_events
from events.types import CHOSEN, RESET_CHANGED, RESET_FAILED, RESET_SCHEDULED, RESET_STARTED, TYPES, WEBHOOK_TEST
from resets.engine.progress import told
from resets.models import ResetRun, RunState
from resets.planner import ensure_schedules
from resets.services import agree_to_date, schedule_reset
from resets.windows import open_school_year
from tenants.models import District
from tests.correspondence.conftest import give_date

AT = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def note(district: District, **facts: Any) -> None:
    note_event(district.pk, WEBHOOK_TEST, subject="webhook:1", facts=facts, at=AT)


@pytest.mark.parametrize("value", ["Ada Lovelace", "ada@maple.example", 1.5, ["a"], {"name": "Ada"}, "x" * 65])
def test_what_is_more_than_an_identifier_or_a_count_is_refused(district: District, value: Any) -> None:
    with pytest.raises(EventError, match="more than an identifier"):
        note(district, value=value)
    assert not Event.objects.exists()


def test_an_unknown_type_is_refused_and_every_example_is_thin(district: District) -> None:
    with pytest.raises(EventError, match="no event of type"):
        note_event(district.pk, "reset.forgotten", subject="x", facts={}, at=AT)
    for name in CHOSEN:
        note_event(district.pk, name, subject="x", facts=TYPES[name].example, at=AT)
    assert Event.objects.count() == len(TYPES) - 1


def test_numbers_count_up_in_each_district_and_are_given_once(district: District, other_district: District) -> None:
    for place in (district, other_district, district):
        note(place)
    assert len(number_events()) == 3
    note(district)
    assert (len(number_events()), number_events()) == (1, [])
    assert list(Event.objects.order_by("pk").values_list("number", flat=True)) == [1, 1, 2, 3]


def test_what_is_noted_once_is_noted_once(district: District) -> None:
    for name in ("a", "a", "b"):
        note_event(district.pk, RESET_STARTED, subject="s", facts={}, at=AT, once=name)
    assert Event.objects.count() == 2


def test_an_undone_transaction_tells_nothing(district: District) -> None:
    with transaction.atomic():
        note(district)
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_a_reset_is_scheduled_once_and_changed_when_its_date_changes(district: District) -> None:
    give_date(district)
    open_school_year(2026)
    schedule_reset(district, "literacy", 2026, dt.date(2026, 7, 14), actor="csm:1", as_of=dt.date(2026, 6, 1))
    agree_to_date(district, "literacy", 2026, actor="district_admin:1", as_of=dt.date(2026, 6, 1))
    [changed] = Event.objects.all()
    assert (changed.type, changed.subject) == (RESET_CHANGED, "reset:literacy:2026")
    assert changed.facts == {"suite": "literacy", "school_year": 2026, "on": "2026-07-14", "before": "2026-07-28"}


def test_default_dates_are_told(district: District, clock: Callable[[str], dt.datetime]) -> None:
    from resets.models import ResetSchedule

    give_date(district)
    ResetSchedule.objects.all().delete()
    now = clock("2026-06-01T12:00Z")
    open_school_year(2026)
    assert ensure_schedules(now) == 1
    ensure_schedules(now)
    [told_of] = Event.objects.all()
    assert (told_of.type, told_of.facts["on"]) == (RESET_SCHEDULED, "2026-07-28")


def test_a_run_tells_once_that_it_started_and_that_it_failed(committed_district: District) -> None:
    with schema_context("public"):
        run = ResetRun.objects.create(
            id=uuid.uuid4(), district=committed_district, suite="literacy", school_year=2026,
            on=dt.date(2026, 7, 28), state=RunState.QUEUED, actor="a", created_at=AT,
        )  # fmt: skip
        with told(run.pk) as progress:
            progress.start()
            progress.start()
            progress.fail("one", {}, final=False)
            progress.fail("two", {}, final=True)
        connection.close()
        assert list(Event.objects.values_list("type", flat=True)) == [RESET_STARTED, RESET_FAILED]


def test_every_type_is_documented_with_its_example() -> None:
    text = Path("docs/webhooks.md").read_text()
    for name, kind in TYPES.items():
        assert f"**`{name}`**: {kind.words}." in text
        assert json.dumps(kind.example)[1:] in text
