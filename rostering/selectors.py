"""Reading rosters and syncs, for pages and commands. Lists are paged by key: a page costs the same wherever it is."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from rostering.models import HeldRemoval, School, Student, Sync, SyncError, SyncPause, SyncState

PAGE = 50
APPLIED = (SyncState.APPLIED, SyncState.PARTLY_HELD, SyncState.UNCHANGED)


@dataclass(frozen=True)
class SyncPage:
    """One page of the history, newest first; `before` is the key of the next page, None on the last."""

    syncs: list[Sync]
    before: str | None


@dataclass(frozen=True)
class ErrorPage:
    """One page of a sync's errors; `after` is the key of the next page, None on the last."""

    errors: list[SyncError]
    after: int | None


def sync_history(*, before: str | None = None, limit: int = PAGE) -> SyncPage:
    """The entered district's syncs, newest first.

    Args:
        before: the key that the page before gave; one that makes no sense begins at the newest.
    """
    syncs = Sync.objects.all()
    key = _parsed_key(before)
    if key is not None:
        syncs = syncs.filter(Q(started_at__lt=key[0]) | Q(started_at=key[0], id__lt=key[1]))
    page = list(syncs[: limit + 1])
    more = len(page) > limit
    last = page[limit - 1] if more else None
    return SyncPage(page[:limit], f"{last.started_at.isoformat()}~{last.pk}" if last else None)


def sync_detail(sync_id: uuid.UUID | str) -> Sync | None:
    """A sync by its id; None when there is none."""
    return Sync.objects.filter(pk=sync_id).first()


def sync_errors(sync_id: uuid.UUID | str, *, after: int = 0, limit: int = PAGE) -> ErrorPage:
    """A sync's errors in the order in which they were found."""
    page = list(SyncError.objects.filter(sync_id=sync_id, id__gt=after).order_by("id")[: limit + 1])
    return ErrorPage(page[:limit], page[limit - 1].pk if len(page) > limit else None)


def error_summary(sync_id: uuid.UUID | str) -> list[dict[str, Any]]:
    """A sync's errors counted by file, column, code, with the message of one of them; most frequent first."""
    grouped = SyncError.objects.filter(sync_id=sync_id).values("file", "column", "code", "message")
    counted = grouped.annotate(count=Count("id")).order_by("-count", "file", "column")
    return [dict(row) for row in counted]


def held_removals(sync_id: uuid.UUID | str | None = None) -> QuerySet[HeldRemoval]:
    """The removals that wait for somebody's release: of one sync, or of all."""
    held = HeldRemoval.objects.filter(released_at=None, lapsed_at=None).order_by("kind", "school_id", "person_id")
    return held if sync_id is None else held.filter(sync_id=sync_id)


def held_by_school(sync_id: uuid.UUID | str) -> list[dict[str, Any]]:
    """How many people of each kind and school a sync holds back: kind, school_id, school (its name), count."""
    rows = list(held_removals(sync_id).order_by().values("kind", "school_id").annotate(count=Count("id")))
    names = {school.pk: school.name for school in School.objects.filter(pk__in=[row["school_id"] for row in rows])}
    return [{**row, "school": names.get(row["school_id"] or 0, "")} for row in rows]


def latest_import() -> Sync | None:
    """The newest sync that brought the roster up to date, also by finding that nothing had changed."""
    return Sync.objects.filter(state__in=APPLIED, dry_run=False).first()


def told_syncs(limit: int) -> list[Sync]:
    """The newest syncs that changed the roster or were refused, and the latest import among them; newest first.

    One query, without the counts and warnings that a sync's own page tells.
    """
    real = Sync.objects.filter(dry_run=False)
    told = real.exclude(state__in=[SyncState.RUNNING, SyncState.SKIPPED, SyncState.UNCHANGED])
    latest = Q(pk__in=real.filter(state__in=APPLIED).values("pk")[:1])
    return list(Sync.objects.filter(latest | Q(pk__in=told.values("pk")[:limit])).defer("counts", "warnings"))


def latest_of(syncs: Iterable[Sync]) -> Sync | None:
    """The latest import of syncs that are sorted, newest first."""
    return next((sync for sync in syncs if sync.state in APPLIED and not sync.dry_run), None)


def latest_import_on() -> dt.date | None:
    """The date of the latest import; None when there was none."""
    sync = latest_import()
    return sync.as_of if sync else None


def open_pauses() -> QuerySet[SyncPause]:
    """The pauses of the nightly syncs that have not ended, oldest first."""
    return SyncPause.objects.filter(resumed_at=None).order_by("paused_on", "id")


def counts_by_school_and_grade() -> list[dict[str, Any]]:
    """Active students by school and grade: school_id, school (its name), grade, count."""
    active = Student.objects.filter(status="active").values("school_id", "school__name", "grade")
    rows = active.annotate(count=Count("id")).order_by("school__name", "school_id", "grade")
    return [
        {"school_id": r["school_id"], "school": r["school__name"] or "", "grade": r["grade"], "count": r["count"]}
        for r in rows
    ]


def _parsed_key(key: str | None) -> tuple[dt.datetime, uuid.UUID] | None:
    moment, _, identifier = (key or "").partition("~")
    try:
        return dt.datetime.fromisoformat(moment), uuid.UUID(identifier)
    except ValueError:
        return None
