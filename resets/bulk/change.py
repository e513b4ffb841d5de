"""Changing many dates at once, as they were previewed: in batches, in one transaction, each with its history."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django_tenants.utils import schema_context

from events.services import note_events
from resets.bulk.judge import GONE, Judge, Verdict, batches
from resets.bulk.wish import Plan
from resets.models import Answer, BulkChange, ResetSchedule, ScheduleChange
from resets.told import another_date

MEANWHILE = "Somebody else changed it meanwhile; it has another date by now: {on}."
REFUSED_BEFORE = "It was refused when it was previewed; preview it again."
CHANGE = """
UPDATE public.resets_resetschedule AS s
SET "on" = moved.night, answer = %(answer)s, exception_reason = %(exception)s, conflicts = ''
FROM unnest(%(keys)s::bigint[], %(to)s::date[]) AS moved (id, night) WHERE s.id = moved.id
"""

Refused = list[int | str | None]


def change_dates(plan: Plan, schedules: QuerySet[ResetSchedule], now: dt.datetime) -> BulkChange:
    """Change the dates of a previewed plan; what is not as it was previewed stays as it is, and is named.

    Doing the same plan twice changes nothing the second time.

    Args:
        plan: what was previewed.
        schedules: those that whoever asks may change.
        now: the current time.
    """
    with schema_context("public"), transaction.atomic():
        facts = {"actor": plan.actor, "at": now, "wish": plan.wish.words, "reason": plan.reason}
        change, is_new = BulkChange.objects.get_or_create(pk=plan.id, defaults=facts)
        if not is_new:
            return change
        rows = {key: (seen, on) for key, seen, on in plan.rows}
        judge = Judge(now)
        for keys in batches(sorted(rows)):
            _change_batch(change, plan, schedules, judge, {key: rows[key] for key in keys})
        change.save(update_fields=["changed", "refused"])
        return change


def _change_batch(
    change: BulkChange,
    plan: Plan,
    schedules: QuerySet[ResetSchedule],
    judge: Judge,
    rows: dict[int, tuple[int, dt.date | None]],
) -> None:
    locked = schedules.filter(pk__in=list(rows)).select_related("district").order_by("pk")
    batch = list(locked.select_for_update(of=("self",)))
    refused: list[Refused] = [[key, None, GONE.reason] for key in rows.keys() - {found.pk for found in batch}]
    moved: list[tuple[ResetSchedule, dt.date]] = []
    for verdict, to_on, why in _as_planned(batch, plan, judge, rows):
        if to_on is None:
            wanted = verdict.wanted.isoformat() if verdict.wanted else None
            refused.append([verdict.schedule.pk, wanted, why])
        else:
            moved.append((verdict.schedule, to_on))
    _move(change, plan, judge, moved)
    change.changed += len(moved)
    change.refused += refused


def _as_planned(
    batch: Sequence[ResetSchedule], plan: Plan, judge: Judge, rows: dict[int, tuple[int, dt.date | None]]
) -> Iterator[tuple[Verdict, dt.date | None, str]]:
    """Each schedule with the date that it gets now, or why it gets none. The rules are asked again, under the lock."""
    for verdict in judge.verdicts(batch, plan.wish):
        schedule = verdict.schedule
        seen, planned = rows[schedule.pk]
        if verdict.seen != seen:
            yield verdict, None, MEANWHILE.format(on=f"{schedule.on:%B} {schedule.on.day}, {schedule.on.year}")
        elif planned is None:
            yield verdict, None, verdict.why_not or REFUSED_BEFORE
        elif verdict.to_on == planned:
            yield verdict, planned, ""
        else:
            yield verdict, None, verdict.why_not or REFUSED_BEFORE


def _move(change: BulkChange, plan: Plan, judge: Judge, moved: list[tuple[ResetSchedule, dt.date]]) -> None:
    """One statement for the dates inside of their windows' ranges, and one for those that an exception lets leave."""
    for leaves in (False, True):
        some = [(schedule, on) for schedule, on in moved if judge.leaves_range(schedule, on) == leaves]
        if some:
            _write(some, exception=plan.wish.exception_reason if leaves else "")
    ScheduleChange.objects.bulk_create(
        ScheduleChange(
            schedule=schedule, from_on=schedule.on, to_on=on, answer=Answer.CUSTOM, actor=plan.actor,
            reason=plan.reason, at=change.at, bulk=change,
        )
        for schedule, on in moved
    )  # fmt: skip
    note_events(another_date(schedule, schedule.on, on, change.at) for schedule, on in moved if schedule.on != on)


def _write(moved: list[tuple[ResetSchedule, dt.date]], *, exception: str) -> None:
    values: dict[str, Any] = {
        "answer": Answer.CUSTOM.value,
        "exception": exception,
        "keys": [schedule.pk for schedule, _ in moved],
        "to": [on for _, on in moved],
    }
    with connection.cursor() as cursor:
        cursor.execute(CHANGE, values)
