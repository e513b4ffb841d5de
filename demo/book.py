"""A book of made-up districts for the pictures of the desk: rows for lists, without schemas of their own."""

import datetime as dt
import itertools

from products.models import Subscription
from resets.models import Answer, ResetRun, ResetSchedule, RunState
from tenants.models import Csm, District, DistrictStatus

PLACES = ("Alder", "Birch", "Clear", "Fox", "Granite", "Heron", "Juniper", "Lake", "Mill", "Otter", "Prairie", "Stone")
ENDINGS = ("Bend Public Schools", "Creek School District", "Ridge Unified", "Valley Independent School District")
ZONES = ("America/Chicago", "America/Denver", "America/New_York", "America/Los_Angeles")
SUITES = {"literacy": "reading", "math": "math_facts", "hero": "hero"}
ANSWERS = (Answer.AGREED, Answer.NONE, Answer.AGREED, Answer.CUSTOM, Answer.ASKED, Answer.NONE, Answer.AGREED)
SYNCS = ("applied", "unchanged", "unchanged", "partly_held", "applied", "refused")


def fill_book(csm: Csm, school_year: int, as_of: dt.datetime) -> list[District]:
    """Put 48 districts with two or three suites each into a CSM's book; returns them.

    They have no schema: nobody can enter them, and whatever is due there is refused.
    """
    names = [f"{place} {ending}" for ending, place in itertools.product(ENDINGS, PLACES)]
    districts = District.objects.bulk_create(
        [_district(number, name, csm, school_year) for number, name in enumerate(names)]
    )
    for number, district in enumerate(districts):
        for suite in list(SUITES)[: 2 + number % 2] if number % 5 else ["hero"]:
            _date(number, district, suite, as_of)
        DistrictStatus.objects.create(
            district=district,
            last_sync_at=as_of - dt.timedelta(hours=number * 7 % 60),
            last_sync_state=SYNCS[number % len(SYNCS)],
            last_import_at=as_of - dt.timedelta(days=number % 4),
            roster_year=school_year,
            ready_items=4 + number % 4,
            ready_total=7,
        )
    return districts


def _district(number: int, name: str, csm: Csm, school_year: int) -> District:
    slug = name.lower().replace(" ", "-")[:38]
    return District(
        schema_name=f"picture_{number}",
        slug=slug,
        name=name,
        nces_id=f"{4800100 + number}",
        time_zone=ZONES[number % len(ZONES)],
        school_year=school_year,
        school_year_ends_on=dt.date(school_year, 6, 3 + number % 15),
        rostering_starts_on=dt.date(school_year, 8, 3 + number % 9),
        csm=csm,
    )


def _date(number: int, district: District, suite: str, as_of: dt.datetime) -> None:
    product, year = SUITES[suite], district.school_year
    Subscription.objects.create(district=district, product=product, starts_on=dt.date(year - 1, 8, 1))
    on = dt.date(year, 7, 1 + number * 5 % 15) if suite == "hero" else dt.date(year, 7, 28)
    answer = ANSWERS[number % len(ANSWERS)]
    if answer in (Answer.CUSTOM, Answer.AGREED) and suite != "hero":
        on = dt.date(year, 6, 22) + dt.timedelta(days=number * 3 % 36)
    schedule = ResetSchedule.objects.create(
        district=district,
        suite=suite,
        school_year=year,
        on=on,
        answer=answer,
        conflicts="rostering" if number % 17 == 3 else "",
    )
    if on < as_of.date():
        ResetRun.objects.create(
            district=district,
            schedule=schedule,
            suite=suite,
            school_year=year,
            on=on,
            state=RunState.FAILED if number % 9 == 4 else RunState.COMPLETED,
            actor="system:planner",
            created_at=as_of,
            finished_at=as_of,
        )
