"""What needs a CSM in a school year, counted: on the first page, and above the board."""

import datetime as dt
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Q
from django.http import HttpRequest

from resets.desk.board import BoardFilters, schedules_matching
from resets.desk.export_filter import stands_so
from resets.desk.undated import undated_count, undated_windows
from resets.models import Answer, RunState
from tenants import clock

KEPT_SECONDS = 60
"""Counts over all districts are kept for so long, but not beyond the next change of a date, hold, run or download."""
SOON_DAYS = 14
"""From how many days before a reset on its data should have been downloaded."""
NEWEST = """
SELECT (SELECT max(id) FROM public.resets_resetschedule), (SELECT max(id) FROM public.resets_schedulechange),
       (SELECT max(id) FROM public.resets_controlchange), (SELECT max(created_at) FROM public.resets_resetrun),
       (SELECT max(downloaded_at) FROM public.resets_yearexport), (SELECT max(waived_at) FROM public.resets_yearexport)
"""


@dataclass(frozen=True)
class Attention:
    """A number, what to do about it, and the board's question for those behind it."""

    title: str
    number: int
    advice: str
    filters: BoardFilters


def attention(request: HttpRequest, base: BoardFilters, as_of: dt.date) -> list[Attention]:
    """What needs a CSM in the base's school year and book.

    Answers and conflicts are asked for while the date is ahead; after it the run says what is so.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        newest = cursor.fetchone()
    asked = (request.user.pk, base.query(), base.school_year, as_of, *newest)
    key = f"attention:{sha256(repr(asked).encode()).hexdigest()}"
    kept: list[Attention] | None = cache.get(key)
    if kept is None:
        kept = _counted(request, base, as_of)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _counted(request: HttpRequest, base: BoardFilters, as_of: dt.date) -> list[Attention]:
    ahead, now, soon = Q(on__gte=as_of), clock.now(), as_of + dt.timedelta(days=SOON_DAYS)
    open_soon: dict[str, Any] = {"export": "open", "first_on": as_of, "last_on": soon}
    counts = schedules_matching(request, base).aggregate(
        asked=Count("pk", filter=ahead & Q(answer=Answer.ASKED)),
        silent=Count("pk", filter=ahead & Q(answer=Answer.NONE)),
        conflicts=Count("pk", filter=ahead & ~Q(conflicts="")),
        held=Count("pk", filter=Q(held_at__isnull=False)),
        bare=Count("pk", filter=ahead & Q(on__lte=soon) & stands_so("open", now)),
        waiting=Count("pk", filter=stands_so("waiting", now)),
        all=Count("pk"),
    )
    failed, done = (
        schedules_matching(request, replace(base, run=state)).count() for state in (RunState.FAILED, RunState.COMPLETED)
    )
    undated = undated_count(request, base, undated_windows(base, as_of))
    said: list[tuple[str, int, str, dict[str, Any]]] = [
        ("With a date", counts["all"], "Reset by themselves on their days.", {}),
        ("Another date asked for", counts["asked"], "Pick it, or another.", {"answer": "asked", "first_on": as_of}),
        ("No answer", counts["silent"], "Reset on the default date.", {"answer": "none", "first_on": as_of}),
        ("With conflicts", counts["conflicts"], "The date breaks a rule by now. Pick another.",
         {"conflicts": True, "first_on": as_of}),
        ("Due soon, data not downloaded", counts["bare"],
         f"Reset within {SOON_DAYS} days. Call them, or waive it.", open_soon),
        ("Waiting for the download", counts["waiting"], "Their date has come. They go on when the wait ends.",
         {"export": "waiting"}),
        ("Held", counts["held"], "Not reset until somebody releases them.", {"held": True}),
        ("Run failed", failed, "Nothing was changed. Ask for another run.", {"run": "failed"}),
        ("Without a date", undated, "See why, and what to do.", {"undated": True}),
        ("Done", done, "Completed and verified.", {"run": "completed"}),
    ]  # fmt: skip
    return [Attention(title, number, advice, replace(base, **asked)) for title, number, advice, asked in said]
