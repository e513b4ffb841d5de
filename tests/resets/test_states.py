"""The database refuses a run's step back, and any edit of a schedule's history."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resets.models import Answer, ResetRun, ResetSchedule, RunState, ScheduleChange
from tenants.models import District

RANK = {RunState.QUEUED: 1, RunState.RUNNING: 2, RunState.COMPLETED: 3, RunState.FAILED: 3}
NOW = dt.datetime(2026, 7, 28, 12, tzinfo=dt.UTC)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(list(RunState)), max_size=8))
def test_states_only_go_forward(steps: list[RunState], district: District) -> None:
    run = ResetRun.objects.create(
        district=district, suite="math", school_year=2026, on=NOW.date(), actor="csm:1", created_at=NOW
    )
    try:
        state = RunState.QUEUED
        for step in steps:
            allowed = step == state or RANK[step] > RANK[state]
            try:
                with transaction.atomic():
                    ResetRun.objects.filter(pk=run.pk).update(state=step)
            except DatabaseError:
                assert not allowed, f"{state} to {step} was refused"
            else:
                assert allowed, f"{state} to {step} was let through"
                state = step
            assert ResetRun.objects.get(pk=run.pk).state == state
    finally:
        run.delete()


def test_history_is_never_edited(district: District) -> None:
    schedule = ResetSchedule.objects.create(district=district, suite="math", school_year=2026, on=NOW.date())
    change = ScheduleChange.objects.create(
        schedule=schedule, to_on=NOW.date(), answer=Answer.AGREED, actor="csm:1", at=NOW
    )
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        ScheduleChange.objects.filter(pk=change.pk).update(actor="somebody else")
    with connection.cursor() as cursor:
        cursor.execute("SELECT actor FROM public.resets_schedulechange WHERE id = %s", [change.pk])
        assert cursor.fetchone() == ("csm:1",)
