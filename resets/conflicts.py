"""Dates that were valid when they were picked and break a rule by now, because what bounds them has changed."""

from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, prefetch_related_objects
from django.db.models.signals import post_delete, post_save
from django_tenants.utils import schema_context

from resets import dates
from resets.models import ResetRun, ResetSchedule, ResetWindow, RunState
from resets.selectors import limits_of
from tenants.models import ClosedDay, District

BATCH = 1000
RESET = (RunState.RUNNING, RunState.COMPLETED)


def refresh_conflicts(schedules: QuerySet[ResetSchedule]) -> int:
    """Ask `resets.dates` about each schedule again, and write down which rules its date breaks by now.

    A date of a past school year, or whose reset has been done, keeps what it had: the district's own dates are the
    next year's by then. Running it twice is harmless.

    Returns:
        How many schedules say something else than before.
    """
    with schema_context("public"):
        windows = {(window.suite, window.school_year): window for window in ResetWindow.objects.all()}
        last, changed = 0, 0
        while True:
            with transaction.atomic():
                batch = list(_open(schedules).filter(pk__gt=last).order_by("pk")[:BATCH])
                changed += _refresh_batch(batch, windows)
            if not batch:
                return changed
            last = batch[-1].pk


def conflicts_of(schedule: ResetSchedule, window: ResetWindow | None) -> str:
    """The codes of the rules that a schedule's date breaks, comma-joined; without a window nothing bounds it."""
    if window is None:
        return ""
    limits = limits_of(schedule.district, window, schedule.exception_reason, schedule.early_on)
    return ",".join(dates.conflicts(schedule.on, limits))


def watch_what_bounds_dates() -> None:
    """Refresh the conflicts whenever a district, one of its closed days, or a window is saved or deleted."""
    post_save.connect(_district_saved, sender=District, dispatch_uid="resets.conflicts")
    for signal in (post_save, post_delete):
        signal.connect(_closed_day_changed, sender=ClosedDay, dispatch_uid="resets.conflicts")
        signal.connect(_window_changed, sender=ResetWindow, dispatch_uid="resets.conflicts")


def _open(schedules: QuerySet[ResetSchedule]) -> QuerySet[ResetSchedule]:
    """Those that are still to be reset, held so that nobody moves a date between the question and the answer."""
    runs = ResetRun.objects.filter(
        district=OuterRef("district"), suite=OuterRef("suite"), school_year=OuterRef("school_year")
    )
    current = schedules.filter(school_year=F("district__school_year")).select_related("district")
    return current.filter(~Exists(runs.filter(state__in=RESET))).select_for_update(of=("self",))


def _refresh_batch(batch: list[ResetSchedule], windows: dict[tuple[str, int], ResetWindow]) -> int:
    prefetch_related_objects(batch, "district__closed_days")
    different = [schedule for schedule in batch if _is_different(schedule, windows)]
    if different:
        ResetSchedule.objects.bulk_update(different, ["conflicts"])
    return len(different)


def _is_different(schedule: ResetSchedule, windows: dict[tuple[str, int], ResetWindow]) -> bool:
    before = schedule.conflicts
    schedule.conflicts = conflicts_of(schedule, windows.get((schedule.suite, schedule.school_year)))
    return schedule.conflicts != before


def _district_saved(*, instance: District, created: bool, **_: Any) -> None:
    if not created:
        refresh_conflicts(ResetSchedule.objects.filter(district=instance.pk))


def _closed_day_changed(*, instance: ClosedDay, **_: Any) -> None:
    refresh_conflicts(ResetSchedule.objects.filter(district=instance.district_id))


def _window_changed(*, instance: ResetWindow, **_: Any) -> None:
    refresh_conflicts(ResetSchedule.objects.filter(suite=instance.suite, school_year=instance.school_year))
