"""A real mail server, and a district with admins and a date."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django_tenants.utils import schema_context

from accounts.models import Role
from correspondence.models import Letter
from correspondence.planner import JOB_KIND, plan_letters
from correspondence.tasks import send_letters
from products.models import Subscription
from products.registry import suite_named
from resets.models import ResetRun, ResetSchedule, RunState
from tenants.jobs.services import finish_job, start_attempt
from tenants.models import Csm, District, Job
from tenants.schema import enter_district
from tests.correspondence.smtp import Mailbox, PostOffice
from tests.support.people import make_person

RESET_ON = dt.date(2026, 7, 28)


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """What a real SMTP server, to which everything is sent, has taken."""
    office = PostOffice()
    office.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    settings.DEFAULT_FROM_EMAIL = "Yearturn <no-reply@yearturn.example>"
    settings.BOUNCE_DOMAIN = "yearturn.example"
    try:
        yield office.mailbox
    finally:
        office.stop()


@pytest.fixture
def dated(district: District) -> District:
    """Maple, in Chicago: two admins, one who has left, Casey's book, literacy on July 28, no answer."""
    return give_date(district)


def give_date(district: District, suite: str = "literacy", on: dt.date = RESET_ON) -> District:
    """Give a district admins, a CSM, a subscription and a date."""
    csm, _ = Csm.objects.get_or_create(name="Casey Book", email="casey@vendor.example")
    District.objects.filter(pk=district.pk).update(csm=csm)
    for product in suite_named(suite).products:
        Subscription.objects.create(district=district, product=product.code, starts_on=dt.date(2025, 8, 1))
    ResetSchedule.objects.create(district=district, suite=suite, school_year=2026, on=on)
    make_person(district, Role.DISTRICT_ADMIN, f"ada@{district.slug}.example")
    make_person(district, Role.DISTRICT_ADMIN, f"bob@{district.slug}.example")
    make_person(district, Role.DISTRICT_ADMIN, f"gone@{district.slug}.example", is_active=False)
    make_person(district, Role.SCHOOL_ADMIN, f"school@{district.slug}.example")
    return District.objects.get(pk=district.pk)


def was_reset(district: District, finished_at: str = "2026-07-28T07:10:00+00:00", suite: str = "literacy") -> ResetRun:
    """The record of a reset that was made."""
    finished = dt.datetime.fromisoformat(finished_at)
    return ResetRun.objects.create(
        district=district, suite=suite, school_year=2026, on=RESET_ON, state=RunState.COMPLETED,
        actor="system:planner", created_at=finished, started_at=finished, finished_at=finished,
    )  # fmt: skip


@pytest.fixture
def tick(clock: Callable[[str], dt.datetime]) -> Callable[[str], list[str]]:
    """One tick at a moment, its jobs done as the worker does: `tick("2026-07-14T13:00Z")`; the jobs' keys."""

    def at(moment: str) -> list[str]:
        clock(moment)
        with schema_context("public"):
            plan_letters()
        return work()

    return at


def work() -> list[str]:
    """Do every open letters' job once; their keys."""
    with schema_context("public"):
        Job.objects.filter(kind=JOB_KIND).exclude(retry_at=None).update(retry_at=None)
        jobs = list(Job.objects.filter(kind=JOB_KIND, state__in=("waiting", "running")).order_by("key"))
    return [job.key for job in jobs if do(job)]


def do(job: Job) -> bool:
    """One attempt at a job."""
    with schema_context("public"):
        district = District.objects.get(pk=job.district_id)
        started = start_attempt(str(job.pk), district.pk)
    assert started
    with enter_district(district):
        send_letters(district, started)
    finish_job(started)
    return True


def letters(district: District) -> dict[tuple[str, int | None], str]:
    """A district's letters' states, by kind and recipient."""
    with schema_context("public"):
        rows = Letter.objects.filter(district=district).values_list("kind", "recipient_id", "state")
    return {(kind, recipient): state for kind, recipient, state in rows}
