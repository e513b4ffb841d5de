"""The run's record: counts, evidence and ledger entry, in the transaction of what they record."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection

from events.resets import of_reset
from events.services import note_events
from events.types import RESET_VERIFIED
from ledger.services import append_entry
from resets.engine.counting import Tallies
from resets.engine.errors import RunEndedError
from resets.engine.plan import Part, Plan
from resets.engine.proof import Written
from resets.models import ResetRun, RunState
from resets.policies.registry import action_words
from rostering.services import open_return_window, pause_syncs

RECORD_COUNTS = """
INSERT INTO public.resets_runcount
    (run_id, position, category, action, school_id, before, retained, archived, deleted, changed)
SELECT %s, counts.*
FROM unnest(%s::smallint[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
            %s::bigint[], %s::bigint[]) AS counts
"""


def record_counts(run: ResetRun, plan: Plan, lines: Tallies) -> None:
    """Write one RunCount per rule, category and school."""
    words = [action_words(rule.action) for rule in plan.policy.rules]
    rows = [
        (
            key.position,
            key.category,
            words[key.position],
            key.school_id,
            tally.before,
            tally.retained,
            tally.archived,
            tally.deleted,
            tally.changed,
        )
        for key, tally in sorted(lines.items(), key=lambda line: (line[0][0], line[0][1], line[0][2] or 0))
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(RECORD_COUNTS, [run.pk, *map(list, zip(*rows, strict=True))])


def by_category(lines: Tallies) -> dict[str, dict[str, int]]:
    """The counts of each category, all schools together."""
    categories: dict[str, dict[str, int]] = {}
    for key, tally in lines.items():
        counts = categories.setdefault(key.category, dict.fromkeys(("before", *vars(tally)), 0))
        counts["before"] += tally.before
        for name, number in vars(tally).items():
            counts[name] += number
    return categories


def tables_of(written: Mapping[str, Written]) -> dict[str, dict[str, int]]:
    """What was written, by relation, in the ledger's words."""
    return {name: {"deleted": rows.deleted, "updated": rows.updated} for name, rows in sorted(written.items())}


def record_in_ledger(
    run: ResetRun,
    plan: Plan,
    lines: Tallies,
    *,
    written: Mapping[str, Written],
    exclusions: list[dict[str, Any]],
    at: dt.datetime,
    approvers: list[str],
    export: dict[str, Any],
) -> int:
    """Append the run's entry to the district's ledger: identifiers and counts. Returns its number."""
    facts: dict[str, Any] = {
        "run": str(run.pk),
        "suite": run.suite,
        "school_year": run.school_year,
        "on": run.on.isoformat(),
        "policy": plan.policy.version,
        "schools": sorted({key.school_id for key, tally in lines.items() if key.school_id and tally.before}),
        "categories": by_category(lines),
        "tables": tables_of(written),
        "exclusions": exclusions,
        "rewrite": f"run {run.pk}",
    }
    if export:
        facts["export"] = export
    if approvers:
        facts |= {"approval": str(run.approval_id), "approvers": approvers}
    return append_entry(run.district_id, "reset", actor=run.actor, at=at, facts=facts)


def open_the_summer(run: ResetRun, plan: Plan, pauses_syncs: bool) -> None:
    """Pause the nightly syncs from the reset date, and let students return for as long as the policy says."""
    if pauses_syncs:
        pause_syncs(run.suite, run.school_year, paused_on=run.on)
    if plan.return_days is not None:
        until = run.on + dt.timedelta(days=plan.return_days)
        open_return_window(run.suite, run.school_year, reset_on=run.on, until=until, run_id=run.pk)


def complete_run(run: ResetRun, plan: Plan, evidence: dict[str, Any], undo: list[str], at: dt.datetime) -> None:
    """Mark the run as completed and verified. Last of all, because other connections may wait for the row.

    Raises:
        RunEndedError: it is not running any more; what was done rolls back, because nobody would know of it.
    """
    completed = ResetRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
        state=RunState.COMPLETED,
        policy_version=plan.policy.version,
        step="",
        error="",
        finished_at=at,
        evidence=evidence,
        undo_tables=undo,
    )
    if completed != 1:
        raise RunEndedError("the run was ended by somebody else while it was under way; nothing was changed")
    key, year = str(run.pk), run.school_year
    note_events([of_reset(run.district_id, RESET_VERIFIED, run.suite, year, at=at, on=run.on, once=key, run=key)])


def describe_moves(parts: list[Part]) -> list[str]:
    """The partitions that were moved or dropped, for the evidence."""
    return [f"{part.work}: {part.relation} {year}" for part in parts for year in part.years]
