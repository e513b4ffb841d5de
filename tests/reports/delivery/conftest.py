"""A district with a date, people, and a real mail server; ticks at a moment with their jobs done."""

import datetime as dt
from collections.abc import Callable

import pytest
from django_tenants.utils import schema_context

from accounts.models import Role, User
from reports.asking.asked import Asked
from reports.delivery.due import JOB_KIND, plan_deliveries
from reports.delivery.models import Every
from reports.delivery.sending import send_due
from reports.delivery.services import Rhythm, subscribe
from reports.delivery.subscriptions.models import ReportSubscription
from tenants.jobs.services import finish_job, start_attempt
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.correspondence.conftest import dated, mailbox
from tests.support.people import make_person

__all__ = ["dated", "mailbox"]  # fixtures
REPORT = "literacy-usage"
MONDAY = Rhythm(Every.WEEKLY, 7, weekday=1)
WEEK_BEFORE = Rhythm(Every.BEFORE_RESET, 7, suite="literacy", days=7)
SATURDAY = "2026-06-27T15:00:00+00:00"
Tick = Callable[[str], list[str]]


@pytest.fixture
def ella(dated: District) -> User:
    """An educator of Maple, in Chicago, whose literacy is reset on July 28."""
    return make_person(dated, Role.EDUCATOR, "ella@maple.example", educator_id=7)


@pytest.fixture
def tick(clock: Callable[[str], dt.datetime]) -> Tick:
    """One tick at a moment, its jobs done as the worker does; the jobs' keys."""

    def at(moment: str) -> list[str]:
        clock(moment)
        with schema_context("public"):
            plan_deliveries()
        return work()

    return at


def work() -> list[str]:
    """Do every open job once; their keys."""
    with schema_context("public"):
        Job.objects.filter(kind=JOB_KIND).exclude(retry_at=None).update(retry_at=None)
        jobs = list(Job.objects.filter(kind=JOB_KIND, state__in=("waiting", "running")).order_by("key"))
        districts = District.objects.in_bulk({job.district_id for job in jobs})
    for job in jobs:
        with schema_context("public"):
            started = start_attempt(str(job.pk), job.district_id)
        assert started
        with enter_district(districts[job.district_id]):
            send_due(districts[job.district_id], started)
        finish_job(started)
    return [job.key for job in jobs]


def wish(district: District, user: User, rhythm: Rhythm, at: str = SATURDAY, **asked: object) -> ReportSubscription:
    """Subscribe somebody."""
    with enter_district(district):
        return subscribe(
            district,
            user,
            Asked(REPORT, **asked),
            rhythm,
            at=dt.datetime.fromisoformat(at),  # type: ignore[arg-type]
        )
