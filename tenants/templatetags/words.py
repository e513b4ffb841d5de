"""Words that every template uses."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import template

register = template.Library()
DASH = "\N{EN DASH}"
GRADES = {
    "PK": "Pre-kindergarten",
    "TK": "Transitional kindergarten",
    "KG": "Kindergarten",
    **{f"{number:02}": f"Grade {number}" for number in range(1, 13)},
    "UG": "Ungraded",
}
"""The grades of OneRoster's list, in words."""


@register.filter
def school_year(year: int) -> str:
    """A school year as people write it.

    >>> school_year(2026) == f"2025{DASH}26"
    True
    """
    return f"{year - 1}{DASH}{year % 100:02}"


@register.filter
def grade_words(grade: str) -> str:
    """A grade in words.

    >>> grade_words("05"), grade_words("KG"), grade_words("")
    ('Grade 5', 'Kindergarten', 'Grade not known')
    """
    return GRADES.get(grade, "Grade not known")


@register.filter
def number(value: Any) -> str:
    """A count with its thousands apart; a dash for none."""
    return DASH if value is None else f"{int(value):,}"


@register.filter
def counted(value: Any, forms: str) -> str:
    """A count with its noun.

    >>> counted(1, "school,schools"), counted(2000, "school,schools")
    ('1 school', '2,000 schools')
    """
    one, _, many = forms.partition(",")
    return f"{int(value):,} {one if int(value) == 1 else many}"


@register.filter
def day(on: dt.date | None) -> str:
    """A date in words.

    >>> day(dt.date(2026, 7, 28))
    'Tuesday, July 28, 2026'
    """
    return f"{on:%A, %B} {on.day}, {on.year}" if on else DASH


@register.filter
def short_day(on: dt.date | None) -> str:
    """A date in short.

    >>> short_day(dt.date(2026, 7, 28))
    'Jul 28, 2026'
    """
    return f"{on:%b} {on.day}, {on.year}" if on else DASH


@register.filter
def local(moment: dt.datetime | None, zone: str) -> str:
    """A moment in the district's own time.

    >>> local(dt.datetime(2026, 7, 28, 7, 5, tzinfo=dt.UTC), "America/Chicago")
    'Jul 28, 2026, 2:05 AM'
    """
    if moment is None:
        return DASH
    here = moment.astimezone(ZoneInfo(zone))
    return f"{here:%b} {here.day}, {here.year}, {here.hour % 12 or 12}:{here:%M %p}"


@register.filter
def local_time(moment: dt.datetime | None, zone: str) -> str:
    """The time of day of a moment, in the district's own time.

    >>> local_time(dt.datetime(2026, 7, 28, 7, 5, tzinfo=dt.UTC), "America/Chicago")
    '2:05 AM'
    """
    return local(moment, zone).rpartition(", ")[2] if moment else DASH


@register.filter
def clock_time(moment: dt.datetime | None, zone: str) -> str:
    """A moment to the second, in the district's own time.

    >>> clock_time(dt.datetime(2026, 7, 28, 7, 5, 9, tzinfo=dt.UTC), "America/Chicago")
    'Jul 28, 2:05:09 AM'
    """
    if moment is None:
        return DASH
    here = moment.astimezone(ZoneInfo(zone))
    return f"{here:%b} {here.day}, {time_of_day(moment, zone)}"


@register.filter
def time_of_day(moment: dt.datetime | None, zone: str) -> str:
    """The time of day of a moment to the second, in the district's own time.

    >>> time_of_day(dt.datetime(2026, 7, 28, 7, 5, 9, tzinfo=dt.UTC), "America/Chicago")
    '2:05:09 AM'
    """
    here = moment.astimezone(ZoneInfo(zone)) if moment else None
    return f"{here.hour % 12 or 12}:{here:%M:%S %p}" if here else DASH
