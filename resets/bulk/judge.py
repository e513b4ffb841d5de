"""What becomes of each of many schedules under a wish: the same rules as for one, with a few questions per batch."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db.models import Max, QuerySet, prefetch_related_objects

from products.models import Subscription
from products.registry import product_named
from resets import dates
from resets.bulk.wish import Wish
from resets.models import ResetRun, ResetSchedule, ResetWindow, RunState, ScheduleChange
from resets.selectors import NOT_SUBSCRIBED, lasts_to, limits_of
from tenants import clock

BATCH = 500
KNOWN = 5000
OPEN = (RunState.QUEUED, RunState.RUNNING, RunState.COMPLETED)
GONE = dates.Refusal("gone", "There is no such reset date in your book any more.")
RESET = dates.Refusal("reset", "The suite was reset already, or is being reset.")
NO_WINDOW = dates.Refusal("window", "The suite has no reset window in that school year: open the school year first.")
SAME = dates.Refusal("same", "It has that date already.")


@dataclass(frozen=True)
class Verdict:
    """What becomes of one schedule.

    Attributes:
        wanted: the date that was wished for it; None where nothing could be asked of it.
        refusals: why it cannot have that date.
        to_on: the date that it gets; None when it stays as it is.
        seen: its newest change.
    """

    schedule: ResetSchedule
    wanted: dt.date | None
    refusals: tuple[dates.Refusal, ...]
    to_on: dt.date | None
    seen: int

    @property
    def why_not(self) -> str:
        """Every reason, and the nearest valid date once."""
        reasons = " ".join(refusal.reason for refusal in self.refusals)
        nearest = self.nearest
        return (
            f"{reasons} The nearest valid date is {nearest:%B} {nearest.day}, {nearest.year}." if nearest else reasons
        )

    @property
    def nearest(self) -> dt.date | None:
        """The nearest valid date, when the one that was wished is refused."""
        return self.refusals[0].nearest if self.refusals else None


class Judge:
    """Asks the rules about schedules. Holds the windows, and what was said of equal limits."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.windows = {(window.suite, window.school_year): window for window in ResetWindow.objects.all()}
        self.known: dict[tuple[dt.date, dates.Limits, dt.date], tuple[dates.Refusal, ...]] = {}

    def verdicts(self, batch: Sequence[ResetSchedule], wish: Wish) -> Iterator[Verdict]:
        """What becomes of each schedule of a batch, which has its districts. Four questions, however many there are."""
        prefetch_related_objects(batch, "district__closed_days")
        keys = [schedule.pk for schedule in batch]
        seen = _newest_changes(keys)
        reset, subscribed = _reset(batch), _subscriptions(batch)
        for schedule in batch:
            own = subscribed[schedule.district_id, schedule.suite]
            is_reset = (schedule.district_id, schedule.suite, schedule.school_year) in reset
            yield self._verdict(schedule, wish, own, seen.get(schedule.pk, 0), is_reset=is_reset)

    def refusals(
        self, schedule: ResetSchedule, window: ResetWindow, on: dt.date, exception: str, own: list[Subscription]
    ) -> tuple[dates.Refusal, ...]:
        """Why a schedule cannot have a date; the same as `selectors.pick_refusals`."""
        as_of = clock.date_in(self.now, schedule.district.time_zone)
        key = (on, limits_of(schedule.district, window, exception), as_of)
        if len(self.known) > KNOWN:
            self.known.clear()
        if key not in self.known:
            self.known[key] = dates.refusals(*key)
        if self.known[key] or any(lasts_to(subscription, on) for subscription in own):
            return self.known[key]
        return (NOT_SUBSCRIBED,)

    def leaves_range(self, schedule: ResetSchedule, on: dt.date) -> bool:
        """Whether only an exception lets a schedule have a date."""
        window = self.windows[schedule.suite, schedule.school_year]
        return dates.needs_exception(on, limits_of(schedule.district, window))

    def _verdict(
        self, schedule: ResetSchedule, wish: Wish, own: list[Subscription], seen: int, *, is_reset: bool
    ) -> Verdict:
        window = self.windows.get((schedule.suite, schedule.school_year))
        if is_reset or window is None:
            return Verdict(schedule, None, (RESET if is_reset else NO_WINDOW,), None, seen)
        exception = wish.exception_reason if window.exception_allowed else ""
        as_of = clock.date_in(self.now, schedule.district.time_zone)
        limits = limits_of(schedule.district, window, exception)
        wanted = wish.wanted(schedule.on, window.default_on, limits, as_of)
        refused = self.refusals(schedule, window, wanted, exception, own)
        to_on: dt.date | None = wanted
        if refused:
            nearest = refused[0].nearest if wish.nearest else None
            to_on = nearest if nearest and not self.refusals(schedule, window, nearest, exception, own) else None
        if to_on == schedule.on:
            return Verdict(schedule, wanted, refused or (SAME,), None, seen)
        return Verdict(schedule, wanted, refused, to_on, seen)


def judge_all(
    schedules: QuerySet[ResetSchedule], keys: Iterable[int], wish: Wish, now: dt.datetime
) -> Iterator[Verdict]:
    """What becomes of chosen schedules, in the order of their keys; those not in `schedules` are left out."""
    judge = Judge(now)
    for some in batches(sorted(keys)):
        batch = list(schedules.filter(pk__in=some).select_related("district").order_by("pk"))
        yield from judge.verdicts(batch, wish)


def batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """The keys in pieces."""
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _newest_changes(keys: list[int]) -> dict[int, int]:
    changes = ScheduleChange.objects.filter(schedule__in=keys).order_by().values("schedule")
    return dict(changes.annotate(newest=Max("pk")).values_list("schedule", "newest"))


def _reset(batch: Sequence[ResetSchedule]) -> set[tuple[int, str, int]]:
    runs = ResetRun.objects.filter(district__in={schedule.district_id for schedule in batch}, state__in=OPEN)
    years = {schedule.school_year for schedule in batch}
    return set(runs.filter(school_year__in=years).order_by().values_list("district_id", "suite", "school_year"))


def _subscriptions(batch: Sequence[ResetSchedule]) -> dict[tuple[int, str], list[Subscription]]:
    found: dict[tuple[int, str], list[Subscription]] = defaultdict(list)
    for subscription in Subscription.objects.filter(district__in={schedule.district_id for schedule in batch}):
        with suppress(LookupError):  # of a product that is not installed any more
            found[subscription.district_id, product_named(subscription.product)[0].code].append(subscription)
    return found
