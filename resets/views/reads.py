"""What the reset pages and the home page read: each suite's date, answer and run of a school year."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from accounts.pages import Chip, district_of, today
from products.datamap import Suite
from products.models import Subscription
from products.registry import product_named, suite_named, suites
from resets.models import Answer, ResetRun, ResetSchedule, RunState
from resets.policies.registry import policy_for
from resets.selectors import lasts_to, runs_of, schedules_of
from resets.views.words import answer_chip, days_left_words, run_chip
from resets.views.year_data import WAITS, YearData
from tenants.models import District
from tenants.templatetags.words import short_day


@dataclass(frozen=True)
class SuiteYear:
    """One suite in one school year of a district.

    Attributes:
        schedule: none while no date has been set.
        run: the newest; none before the reset.
        data: how the reset stands to the year's data; none once it has been made, and where nobody has asked
            (`with_data`).
    """

    suite: Suite
    school_year: int
    schedule: ResetSchedule | None
    run: ResetRun | None
    as_of: dt.date
    data: YearData | None = None

    @property
    def is_done(self) -> bool:
        """Whether the reset is completed."""
        return self.run is not None and self.run.state == RunState.COMPLETED

    @property
    def is_under_way(self) -> bool:
        """Whether the reset waits for a worker or runs."""
        return self.run is not None and self.run.state in (RunState.QUEUED, RunState.RUNNING)

    @property
    def needs_answer(self) -> bool:
        """Whether the district could still agree to the date."""
        return (
            self.schedule is not None
            and self.schedule.answer == Answer.NONE
            and self.run is None
            and self.schedule.on >= self.as_of
        )

    @property
    def answer(self) -> Chip:
        """What the district has said."""
        return answer_chip(self.schedule) if self.schedule else Chip("No date yet", "warn", "!")

    @property
    def state(self) -> Chip:
        """Where the reset stands."""
        return WAITS if self.waits else run_chip(self.run)

    @property
    def waits(self) -> bool:
        """Whether its date has come, and it waits for the download of the year's data: no failure."""
        return self.data is not None and self.data.waits

    @property
    def when(self) -> str:
        """How far off the date is, or until when the reset waits."""
        if self.data is not None and self.data.waits:
            return f"waits until {short_day(self.data.standing.last_on)}"
        return days_left_words(self.schedule.on, self.as_of) if self.schedule else ""

    @property
    def product_names(self) -> str:
        """The suite's products; empty where it is one of the suite's own name."""
        return ", ".join(product.name for product in self.suite.products if product.name != self.suite.name)


def suite_years(request: HttpRequest, runs: Iterable[ResetRun]) -> list[SuiteYear]:
    """Every suite and school year that has a date, newest year first, and subscribed suites that have none yet.

    Args:
        request: asks for a page of the district.
        runs: the district's, newest first: see `told_runs`.
    """
    district, as_of = district_of(request), today(request)
    newest: dict[tuple[str, int], ResetRun] = {}
    for run in runs:
        newest.setdefault((run.suite, run.school_year), run)
    known = {suite.code for suite in suites()}
    found = [
        SuiteYear(
            suite_named(schedule.suite),
            schedule.school_year,
            schedule,
            newest.get((schedule.suite, schedule.school_year)),
            as_of,
        )
        for schedule in schedules_of(district)
        if schedule.suite in known
    ]
    dated = {(year.suite.code, year.school_year) for year in found}
    dateless = [
        SuiteYear(suite, district.school_year, None, newest.get((suite.code, district.school_year)), as_of)
        for suite in resettable_suites(subscriptions(request), as_of)
        if (suite.code, district.school_year) not in dated
    ]
    return dateless + found


def told_runs(district: District) -> list[ResetRun]:
    """A district's runs, newest first, without what only their own pages tell."""
    return list(runs_of(district).defer("evidence", "log", "undo_tables"))


def resettable_suites(subscribed: Iterable[Subscription], as_of: dt.date) -> list[Suite]:
    """The suites that are subscribed to on a date and that have an end-of-year reset."""
    codes = {
        product_named(subscription.product)[0].code
        for subscription in subscribed
        if subscription.starts_on <= as_of and (subscription.ends_on is None or subscription.ends_on >= as_of)
    }
    return [suite for suite in suites() if suite.code in codes and policy_for(suite.code).resettable]


def subscribes(request: HttpRequest, suite: str) -> bool:
    """Whether the district that was asked has a suite now, or had it within the year."""
    products, as_of = {product.code for product in suite_named(suite).products}, today(request)
    return any(one.product in products and lasts_to(one, as_of) for one in subscriptions(request))


def subscriptions(request: HttpRequest) -> list[Subscription]:
    """The subscriptions of the district that was asked; read once per request, by the menu at the latest."""
    if "_subscriptions" not in request.__dict__:
        request.__dict__["_subscriptions"] = list(Subscription.objects.filter(district=district_of(request)))
    found: list[Subscription] = request.__dict__["_subscriptions"]
    return found


def suite_year(district: District, suite: Suite, school_year: int, as_of: dt.date) -> SuiteYear:
    """One suite in one school year."""
    schedule = schedules_of(district).filter(suite=suite.code, school_year=school_year).first()
    run = runs_of(district).filter(suite=suite.code, school_year=school_year).first()
    return SuiteYear(suite, school_year, schedule, run, as_of)
