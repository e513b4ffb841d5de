"""When names go: on day 91, in the district's own zone, asked for once, and never for a district that is gone."""

import datetime as dt
import io
import json
from collections.abc import Callable

import pytest
from django.core.management import call_command

from archiving.planner import plan_anonymizations
from archiving.selectors import due_anonymizations
from resets.models import ResetRun, RunState
from tenants.models import District, Job

MakeDistrict = Callable[..., District]


def reset(district: District, suite: str = "literacy", state: RunState = RunState.COMPLETED) -> ResetRun:
    return ResetRun.objects.create(
        district=district,
        suite=suite,
        school_year=2026,
        on=dt.date(2026, 7, 28),
        state=state,
        actor="csm:1",
        created_at=dt.datetime(2026, 7, 28, 8, tzinfo=dt.UTC),
    )


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-10-26T12:00+00:00", False),  # day 90: students still return
        ("2026-10-27T04:59+00:00", False),  # 23:59 in Chicago
        ("2026-10-27T05:01+00:00", True),
    ],
)
def test_the_day_after_the_ninetieth_in_the_districts_zone(moment: str, due: bool, district: District) -> None:
    reset(district)
    assert bool(due_anonymizations(dt.datetime.fromisoformat(moment))) is due


@pytest.mark.parametrize(("suite", "state"), [("math", RunState.COMPLETED), ("literacy", RunState.FAILED)])
def test_only_completed_resets_of_suites_that_anonymize(suite: str, state: RunState, district: District) -> None:
    reset(district, suite, state)
    assert due_anonymizations(dt.datetime(2027, 1, 1, tzinfo=dt.UTC)) == []


def test_an_undone_reset_is_not_due_unless_for_some_schools(district: District) -> None:
    run, now = reset(district), dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    for schools, due in (([], 0), ([7], 1)):
        ResetRun.objects.filter(pk=run.pk).update(undone_at=now, restored_schools=schools)
        assert len(due_anonymizations(now)) == due


def test_asked_for_once(district: District, clock: Callable[[str], dt.datetime]) -> None:
    run = reset(district)
    clock("2026-10-28T00:00+00:00")
    assert plan_anonymizations() == 1
    assert plan_anonymizations() == 0
    job = Job.objects.get(kind="anonymize")
    assert (job.district, job.key) == (district, str(run.pk))
    assert job.payload == {"suite": "literacy", "school_year": 2026, "run": str(run.pk)}


def test_a_removed_district_is_left_alone(district: District, clock: Callable[[str], dt.datetime]) -> None:
    reset(district)
    District.objects.filter(pk=district.pk).update(removed_at=clock("2026-10-28T00:00+00:00"))
    assert plan_anonymizations() == 0


def test_the_command_says_what_is_due_and_asks(district: District, clock: Callable[[str], dt.datetime]) -> None:
    reset(district)
    clock("2026-10-28T00:00+00:00")
    out = io.StringIO()
    call_command("anonymize_due", "--dry-run", "--json", stdout=out)
    assert json.loads(out.getvalue()) == [
        {"district": district.slug, "suite": "literacy", "school_year": 2026, "until": "2026-10-26"}
    ]
    assert not Job.objects.filter(kind="anonymize").exists()
    out = io.StringIO()
    call_command("anonymize_due", stdout=out)
    assert "1 anonymization(s) asked for" in out.getvalue()
    assert Job.objects.filter(kind="anonymize").count() == 1
