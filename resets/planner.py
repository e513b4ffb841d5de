"""What each tick does for resets: every district has its date, and what is due gets its run and its job."""

import datetime as dt
import uuid

from django.db import connection, transaction
from django.db.models import QuerySet
from django_tenants.utils import schema_context

from events.services import note_events
from resets import dates
from resets.controls import engine_control
from resets.exports import conditions
from resets.models import ResetRun, ResetSchedule, ResetWindow
from resets.selectors import districts_without_date, limits_of
from resets.told import first_date
from tenants import clock
from tenants.jobs.services import enqueue_jobs
from tenants.locks import Lock, take_lock
from tenants.models import District

BATCH = 500
ACTOR = "system:planner"

IS_DUE = """d.school_year = s.school_year AND d.removed_at IS NULL
  AND s.on <= (%(now)s AT TIME ZONE 'UTC')::date + 1
  AND (s.on + make_time(w.run_hour, 0, 0)) AT TIME ZONE d.time_zone <= %(now)s
  AND (%(now)s AT TIME ZONE d.time_zone)::date < d.rostering_starts_on
  AND NOT EXISTS (SELECT 1 FROM public.resets_resetrun AS r
                  WHERE r.district_id = s.district_id AND r.suite = s.suite AND r.school_year = s.school_year
                    AND (r.state <> 'failed' OR r.on >= s.on))
  AND s.held_at IS NULL
"""
"""Overdue resets start too, but not once rostering for the new year has begun: then a person must decide.

A held one waits. The first condition only lets an index find them: no zone is a whole day ahead of UTC. PostgreSQL puts
a local time that does not exist on a day after the gap, as `clock.local_start`."""
DUE_ROWS = f"{conditions.SOURCES} WHERE {IS_DUE}"
DUE = f"""
SELECT s.id, s.district_id {DUE_ROWS} AND {{which}} AND NOT {conditions.WAITS_TONIGHT}
ORDER BY s.on, s.id LIMIT %(limit)s FOR UPDATE OF s SKIP LOCKED
"""
"""One that deletes does not begin while it waits for the download of the year's data: see `resets.exports`."""
WAITING = f"SELECT count(DISTINCT s.district_id) {DUE_ROWS} AND NOT {conditions.WAITS_TONIGHT}"
WAITING_FOR_DATA = f"SELECT count(*) {DUE_ROWS} AND {conditions.WAITS_TONIGHT}"


def plan_resets() -> int:
    """One tick: give dates to those that have none, and start what is due. Returns the number of jobs added."""
    now = clock.now()
    ensure_schedules(now)
    return start_due_runs(now)


def ensure_schedules(now: dt.datetime) -> int:
    """Give every district its date in every open window of its school year; returns the number of dates given.

    "Districts that do not respond to their CSM's correspondence regarding EOY processes will be reset on July 28".
    """
    made = 0
    with schema_context("public"):
        for window in ResetWindow.objects.all():
            last = 0
            while districts := list(_without_date(window, now).filter(pk__gt=last)[:BATCH]):
                found = filter(None, [_default_schedule(district, window, now) for district in districts])
                made += _give_dates(list(found), now)
                last = districts[-1].pk
    return made


def _give_dates(schedules: list[ResetSchedule], now: dt.datetime) -> int:
    """Keep the dates, and note them for other programs: one that somebody else has given meanwhile was noted then."""
    with transaction.atomic():
        made = ResetSchedule.objects.bulk_create(schedules, ignore_conflicts=True)
        note_events(first_date(schedule, now) for schedule in schedules)
    return len(made)


def start_due_runs(now: dt.datetime) -> int:
    """Make a run and a job of every schedule whose local date and hour have come; returns how many.

    Any number of dispatchers may do this at once. A date that has had a run gets no other by itself: after a failure a
    person asks for the next one, or picks a later date.
    """
    started = 0
    with schema_context("public"):
        while True:
            with transaction.atomic():
                batch = _start_batch(now)
            started += batch
            if not batch:
                return started


def _without_date(window: ResetWindow, now: dt.datetime) -> QuerySet[District]:
    """Districts of the window's school year that have the suite, no date yet, and a day left before rostering.

    The last is asked by the UTC date, which is a day ahead of the local one at most: no district is missed by it.
    """
    return (
        districts_without_date(window)
        .filter(rostering_starts_on__gte=now.date())
        .prefetch_related("closed_days")
        .order_by("pk")
    )


def _default_schedule(district: District, window: ResetWindow, now: dt.datetime) -> ResetSchedule | None:
    """The default date, or none at all when no valid day is left: nothing is ever reset because it is too late."""
    as_of = clock.date_in(now, district.time_zone)
    on = dates.default_date(window.default_on, limits_of(district, window), as_of)
    if on is None:
        return None
    return ResetSchedule(district=district, suite=window.suite, school_year=window.school_year, on=on)


def due_schedules(now: dt.datetime, districts: list[int] | None = None) -> list[tuple[int, int]]:
    """(schedule, district) of the first `BATCH` resets whose local date and hour have come, locked, by date.

    Args:
        districts: of these districts only.
    """
    which = "true" if districts is None else "s.district_id = ANY(%(districts)s)"
    with connection.cursor() as cursor:
        cursor.execute(DUE.format(which=which), {**conditions.asked_at(now), "limit": BATCH, "districts": districts})
        return [(row[0], row[1]) for row in cursor.fetchall()]


def waiting_districts(now: dt.datetime) -> int:
    """How many districts have a reset that is due and has not begun: they wait for the switch, or for their turn."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, conditions.asked_at(now))
        return int(cursor.fetchone()[0])


def waiting_for_data(now: dt.datetime) -> int:
    """How many resets have come to their date and wait for the download of the year's data, in all districts."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING_FOR_DATA, conditions.asked_at(now))
        return int(cursor.fetchone()[0])


def _whose_turn(now: dt.datetime, ceiling: int) -> list[int]:
    """Schedules that may begin: of the districts that began within the hour, and of as many others as are left.

    One dispatcher at a time, so that two do not fill the same hour twice.
    """
    take_lock(Lock.DISPATCH)
    hour = ResetRun.objects.filter(created_at__gt=now - dt.timedelta(hours=1), created_at__lte=now)
    begun = set(hour.values_list("district_id", flat=True).distinct())
    keys = [schedule for schedule, _ in due_schedules(now, list(begun))] if begun else []
    for schedule, district in due_schedules(now):
        if district not in begun and len(begun) >= ceiling:
            continue
        begun.add(district)
        keys.append(schedule)
    return list(dict.fromkeys(keys))


def _start_batch(now: dt.datetime) -> int:
    control = engine_control()
    if control.stopped_at is not None:
        return 0
    if control.districts_per_hour is None:
        keys = [schedule for schedule, _ in due_schedules(now)]
    else:
        keys = _whose_turn(now, control.districts_per_hour)
    schedules = list(ResetSchedule.objects.filter(pk__in=keys).select_related("district"))
    runs = [
        ResetRun(
            id=uuid.uuid4(),
            district=schedule.district,
            schedule=schedule,
            suite=schedule.suite,
            school_year=schedule.school_year,
            on=schedule.on,
            actor=ACTOR,
            created_at=now,
            approval_id=schedule.approval_id,
        )
        for schedule in schedules
    ]
    ResetRun.objects.bulk_create(runs, ignore_conflicts=True)  # another dispatcher may just have committed its own
    made = list(ResetRun.objects.filter(pk__in=[run.pk for run in runs]).select_related("district"))
    enqueue_jobs("reset", ((run.district, str(run.pk), {"run_id": str(run.pk)}) for run in made), due_at=now)
    return len(made)
