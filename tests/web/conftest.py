"""A district with a small roster and dates, and the people who look at it."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tenants.utils import schema_context

from accounts.models import Role
from products.literacy.models import Reward
from products.literacy.products import ALL
from products.models import Subscription
from resets.models import ResetSchedule
from resets.planner import ensure_schedules
from resets.windows import open_school_year
from rostering.models import Educator, School, Student, Sync
from rostering.services import import_bundle
from rostering.uploads import KIND, import_upload
from tenants.jobs.services import finish_job, start_attempt
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.rostering.bundles import BundleBuilder, small_bundle
from tests.support.people import logged_in

JUNE = "2026-06-24T15:00:00+00:00"
TODAY = dt.date(2026, 6, 24)


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def june(clock: Callable[[str], dt.datetime]) -> dt.datetime:
    """It is June 24, 2026."""
    return clock(JUNE)


@pytest.fixture
def rostered(district: District, june: dt.datetime, tmp_path: Path) -> District:
    """Two schools of 20 students each, subscribed to literacy, with its date in July."""
    fill(district, tmp_path)
    return district


def fill(district: District, folder: Path, students: int = 40, schools: int = 2) -> None:
    """Give a district a roster, a subscription, rewards and a date."""
    with schema_context("public"):
        for product in ALL:
            Subscription.objects.create(district=district, product=product.code, starts_on=dt.date(2025, 8, 1))
    bundle = small_bundle(students=students, schools=schools).write(folder, f"{district.slug}-first.zip")
    with enter_district(district):
        import_bundle(bundle, source="command", actor="district_admin:1", as_of=TODAY)
        Sync.objects.update(started_at=dt.datetime.fromisoformat(JUNE) - dt.timedelta(days=1))  # yesterday's
        Reward.objects.bulk_create(
            Reward(student_id=key, product="espanol", booster_bits=5, museum_level=1)
            for key in Student.objects.order_by("pk").values_list("pk", flat=True)
        )
    open_school_year(2026)
    ensure_schedules(dt.datetime.fromisoformat(JUNE))


@pytest.fixture
def admin(rostered: District) -> Client:
    """Its district admin's browser."""
    return logged_in(rostered, Role.DISTRICT_ADMIN)


@pytest.fixture
def school_admin(rostered: District) -> Client:
    """The browser of the first school's admin."""
    with enter_district(rostered):
        school = School.objects.order_by("name").first()
    assert school
    return logged_in(rostered, Role.SCHOOL_ADMIN, school_id=school.pk)


@pytest.fixture
def educator(rostered: District) -> Client:
    """The browser of the first school's teacher."""
    with enter_district(rostered):
        teacher = Educator.objects.get(identity__sourced_id="t1")
    return logged_in(rostered, Role.EDUCATOR, educator_id=teacher.pk)


def zipped(bundle: BundleBuilder, folder: Path, name: str = "bundle.zip") -> SimpleUploadedFile:
    """A bundle as a browser sends it."""
    return SimpleUploadedFile(name, bundle.write(folder, name).read_bytes(), "application/zip")


def upload(client: Client, file: SimpleUploadedFile, **ticked: str) -> str:
    """Send the upload form; returns the address that it leads to."""
    response = client.post("/rosters/upload/", {"bundle": file, **ticked})
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["Location"])


def work(district: District) -> Job:
    """Do the newest upload's job, as the worker does."""
    with schema_context("public"):
        job = Job.objects.filter(district=district, kind=KIND).latest("created_at")
        started = start_attempt(str(job.pk), district.pk)
    assert started
    with enter_district(district):
        import_upload(district, started)
    finish_job(started)
    return started


def newest_sync(district: District) -> Sync:
    with enter_district(district):
        return Sync.objects.latest("started_at")


def literacy_date(district: District) -> ResetSchedule:
    with schema_context("public"):
        return ResetSchedule.objects.get(district=district, suite="literacy")
