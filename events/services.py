"""Noting events in the transaction of what happened, and numbering those that were committed.

An event that is noted waits for no lock and holds none that others need: it gets its number afterwards, by the tick.
Events of one subject keep their order, because whatever changes the subject holds its row or the district's lock.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from django.db import connection
from psycopg.types.json import Jsonb

from events.errors import EventError
from events.types import TYPES
from tenants.locks import Lock, try_lock

BATCH: Final = 5000
IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_:.+-]{0,64}")
NOTE: Final = """
INSERT INTO public.events_event (uuid, district_id, type, subject, facts, at, once)
SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::text[], %s::jsonb[], %s::timestamptz[], %s::text[])
ON CONFLICT DO NOTHING
"""
NUMBER: Final = """
WITH fresh AS (
    SELECT id, district_id FROM public.events_event WHERE number IS NULL ORDER BY id LIMIT %s
), newest AS (
    SELECT district_id, (SELECT coalesce(max(e.number), 0) FROM public.events_event AS e
                         WHERE e.district_id = d.district_id) AS number
    FROM (SELECT DISTINCT district_id FROM fresh) AS d
), counted AS (
    SELECT id, newest.number + row_number() OVER (PARTITION BY fresh.district_id ORDER BY id) AS number
    FROM fresh JOIN newest USING (district_id)
)
UPDATE public.events_event AS e SET number = counted.number FROM counted WHERE e.id = counted.id RETURNING e.id
"""

Facts = Mapping[str, object]
"""Whole numbers and identifiers; what is more is refused."""


@dataclass(frozen=True)
class Noted:
    """An event to be noted.

    Attributes:
        facts: identifiers and counts only.
        once: names what is noted once for a district and type, however often it is tried; empty: each time.
    """

    district_id: int
    type: str
    subject: str
    facts: Facts
    at: dt.datetime
    once: str = ""


def note_event(district_id: int, type: str, *, subject: str, facts: Facts, at: dt.datetime, once: str = "") -> None:
    """Note one event in the caller's transaction.

    Raises:
        EventError: the type is unknown, or the facts hold more than identifiers and counts.
    """
    note_events([Noted(district_id, type, subject, facts, at, once)])


def note_events(events: Iterable[Noted], session: "psycopg.Connection[Any] | None" = None) -> None:
    """Note many events in one statement, in the caller's transaction.

    Args:
        session: the connection whose transaction it is; Django's own when none is given.

    Raises:
        EventError: a type is unknown, or facts hold more than identifiers and counts.
    """
    rows = [_row(event) for event in events]
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    if session is not None:
        session.execute(NOTE, columns)
        return
    with connection.cursor() as cursor:
        cursor.execute(NOTE, columns)


def number_events() -> list[int]:
    """Give committed events their numbers, in the caller's transaction; the keys of those that got one.

    One at a time does so: whoever comes second has nothing to do.
    """
    if not try_lock(Lock.EVENTS):
        return []
    with connection.cursor() as cursor:
        cursor.execute(NUMBER, [BATCH])
        return sorted(row[0] for row in cursor.fetchall())


def _row(event: Noted) -> tuple[Any, ...]:
    if event.type not in TYPES:
        raise EventError(f"there is no event of type {event.type!r}")
    for name, value in event.facts.items():
        is_thin = value is None or isinstance(value, int) or (isinstance(value, str) and IDENTIFIER.fullmatch(value))
        if not is_thin:
            raise EventError(f"{name} of {event.type} is more than an identifier")
    facts = Jsonb(dict(event.facts))
    return (uuid.uuid4(), event.district_id, event.type, event.subject, facts, event.at, event.once)
