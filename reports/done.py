"""What has been done, newest first: dates, runs and what was undone, imports, declarations. Who, by role only."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.urls import reverse

from products.registry import suites
from resets.models import ResetRun, ResetSchedule, RunState, ScheduleChange
from resets.views.history import change_words
from resets.views.reads import SuiteYear
from resets.views.undone import Undone
from resets.views.words import run_chip, who_words
from rostering.models import Sync, SyncPause, SyncState
from rostering.views.words import chip_of, source_of

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


def deeds_of(
    years: Iterable[SuiteYear], runs: Iterable[ResetRun], syncs: Iterable[Sync], pauses: Iterable[SyncPause]
) -> list[Deed]:
    """The newest things that were done in the entered district. One query, however much there is.

    Args:
        years: the district's, with their schedules.
        runs: the district's, newest first.
        syncs: what `told_syncs` found.
        pauses: of its nightly syncs, all that there were.
    """
    names = {suite.code: suite.name for suite in suites()}
    schedules = {year.schedule.pk: year.schedule for year in years if year.schedule}
    found = [*_dates(schedules, names), *_runs(runs, names), *_imports(syncs), *_declarations(pauses, names)]
    return newest_of(found)


def newest_of(deeds: Iterable[Deed]) -> list[Deed]:
    """As many as a page shows, newest first."""
    return sorted(deeds, key=lambda deed: deed.at, reverse=True)[:MOST]


def restore_deeds(restores: Iterable[Undone]) -> Iterator[Deed]:
    """Resets that were undone."""
    names = {suite.code: suite.name for suite in suites()}
    for each in restores:
        name = names.get(each.suite, each.suite)
        link = reverse("reset_run", args=[each.run_id])
        yield Deed(each.at, f"{name}: reset undone", f"{each.where}, {each.rows:,} rows came back", each.who, link)


def _dates(schedules: Mapping[int, ResetSchedule], names: dict[str, str]) -> Iterator[Deed]:
    for change in ScheduleChange.objects.filter(schedule__in=schedules)[:MOST]:
        schedule = schedules[change.schedule_id]
        name = names.get(schedule.suite, schedule.suite)
        link = reverse("reset_preview", args=[schedule.suite, schedule.school_year])
        yield Deed(change.at, f"{name}: {change_words(change)}", change.reason, who_words(change.actor), link)


def _runs(runs: Iterable[ResetRun], names: dict[str, str]) -> Iterator[Deed]:
    ended = (run for run in runs if run.state in (RunState.COMPLETED, RunState.FAILED))
    for run in islice(ended, MOST):
        at = run.finished_at or run.started_at or run.created_at
        name = names.get(run.suite, run.suite)
        yield Deed(at, f"{name}: reset", run_chip(run).words, who_words(run.actor), reverse("reset_run", args=[run.pk]))


def _imports(syncs: Iterable[Sync]) -> Iterator[Deed]:
    for sync in syncs:
        if sync.state == SyncState.UNCHANGED:
            continue
        year = f" of {sync.school_year - 1}-{sync.school_year % 100:02}" if sync.school_year else ""
        detail = f"{chip_of(sync).words} ({source_of(sync).lower()})"
        yield Deed(sync.started_at, f"Roster{year}", detail, who_words(sync.actor), reverse("sync", args=[sync.pk]))


def _declarations(pauses: Iterable[SyncPause], names: dict[str, str]) -> Iterator[Deed]:
    said: dict[tuple[dt.datetime, str], list[str]] = {}
    for pause in pauses:
        if pause.resumed_at is not None:
            said.setdefault((pause.resumed_at, pause.resumed_by), []).append(names.get(pause.suite, pause.suite))
    for (at, actor), paused in said.items():
        detail = f"The pause of {' and '.join(sorted(paused))} ended."
        yield Deed(at, "Rostering declared complete", detail, who_words(actor))
