"""The year's data before the resets that delete: who has its copy in time, and who is waited for."""

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Final

from django_tenants.utils import schema_context

from demo.wait import DemoError, wait_until
from reports.packages.handing import begin_handover, note_sent
from reports.packages.models import Package, PackageState
from reports.packages.places import path_of
from reports.packages.services import ask_package
from resets.exports.services import waive_export
from resets.exports.standing import ExportState, Standing, standing_of
from resets.exports.words import waits_words
from resets.models import ResetRun, ResetSchedule
from tenants import clock
from tenants.models import District

if TYPE_CHECKING:
    from demo.story import Story

ADMIN: Final = "district_admin:demo"
LATE: Final = "harbor-point"
"""The district that never answers has not downloaded anything either when its night comes."""
WAREHOUSE: Final = "cedar-valley"
"""The district that needs no package, and says so."""
REASON: Final = "We keep a copy of everything in our own data warehouse."


def is_late(district: District) -> bool:
    """Whether a district is the one that is waited for."""
    return district.slug == LATE


def settle(story: "Story", district: District, suite: str) -> None:
    """See to it that a reset has nothing to wait for, in the afternoon before."""
    schedule, standing = _standing(story, district, suite)
    if standing.is_settled:
        story.teller.say(f"{district.slug:14} {suite:9} deletes nothing: no copy is waited for")
        return
    if district.slug == WAREHOUSE:
        year = schedule.school_year
        waive_export(district, suite, year, actor=ADMIN, reason=REASON, at=clock.now())
        story.teller.say(f"{district.slug:14} {suite:9} waived by its admin: {REASON}")
    else:
        _download(story, district, suite)


def _download(story: "Story", district: District, suite: str) -> None:
    """The admin asks for the package, the worker builds and checks it, and the admin takes it to the last byte."""
    asked = ask_package(district, suite, story.year.school_year, actor=ADMIN, at=clock.now())

    def built() -> Package:
        with schema_context("public"):
            return Package.objects.select_related("district").get(pk=asked.pk)

    what = f"the {suite} package of {district.slug}"
    wait_until(lambda: built().state == PackageState.READY, what, story.processes)
    package = built()
    with path_of(package).open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != package.sha256:
            raise DemoError(f"{what} has another checksum than was told")
    note_sent(district, begin_handover(district, package, actor=ADMIN, at=clock.now()), 0, package.size, at=clock.now())
    _, standing = _standing(story, district, suite)
    if standing.state is not ExportState.DOWNLOADED:
        raise DemoError(f"{what} was downloaded, and the reset does not know it")
    story.teller.say(
        f"{district.slug:14} {suite:9} downloaded: {package.rows:,} rows, {package.size / 1e6:,.1f} MB, checksums right"
    )


def show_wait(story: "Story", district: District, suite: str) -> None:
    """Tell that a reset whose night has come waits.

    Raises:
        DemoError: it does not.
    """
    _, standing = _standing(story, district, suite)
    with schema_context("public"):
        begun = ResetRun.objects.filter(district=district, suite=suite).exists()
    if begun or not standing.waits(clock.now()):
        raise DemoError(f"the {suite} reset of {district.slug} does not wait for the year's data")
    story.teller.say(f"{district.slug:14} {suite:9} {waits_words(standing)}")


def _standing(story: "Story", district: District, suite: str) -> tuple[ResetSchedule, Standing]:
    with schema_context("public"):
        schedule = ResetSchedule.objects.get(district=district, suite=suite, school_year=story.year.school_year)
        return schedule, standing_of(schedule, clock.now())


def afternoon_before(on: dt.date, district: District) -> dt.datetime:
    """When the copies are seen to."""
    return clock.local_start(on - dt.timedelta(days=1), 15, district.time_zone)
