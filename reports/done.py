"""What has been done, newest first: dates, runs, imports, declarations. Who is told by role; nobody's name."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from products.registry import suites
from resets.models import ResetRun, RunState, ScheduleChange
from resets.views.history import change_words
from resets.views.words import run_chip, who_words
from rostering.models import Sync, SyncPause, SyncState
from rostering.views.words import chip_of, source_of
from tenants.models import District

MOST: Final = 25
"""Of each kind of thing, the newest; a page shows as many in all."""


@dataclass(frozen=True)
class Deed:
    """One thing that was done.

    Attributes:
        who: by role.
        link: where more is told, when that is a page of this site.
    """

    at: dt.datetime
    title: str
    detail: str
    who: str
    link: str = ""


def deeds_of(district: District) -> list[Deed]:
    """The newest things that were done in the entered district. Four queries, however much there is."""
    names = {suite.code: suite.name for suite in suites()}
    found = [*_dates(district, names), *_runs(district, names), *_imports(), *_declarations(names)]
    return sorted(found, key=lambda deed: deed.at, reverse=True)[:MOST]


def _dates(district: District, names: dict[str, str]) -> Iterator[Deed]:
    changes = ScheduleChange.objects.filter(schedule__district=district).select_related("schedule")
    for change in changes[:MOST]:
        name = names.get(change.schedule.suite, change.schedule.suite)
        link = reverse("reset_preview", args=[change.schedule.suite, change.schedule.school_year])
        yield Deed(change.at, f"{name}: {change_words(change)}", change.reason, who_words(change.actor), link)


def _runs(district: District, names: dict[str, str]) -> Iterator[Deed]:
    ended = ResetRun.objects.filter(district=district, state__in=[RunState.COMPLETED, RunState.FAILED])
    for run in ended.defer("evidence", "log", "undo_tables").order_by("-created_at")[:MOST]:
        at = run.finished_at or run.started_at or run.created_at
        name = names.get(run.suite, run.suite)
        yield Deed(at, f"{name}: reset", run_chip(run).words, who_words(run.actor), reverse("reset_run", args=[run.pk]))


def _imports() -> Iterator[Deed]:
    ended = Sync.objects.exclude(state__in=[SyncState.RUNNING, SyncState.SKIPPED, SyncState.UNCHANGED])
    for sync in ended.filter(dry_run=False).defer("counts", "warnings")[:MOST]:
        year = f" of {sync.school_year - 1}-{sync.school_year % 100:02}" if sync.school_year else ""
        detail = f"{chip_of(sync).words} ({source_of(sync).lower()})"
        yield Deed(sync.started_at, f"Roster{year}", detail, who_words(sync.actor), reverse("sync", args=[sync.pk]))


def _declarations(names: dict[str, str]) -> Iterator[Deed]:
    ended = SyncPause.objects.exclude(resumed_at=None).order_by("-resumed_at")[:MOST]
    said: dict[tuple[dt.datetime, str], list[str]] = {}
    for pause in ended:
        if pause.resumed_at is not None:
            said.setdefault((pause.resumed_at, pause.resumed_by), []).append(names.get(pause.suite, pause.suite))
    for (at, actor), paused in said.items():
        detail = f"The pause of {' and '.join(sorted(paused))} ended."
        yield Deed(at, "Rostering declared complete", detail, who_words(actor))
