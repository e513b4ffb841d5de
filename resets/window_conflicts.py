"""Which districts' dates a change of a window would put in conflict, asked before it is saved. One question each."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from resets.models import ResetRun, ResetSchedule, ResetWindow, RunState

DONE = (RunState.RUNNING, RunState.COMPLETED)


def newly_broken(window: ResetWindow, before: ResetWindow) -> QuerySet[ResetSchedule]:
    """The schedules that are in the old range and would not be in the new one; those reset already do not matter.

    Only the first and the last day and the exception bind a date that was picked: see `resets.dates.conflicts`.
    """
    runs = ResetRun.objects.filter(
        district=OuterRef("district"), suite=OuterRef("suite"), school_year=OuterRef("school_year"), state__in=DONE
    )
    dated = ResetSchedule.objects.filter(
        suite=before.suite, school_year=before.school_year, district__removed_at=None
    ).filter(~Exists(runs))
    return dated.filter(_outside(window)).exclude(_outside(before))


def _outside(window: ResetWindow) -> Q:
    too_early = Q(on__lt=window.earliest_on)
    if window.latest_on is None:
        return too_early
    outside = too_early | Q(on__gt=window.latest_on)
    return outside & Q(exception_reason="") if window.exception_allowed else outside
