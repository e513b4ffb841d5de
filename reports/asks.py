"""What is asked of a district now, worked out from where its year stands. Nothing of this is stored."""

import datetime as dt
from dataclasses import replace
from typing import Final

from django.urls import reverse

from reports.asked import ADMINS, CSM, Ask
from reports.records import COPY, records_asks
from resets.models import Answer
from resets.views.reads import SuiteYear
from rostering.models import Sync, SyncPause
from tenants.models import District

RECORDS_DAYS: Final = 60
"""From how many days before a reset on the year's data should be downloaded."""


def asks_of(
    district: District,
    years: list[SuiteYear],
    pauses: list[SyncPause],
    received: Sync | None,
    as_of: dt.date,
) -> list[Ask]:
    """Everything that is asked of the district's admin, in the order of the year."""
    current = [year for year in years if year.school_year >= district.school_year or not year.is_done]
    ahead = [year for year in current if year.schedule and not year.is_done and not year.is_under_way]
    return [
        *_dates(current),
        *_before(ahead, as_of),
        *_roster(current, pauses, received),
    ]


def _dates(years: list[SuiteYear]) -> list[Ask]:
    asks = []
    for year in years:
        if year.is_done:
            continue
        if year.schedule is None:
            text = "No date has been set yet, not even the default one."
            asks.append(Ask(f"Set the date of {year.suite.name}", text, "now", whose=CSM))
            continue
        on = f"{year.schedule.on:%B} {year.schedule.on.day}"
        if year.needs_answer:
            text = f"Without an answer the reset is made on {on}, {year.when}. Look at what will happen first."
            address = reverse("reset_preview", args=[year.suite.code, year.school_year])
            asks.append(Ask(f"Agree the date of {year.suite.name}", text, "now", address, "Look and answer"))
        elif year.schedule.answer in (Answer.AGREED, Answer.CUSTOM):
            asks.append(Ask(f"Agree the date of {year.suite.name}", f"Settled: {on}.", "done"))
        elif year.schedule.answer == Answer.ASKED:
            text = f"You asked for another date. Until it is picked, {on} stays."
            asks.append(Ask(f"Pick the date of {year.suite.name}", text, "now", whose=CSM))
    return asks


def _before(ahead: list[SuiteYear], as_of: dt.date) -> list[Ask]:
    if not ahead:
        return []
    first = min(year.schedule.on for year in ahead if year.schedule)
    state = "now" if (first - as_of).days <= RECORDS_DAYS else "later"
    return [
        *records_asks(ahead, state),
        Ask(
            "Remove educators who have left",
            "Remove educators no longer with the organization or using the program: their accounts are retained.",
            state,
            reverse("people_educators"),
            "See the educators",
        ),
    ]


def _roster(years: list[SuiteYear], pauses: list[SyncPause], received: Sync | None) -> list[Ask]:
    """A reset that comes after the new roster would refuse to run: so the roster is not asked for before the last."""
    if not years:
        return []
    return _after(pauses, received) if all(year.is_done for year in years) else _not_yet()


def _not_yet() -> list[Ask]:
    """What is said until the last reset has been made."""
    text = "After the last reset, not earlier: a reset takes place BEFORE rostering for the new year."
    return [Ask("Bring in the new year's roster", text, "later")]


def _after(pauses: list[SyncPause], received: Sync | None) -> list[Ask]:
    """After the reset: the new year's roster, a look at it, and the word that it is complete."""
    if not pauses:
        return [Ask("Bring in the new year's roster", "Rostering is complete: no sync is paused.", "done")]
    year = max(pause.school_year for pause in pauses) + 1
    has_roster = received is not None and (received.school_year or 0) >= year
    complete = reverse("rostering_complete")
    return [
        Ask(
            f"Import the roster of {year - 1}-{year % 100:02}",
            "Received." if has_roster else "The reset has been made. Upload the new year's bundle, as a dry run first.",
            "done" if has_roster else "now",
            "" if has_roster else reverse("roster_upload"),
            "Upload a roster",
        ),
        Ask(
            "Check the roster",
            "Confirm the grade levels and schedules, and that none of last year's graduating class is left.",
            "now" if has_roster else "later",
            reverse("readiness") if has_roster else "",
            "See what was found",
        ),
        Ask(
            "Declare rostering complete",
            "Nightly syncs stay paused until you do.",
            "now" if has_roster else "later",
            complete if has_roster else "",
            "Declare it complete",
        ),
    ]


def school_asks(years: list[SuiteYear], pauses: list[SyncPause], received: Sync | None, as_of: dt.date) -> list[Ask]:
    """What is asked of a school's admin: what they know best of their own school. The dates are the district's."""
    ahead = [year for year in years if year.schedule and not year.is_done and not year.is_under_way]
    asks = _before(ahead, as_of)
    if asks:
        return [
            *(replace(ask, link="", whose=ADMINS) if ask.title.startswith(COPY) else ask for ask in asks),
            Ask("Agree the dates", "The district's admins agree them for all schools.", "later", whose=ADMINS),
        ]
    after = _after(pauses, received) if years and all(year.is_done for year in years) else []
    return [ask if ask.link == reverse("readiness") else replace(ask, link="", whose=ADMINS) for ask in after]
