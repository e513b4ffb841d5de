"""What a date is picked for: one district's suite of a school year, with what stands there now."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from products.datamap import Suite
from products.registry import suite_named
from resets.models import ResetRun, ResetSchedule, ResetWindow, RunState, ScheduleChange
from resets.policies.registry import policy_for
from resets.selectors import date_asked_for, newest_change, runs_of
from tenants import clock
from tenants.desk import own_book, school_years
from tenants.models import District


@dataclass(frozen=True)
class Chosen:
    """One district's suite of a school year.

    Attributes:
        schedule: none before the first date.
        run: the newest; none before the reset.
        window: none while the school year is not open for the suite.
        seen: the newest change of the date, as of now.
        asked: the district's open wish for another date.
    """

    district: District
    suite: Suite
    school_year: int
    schedule: ResetSchedule | None
    run: ResetRun | None
    window: ResetWindow | None
    seen: int
    asked: ScheduleChange | None
    as_of: dt.date

    @property
    def is_done(self) -> bool:
        """Whether the reset has been completed."""
        return self.run is not None and self.run.state == RunState.COMPLETED

    @property
    def is_under_way(self) -> bool:
        """Whether the reset waits for a worker or runs."""
        return self.run is not None and self.run.state in (RunState.QUEUED, RunState.RUNNING)

    @property
    def has_failed(self) -> bool:
        """Whether the newest run failed."""
        return self.run is not None and self.run.state == RunState.FAILED

    @property
    def is_open(self) -> bool:
        """Whether a date can be picked."""
        return self.window is not None and not (self.is_done or self.is_under_way)

    @property
    def exception_allowed(self) -> bool:
        """Whether the window's range may be left with a reason."""
        return self.window is not None and self.window.exception_allowed and self.window.latest_on is not None

    @property
    def years(self) -> str:
        """The school year as people write it."""
        return school_years(self.school_year)

    @property
    def address(self) -> str:
        """The address of its page."""
        if self.schedule is not None:
            return reverse("admin:resets_pick", args=[self.schedule.pk])
        return reverse("admin:resets_pick_first", args=[self.district.pk, self.suite.code, self.school_year])


def chosen_by_schedule(request: HttpRequest, object_id: str) -> Chosen:
    """The one of a schedule in the own book.

    Raises:
        Http404: there is none.
    """
    found = ResetSchedule.objects.select_related("district").prefetch_related("district__closed_days")
    schedule = found.filter(pk=int(object_id), district__in=own_book(request)).first() if _is_key(object_id) else None
    if schedule is None:
        raise Http404("There is no such reset date in your book.")
    return _chosen(schedule.district, schedule.suite, schedule.school_year, schedule)


def chosen_by_suite(request: HttpRequest, district_id: str, suite: str, school_year: int) -> Chosen:
    """The one of a suite of a district in the own book, which may have no date yet.

    Raises:
        Http404: there is no such district, or the suite is not reset.
    """
    found = own_book(request).filter(removed_at=None).prefetch_related("closed_days")
    district = found.filter(pk=int(district_id)).first() if _is_key(district_id) else None
    if district is None or school_year not in range(2000, 2200) or not _is_resettable(suite):
        raise Http404("There is no such district and suite in your book.")
    schedules: dict[str, Any] = {"district": district, "suite": suite, "school_year": school_year}
    return _chosen(district, suite, school_year, ResetSchedule.objects.filter(**schedules).first())


def _chosen(district: District, suite: str, school_year: int, schedule: ResetSchedule | None) -> Chosen:
    return Chosen(
        district=district,
        suite=suite_named(suite),
        school_year=school_year,
        schedule=schedule,
        run=runs_of(district).filter(suite=suite, school_year=school_year).first(),
        window=ResetWindow.objects.filter(suite=suite, school_year=school_year).first(),
        seen=newest_change(schedule) if schedule else 0,
        asked=date_asked_for(schedule) if schedule else None,
        as_of=clock.today_in(district.time_zone),
    )


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _is_resettable(suite: str) -> bool:
    try:
        return policy_for(suite).resettable and bool(suite_named(suite))
    except LookupError:
        return False
