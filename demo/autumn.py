"""The ninety days after a literacy reset: who returns in time, who returns too late, and who is anonymized."""

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from psycopg import sql

from demo.teller import Teller
from demo.verdict import Line
from demo.wait import jobs_done, wait_until
from resets.policies.registry import policy_for
from resets.policies.words import Anonymize
from rostering.models import ReturnWindow, Student, StudentIdentity, Sync, SyncState
from rostering.services import import_bundle
from tenants import clock
from tenants.models import District
from tenants.schema import district_table, enter_district

if TYPE_CHECKING:
    from demo.story import Story

BOY = "SELECT assessment, count(*) FROM {} WHERE school_year = {} GROUP BY assessment ORDER BY assessment"


def tell_boy(district: District, school_year: int, teller: Teller) -> None:
    """Say how many students take the BOY Benchmark and how many the Placement test."""
    counts = boy_counts(school_year)
    if counts:
        teller.say(f"{district.slug:14} BOY: " + ", ".join(f"{n:,} {kind}" for kind, n in counts.items()))


def boy_counts(school_year: int) -> dict[str, int]:
    """Students of the entered district by their assessment at the beginning of a school year."""
    query = sql.SQL(BOY).format(district_table("literacy_boyassessment"), sql.Literal(school_year))
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


def play(story: "Story", districts: list[District]) -> list[Line]:
    """Day 60, day 91 and day 95 of every literacy district; returns the lines of the ninety-day rule."""
    lines = []
    for district in sorted(districts, key=_until):
        until = _until(district)
        _return_in_time(story, district, until - dt.timedelta(days=30))
        lines.append(_pass_day_ninety(story, district, until))
        _return_too_late(story, district, until + dt.timedelta(days=5))
    return lines


def bundle_of(district: District, name: str) -> Path:
    """Where the demo keeps a district's bundle."""
    folder = Path(settings.DATA_DIR) / "bundles"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{district.slug}-{name}.zip"


def _until(district: District) -> dt.date:
    with enter_district(district):
        return ReturnWindow.objects.get(suite="literacy", school_year=district.school_year).until


def _return_in_time(story: "Story", district: District, on: dt.date) -> None:
    """The nightly sync, resumed since rostering was declared complete, finds the late students' roster."""
    story.teller.act(f"{on:%B} {on.day}", f"{district.slug}: some return late, within the ninety days")
    with enter_district(district):
        before = boy_counts(district.school_year + 1).get("benchmark", 0)
        folder = Path(settings.DROP_ROOT) / district.slug
        folder.mkdir(parents=True, exist_ok=True)
        _age(bundle_of(district, "late")).rename(folder / "night.zip")
        District.objects.filter(pk=district.pk).update(nightly_sync=True)
        story.turn_to(clock.local_start(on, district.nightly_sync_hour + 1, district.time_zone))
        nightly = Sync.objects.filter(source="nightly", state__in=[SyncState.APPLIED, SyncState.PARTLY_HELD])
        wait_until(nightly.exists, f"the nightly sync of {district.slug}", story.processes)
        District.objects.filter(pk=district.pk).update(nightly_sync=False)
        returned = boy_counts(district.school_year + 1).get("benchmark", 0) - before
    story.teller.say(f"{district.slug:14} {returned:,} more returning students: BOY Benchmark")


def _pass_day_ninety(story: "Story", district: District, until: dt.date) -> Line:
    on = until + dt.timedelta(days=1)
    story.teller.act(f"{on:%B} {on.day}", f"{district.slug}: day 90 is over")
    with enter_district(district):
        gone = Student.objects.filter(school_year__lte=district.school_year).exclude(status="anonymized")
        accounts = district_table("literacy_studentaccount")
        before, leaving = Student.objects.count(), _with_account(gone.values_list("id", flat=True), accounts)
        story.turn_to(clock.local_start(on, 4, district.time_zone))
        wait_until(
            lambda: jobs_done("anonymize", district.pk), f"the anonymization of {district.slug}", story.processes
        )
        anonymized = Student.objects.filter(status="anonymized")
        named = StudentIdentity.objects.filter(student__status="anonymized").count()
        held = anonymized.count() == leaving and named == 0 and Student.objects.count() == before
        left = _with_account(gone.values_list("id", flat=True), accounts)
        story.teller.say(f"{district.slug:14} {leaving:,} students anonymized, {before - leaving:,} kept")
        rule = next(rule for rule in policy_for("literacy").rules if isinstance(rule.action, Anonymize))
        label = "Student data after 90 days"
        note = f"{leaving:,} students anonymized"
        return Line(
            district.slug, "literacy", label, rule.action.verb, before, before - leaving, 0, 0, held and not left, note
        )


def _return_too_late(story: "Story", district: District, on: dt.date) -> None:
    story.teller.act(f"{on:%B} {on.day}", f"{district.slug}: some return too late")
    story.turn_to(clock.local_start(on, 15, "UTC"))
    with enter_district(district):
        before = boy_counts(district.school_year + 1)
        import_bundle(bundle_of(district, "too-late"), source="upload", actor="district_admin:demo", as_of=on)
        after = boy_counts(district.school_year + 1)
    new = after.get("placement", 0) - before.get("placement", 0)
    story.teller.say(f"{district.slug:14} {new:,} students are new and take the Placement test")


def _with_account(students: object, accounts: sql.Identifier) -> int:
    query = sql.SQL("SELECT count(DISTINCT student_id) FROM {} WHERE student_id = ANY(%s)").format(accounts)
    with connection.cursor() as cursor:
        cursor.execute(query, [list(students)])  # type: ignore[call-overload]
        return int(cursor.fetchone()[0])


def _age(path: Path) -> Path:
    """Make a file look finished some time ago: the nightly sync leaves files alone that are still being written."""
    finished = path.stat().st_mtime - 600
    os.utime(path, (finished, finished))
    return path
