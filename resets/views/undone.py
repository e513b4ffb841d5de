"""What was undone of a district's resets, for the district's own pages: when, which schools, who by role."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from resets.models import ResetRun, Restore, RestoreState
from resets.views.words import who_words
from rostering.models import School

MOST = 25


@dataclass(frozen=True)
class Undone:
    """One restore that was completed.

    Attributes:
        schools: by name; none when the whole suite came back.
        who: by role: who asked and who approved.
        rows: how many came back.
    """

    at: dt.datetime
    run_id: UUID
    suite: str
    school_year: int
    schools: tuple[str, ...]
    who: str
    rows: int

    @property
    def where(self) -> str:
        """Which schools, in words."""
        return ", ".join(self.schools) if self.schools else "the whole suite"


def undone_of(runs: Iterable[ResetRun]) -> list[Undone]:
    """The newest restores of some runs of the entered district. No query where none was undone."""
    undone = {run.pk: run for run in runs if run.undone_at is not None}
    if not undone:
        return []
    found = Restore.objects.filter(run__in=undone, state=RestoreState.COMPLETED, finished_at__isnull=False)
    restores = list(found[:MOST])
    keys = {key for restore in restores for key in restore.schools or ()}
    names = dict(School.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    return [_undone(restore, undone[restore.run_id], names) for restore in restores]


def _undone(restore: Restore, run: ResetRun, names: dict[int, str]) -> Undone:
    asked_by, approved_by = restore.evidence.get("approvers", (restore.actor, ""))
    schools = tuple(sorted(names.get(key, f"school no. {key}") for key in restore.schools or ()))
    who = f"asked by {who_words(asked_by)}, approved by {who_words(approved_by)}"
    rows = int(restore.evidence.get("rows", 0))
    at = restore.finished_at or restore.created_at
    return Undone(at, run.pk, run.suite, run.school_year, schools, who, rows)
