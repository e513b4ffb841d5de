"""Whoever is destroyed or anonymized takes their prepared files and the wishes for their reports along."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import Role
from archiving.services import anonymize_leavers
from disposal.services import decide, dispose, open_case
from reports.asking.asked import Asked
from reports.asking.reader import reader_of
from reports.asking.reading import reading_of
from reports.delivery.models import Every
from reports.delivery.services import Rhythm, subscribe
from reports.delivery.subscriptions.models import ReportDelivery, ReportSubscription
from reports.downloads.models import FileState, PreparedFile
from reports.downloads.preparing import ask_file, prepare_file
from reports.downloads.removing import DESTROYED, FOLDER
from reports.formats import CSV
from rostering.models import Student
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.disposal.conftest import ADMIN, CSM, NOW, TODAY, filled, make_run, town
from tests.support.jobs import do_jobs
from tests.support.people import make_person

__all__ = ["filled", "make_run", "town"]  # fixtures


def destroy(district: District, student: int) -> None:
    case = open_case(
        district, "destruction", student_id=student, asker="parent", note="", due_on=None, actor=ADMIN, at=NOW,
        as_of=TODAY,
    )  # fmt: skip
    decide(case, approved=True, actor=CSM, reason="", at=NOW)
    dispose(district, Job.objects.get(kind="dispose", key=str(case.pk)))


def anonymize(district: District, student: int) -> None:
    Student.objects.exclude(pk=student).update(school_year=2027)  # they have come back
    day_91 = dt.datetime(2026, 10, 27, 6, tzinfo=dt.UTC)
    assert anonymize_leavers(district, "literacy", 2026, actor="system:tests", at=day_91) == 1


@pytest.mark.parametrize("erase", [destroy, anonymize])
def test_nothing_of_the_erased_is_kept(
    town: District, clock: Callable[[str], dt.datetime], erase: Callable[[District, int], None]
) -> None:
    now = clock("2026-08-03T15:00:00+00:00")
    dana = make_person(town, Role.DISTRICT_ADMIN)
    with enter_district(town):
        student = Student.objects.filter(status="active").order_by("pk")[0].pk
        for asked in (Asked("literacy-usage", student=student), Asked("literacy-usage", grain="student")):
            reading = reading_of(asked, reader_of(dana), town, now)
            prepare_file(town, Job(payload={"file": str(ask_file(reading, CSV, user=dana, at=now).pk)}))
            subscribe(town, dana, asked, Rhythm(Every.WEEKLY, 7, weekday=1), at=now)
        about = ReportSubscription.objects.get(student=student)
        ReportDelivery.objects.create(subscription=about, student_id=student, occasion="x", created_at=now)
        of_all = PreparedFile.objects.get(student=None)
        root = Path(settings.MEDIA_ROOT) / str(town.schema_name) / FOLDER
        assert len(list(root.rglob("*.csv"))) == 2
        erase(town, student)
        assert list(PreparedFile.objects.all()) == [of_all]
        assert list(ReportSubscription.objects.values_list("student", flat=True)) == [None]
        assert not ReportDelivery.objects.exists()
        do_jobs(town, Job.objects.filter(kind__in=["remove_files", "remove_reports_with"], state="waiting"))
        of_all.refresh_from_db()
        assert (of_all.state, of_all.why) == (FileState.REMOVED, DESTROYED)
        assert list(root.rglob("*.csv")) == []
