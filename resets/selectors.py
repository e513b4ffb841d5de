"""Reading windows, schedules and runs."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from products.models import Subscription
from products.registry import suite_named, suites
from resets import dates
from resets.errors import NoWindowError
from resets.models import Answer, ResetRun, ResetSchedule, ResetWindow, RunCount, RunState, ScheduleChange
from tenants.models import District

A_YEAR = dt.timedelta(days=365)
NOT_SUBSCRIBED = dates.Refusal(
    "subscription", "The district subscribes to no product of this suite on that day, nor did in the year before."
)


def window_of(suite: str, school_year: int) -> ResetWindow:
    """A suite's window of a school year.

    Raises:
        NoWindowError: none has been opened.
    """
    window = ResetWindow.objects.filter(suite=suite, school_year=school_year).first()
    if window is None:
        raise NoWindowError(
            f"{suite} has no reset window in {school_year - 1}-{school_year % 100:02}. Open the school year first."
        )
    return window


def limits_of(
    district: District, window: ResetWindow, exception_reason: str = "", early_on: dt.date | None = None
) -> dates.Limits:
    """What bounds a district's date in a window; an early date that was approved is not bound by its first day."""
    return dates.Limits(
        earliest_on=window.earliest_on,
        latest_on=window.latest_on,
        exception_allowed=window.exception_allowed,
        lead_days=window.lead_days,
        school_year_ends_on=district.school_year_ends_on,
        summer_session_ends_on=district.summer_session_ends_on,
        rostering_starts_on=district.rostering_starts_on,
        closed_days=frozenset(day.on for day in district.closed_days.all()),
        exception_reason=exception_reason,
        early_on=early_on,
    )


def date_refusals(
    district: District, suite: str, school_year: int, on: dt.date, *, as_of: dt.date, exception_reason: str = ""
) -> tuple[dates.Refusal, ...]:
    """Why a date cannot be had, with the nearest valid one; empty for a valid date. Whoever asks is told the same.

    Raises:
        NoWindowError: the suite has no window in that school year.
    """
    window = window_of(suite, school_year)
    return pick_refusals(district, window, on, as_of=as_of, exception_reason=exception_reason)


def pick_refusals(
    district: District, window: ResetWindow, on: dt.date, *, as_of: dt.date, exception_reason: str = ""
) -> tuple[dates.Refusal, ...]:
    """Why a date cannot be picked: the rules that it breaks, else that there would be nothing to reset on it."""
    refused = dates.refusals(on, limits_of(district, window, exception_reason), as_of)
    return refused if refused or has_suite(district, window.suite, on) else (NOT_SUBSCRIBED,)


def nearest_valid_date(
    district: District, suite: str, school_year: int, on: dt.date, *, as_of: dt.date
) -> dt.date | None:
    """The valid date nearest to `on`, if there is one.

    Raises:
        NoWindowError: the suite has no window in that school year.
    """
    return dates.nearest_valid_date(on, limits_of(district, window_of(suite, school_year)), as_of)


def schedules_of(district: District) -> QuerySet[ResetSchedule]:
    """A district's schedules, newest school year first."""
    return ResetSchedule.objects.filter(district=district).order_by("-school_year", "on", "suite")


def newest_change(schedule: ResetSchedule) -> int:
    """The key of a schedule's newest change, 0 while it has none: it tells whether somebody changed it since."""
    newest = ScheduleChange.objects.filter(schedule=schedule).order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def date_asked_for(schedule: ResetSchedule) -> ScheduleChange | None:
    """The district's open wish for another date; none once its CSM has picked one, or it agreed."""
    if schedule.answer != Answer.ASKED:
        return None
    return ScheduleChange.objects.filter(schedule=schedule, answer=Answer.ASKED).order_by("-pk").first()


def is_reset(schedule: ResetSchedule) -> bool:
    """Whether the reset has been completed."""
    key = {"district_id": schedule.district_id, "suite": schedule.suite, "school_year": schedule.school_year}
    return ResetRun.objects.filter(**key, state=RunState.COMPLETED).exists()


def runs_of(district: District) -> QuerySet[ResetRun]:
    """A district's runs, newest first."""
    return ResetRun.objects.filter(district=district).order_by("-created_at", "pk")


def counts_of(run: ResetRun) -> QuerySet[RunCount]:
    """A run's counts in the policy's order."""
    return RunCount.objects.filter(run=run).order_by("position", "category", "school_id")


def subscriptions_to(suite: str, on: dt.date) -> QuerySet[Subscription]:
    """Subscriptions to a suite's products that hold on a date, or ended within the year before it.

    A subscription of a school year may end with June: the year's data is there to be reset all the same.
    """
    products = [product.code for product in suite_named(suite).products]
    return _subscriptions(on).filter(product__in=products)


def subscribed_suites(district: District, on: dt.date) -> set[str]:
    """The codes of all suites of which `has_suite` is true, in one query."""
    products = set(_subscriptions(on).filter(district=district).values_list("product", flat=True))
    return {suite.code for suite in suites() if any(product.code in products for product in suite.products)}


def _subscriptions(on: dt.date) -> QuerySet[Subscription]:
    return Subscription.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on - A_YEAR), starts_on__lte=on)


def districts_without_date(window: ResetWindow) -> QuerySet[District]:
    """Districts in use that are in the window's school year and have its suite, but no date for it."""
    subscribed = subscriptions_to(window.suite, window.default_on).filter(district=OuterRef("pk"))
    scheduled = ResetSchedule.objects.filter(
        district=OuterRef("pk"), suite=window.suite, school_year=window.school_year
    )
    in_use = District.objects.filter(removed_at=None, school_year=window.school_year)
    return in_use.filter(Exists(subscribed), ~Exists(scheduled))


def lasts_to(subscription: Subscription, on: dt.date) -> bool:
    """The same question about a subscription that has been read."""
    ends_on = subscription.ends_on
    return subscription.starts_on <= on and (ends_on is None or ends_on > on - A_YEAR)


def has_suite(district: District, suite: str, on: dt.date) -> bool:
    """Whether a district has data of the suite to be reset on a date: see `subscriptions_to`."""
    return subscriptions_to(suite, on).filter(district=district).exists()
