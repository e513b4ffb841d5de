"""The calendar as a file (RFC 5545). The same dates give the same bytes, so that a reader can be told "unchanged"."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from icalendar import Calendar, Event

from resets.calendar.events import DateEvent
from tenants.models import District

REFRESH: Final = dt.timedelta(hours=6)
"""How often a calendar program should ask again."""
A_DAY: Final = dt.timedelta(days=1)


def written_calendar(
    district: District, events: Iterable[DateEvent], *, host: str, since: dt.datetime, portal: str
) -> bytes:
    """The file.

    Args:
        host: the district's host, of which the events' UIDs are made.
        since: when the feed was last given an address: the age of what never changed.
        portal: the address of the district's dates page.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Yearturn//Reset dates//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", f"{district.name}: end of the school year")
    calendar.add("x-wr-calname", f"{district.name}: end of the school year")
    calendar.add("x-wr-timezone", district.time_zone)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for event in events:
        calendar.add_component(_component(event, host, since, portal))
    return bytes(calendar.to_ical())


def _component(event: DateEvent, host: str, since: dt.datetime, portal: str) -> Event:
    made = Event()
    changed = event.changed_at or since
    made.add("uid", f"{event.key}@{host}")
    made.add("dtstamp", changed)
    made.add("last-modified", changed)
    made.add("sequence", event.sequence)
    made.add("dtstart", event.on)
    made.add("dtend", event.on + A_DAY)
    made.add("summary", event.title)
    made.add("description", event.text)
    made.add("status", event.standing.value)
    made.add("transp", "TRANSPARENT")
    made.add("class", "PRIVATE")
    made.add("url", f"{portal}{event.suite}/{event.school_year}/")
    return made
