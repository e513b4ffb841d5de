"""What other programs are told of a reset's dates: the same, whoever gives or changes them."""

import datetime as dt

from events.resets import of_reset, reset_subject
from events.services import Noted
from events.types import RESET_CHANGED, RESET_SCHEDULED
from resets.models import ResetSchedule


def first_date(schedule: ResetSchedule, at: dt.datetime) -> Noted:
    """The event that a reset has its first date, which is noted once."""
    suite, year = schedule.suite, schedule.school_year
    once = reset_subject(suite, year)
    return of_reset(schedule.district_id, RESET_SCHEDULED, suite, year, at=at, on=schedule.on, once=once)


def another_date(schedule: ResetSchedule, before: dt.date, on: dt.date, at: dt.datetime) -> Noted:
    """The event that a reset has another date than before."""
    suite, year = schedule.suite, schedule.school_year
    return of_reset(schedule.district_id, RESET_CHANGED, suite, year, at=at, on=on, before=before)
