"""The year's data before the resets that delete: who has its copy in time, and who is waited for."""

import datetime as dt
from typing import TYPE_CHECKING, Final

from django_tenants.utils import schema_context

from demo.wait import DemoError
from resets.exports.services import waive_export
from resets.exports.standing import Standing, standing_of
from resets.exports.words import waits_words
from resets.models import ResetRun, ResetSchedule
from tenants import clock
from tenants.models import District

if TYPE_CHECKING:
    from demo.story import Story

ADMIN: Final = "district_admin:demo"
LATE: Final = "harbor-point"
"""The district that never answers has not downloaded anything either when its night comes."""
REASON: Final = "The district keeps its own copy of every export in its data warehouse."


def is_late(district: District) -> bool:
    """Whether a district is the one that is waited for."""
    return district.slug == LATE


def settle(story: "Story", district: District, suite: str) -> None:
    """See to it that a reset has nothing to wait for, in the afternoon before."""
    schedule, standing = _standing(story, district, suite)
    if standing.is_settled:
        story.teller.say(f"{district.slug:14} {suite:9} deletes nothing: no copy is waited for")
        return
    waive_export(
        district, suite, schedule.school_year, actor=ADMIN, reason=REASON, at=clock.now(),
    )  # fmt: skip
    story.teller.say(
        f"{district.slug:14} {suite:9} the wait for the year's data is waived: {REASON[:1].lower()}{REASON[1:]}"
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
