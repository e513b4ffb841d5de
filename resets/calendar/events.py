"""What stands in a district's calendar: one event per date, with what has changed about it so far."""

import datetime as dt
import enum
from collections import defaultdict
from dataclasses import dataclass, replace

from products.registry import suite_named, suites
from resets.models import Answer, ControlChange, ResetRun, ResetSchedule, RunState, ScheduleChange
from resets.policies.registry import policy_for
from resets.selectors import A_YEAR, schedules_of
from tenants.models import District


class Standing(enum.StrEnum):
    """How firm a date is, in RFC 5545's words."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class DateEvent:
    """One date, all day, in the district's own calendar.

    Attributes:
        key: stays the same while the date moves; the event's UID is made of it.
        sequence: grows with each change; by two, so that being cancelled by the calendar's progress, which is one,
            is passed by whatever comes next.
        changed_at: when it last changed; None while it never did.
    """

    key: str
    on: dt.date
    title: str
    text: str
    standing: Standing
    sequence: int
    changed_at: dt.datetime | None
    suite: str
    school_year: int


def events_of(district: District, as_of: dt.date, moves: int = 0) -> list[DateEvent]:
    """The district's reset dates and, of a suite that anonymizes, the day on which names go. Four queries.

    Args:
        moves: the feed's count of saves of the district's own dates, so that no event's sequence ever falls back.
    """
    schedules = list(schedules_of(district))
    keys = [schedule.pk for schedule in schedules]
    moments: dict[int, list[dt.datetime]] = defaultdict(list)
    for model in (ScheduleChange, ControlChange):
        for key, at in model.objects.filter(schedule__in=keys).values_list("schedule_id", "at"):
            moments[key].append(at)
    runs = _completed_runs(district)
    known = {suite.code for suite in suites()}
    events = []
    for schedule in schedules:
        if schedule.suite in known:
            run = runs.get((schedule.suite, schedule.school_year))
            events += _events(district, schedule, run, moments[schedule.pk], as_of, moves)
    return sorted(events, key=lambda event: (event.on, event.key))


def _completed_runs(district: District) -> dict[tuple[str, int], ResetRun]:
    found = ResetRun.objects.filter(district=district, state=RunState.COMPLETED)
    return {(run.suite, run.school_year): run for run in found.only("suite", "school_year", "finished_at", "on")}


def _events(
    district: District,
    schedule: ResetSchedule,
    run: ResetRun | None,
    changes: list[dt.datetime],
    as_of: dt.date,
    moves: int,
) -> list[DateEvent]:
    suite = suite_named(schedule.suite)
    standing = _standing(district, schedule, run, as_of)
    finished = [run.finished_at] if run and run.finished_at else []
    year = f"{schedule.school_year - 1}-{schedule.school_year % 100:02}"
    reset = DateEvent(
        key=f"reset-{schedule.suite}-{schedule.school_year}",
        on=run.on if run else schedule.on,
        title=f"{suite.name}: data reset for {year}",
        text=_text(schedule, run, standing),
        standing=standing,
        sequence=2 * (len(changes) + len(finished) + moves) + (standing is Standing.CANCELLED),
        changed_at=max([*changes, *finished], default=None),
        suite=schedule.suite,
        school_year=schedule.school_year,
    )
    days = policy_for(schedule.suite).return_days
    return [reset] if days is None else [reset, _names_go(reset, days, f"{suite.name} {year}")]


def _names_go(reset: DateEvent, days: int, what: str) -> DateEvent:
    return replace(
        reset,
        key=reset.key.replace("reset-", "names-", 1),
        on=reset.on + dt.timedelta(days=days + 1),
        title=f"{what}: names of students who have not come back are removed",
        text=f"Student data is anonymized {days} days after the reset. Day {days}, the day before, is the last on "
        "which a student who is rostered again counts as a returning student.",
    )


def _standing(district: District, schedule: ResetSchedule, run: ResetRun | None, as_of: dt.date) -> Standing:
    """A date that can come to nothing any more is cancelled; one that is held or asked about may still move."""
    if run is not None:
        return Standing.CONFIRMED
    is_over = schedule.school_year < district.school_year or as_of >= district.rostering_starts_on
    if is_over or schedule.on < as_of - A_YEAR:
        return Standing.CANCELLED
    if schedule.held_at is not None or schedule.answer == Answer.ASKED:
        return Standing.TENTATIVE
    return Standing.CONFIRMED


def _text(schedule: ResetSchedule, run: ResetRun | None, standing: Standing) -> str:
    if run is not None:
        return "The reset has been made: completed and verified."
    if standing is Standing.CANCELLED:
        return "This reset was not made, and is not made on this date any more."
    if schedule.held_at is not None:
        return "The reset is held by your customer success manager: the date may still move."
    if schedule.answer == Answer.ASKED:
        return "Another date was asked for: it stays until your customer success manager has picked another."
    if schedule.answer == Answer.NONE:
        return "Not answered yet: without an answer the reset is made on this date."
    return "All automated nightly import syncs will pause on the reset date."
