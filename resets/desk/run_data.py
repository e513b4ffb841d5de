"""What a run's page reads: counts by category, one category's schools, what is left to do after the commit."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from products.registry import suite_named
from resets.engine.preview import Counted
from resets.models import ResetRun, RunCount
from tenants.models import Job, JobState

COUNTS = ("before", "retained", "archived", "deleted", "changed")
SCHOOLS = 50
FOLLOW_UPS = {
    "rewrite_storage": "Tables rewritten, so that no deleted row stays on disk",
    "remove_files": "Files removed",
}


@dataclass(frozen=True)
class CategoryRow:
    """One rule's category, all schools together."""

    position: int
    category: str
    label: str
    action: str
    schools: int
    counts: Counted


@dataclass(frozen=True)
class SchoolLine:
    """One school's counts of a category. The desk knows schools by number: their names stay in the district."""

    school_id: int | None
    counts: Counted


@dataclass(frozen=True)
class FollowUp:
    """Work after the commit: how much of it is done."""

    words: str
    done: int
    failed: int
    total: int


def category_rows(run: ResetRun) -> list[CategoryRow]:
    """A run's counts in the policy's order, one row per rule and category."""
    sums: dict[str, Any] = {f"sum_{name}": Sum(name) for name in COUNTS}
    rows: Any = (  # the stubs know no annotation whose name is made
        RunCount.objects.filter(run=run)
        .values("position", "category", "action")
        .annotate(schools=Count("school_id", filter=Q(before__gt=0)), **sums)
        .order_by("position", "category")
    )
    return [
        CategoryRow(
            row["position"],
            row["category"],
            _label(run, row["category"]),
            row["action"],
            row["schools"],
            Counted(*(row[f"sum_{name}"] for name in COUNTS)),
        )
        for row in rows
    ]


def school_lines(run: ResetRun, position: int, category: str, after: int | None) -> tuple[list[SchoolLine], bool]:
    """Up to `SCHOOLS` schools of a category that had rows, by number, those of no school first; whether more follow.

    Args:
        after: the last school's number on the page before; None for the first page.
    """
    counts = RunCount.objects.filter(run=run, position=position, category=category, before__gt=0)
    if after is not None:
        counts = counts.filter(school_id__gt=after)
    found = sorted(
        counts.order_by("school_id")[: SCHOOLS + 1] if after is not None else _first(counts),
        key=lambda count: (count.school_id is not None, count.school_id or 0),
    )
    lines = [
        SchoolLine(count.school_id, Counted(*(getattr(count, name) for name in COUNTS))) for count in found[:SCHOOLS]
    ]
    return lines, len(found) > SCHOOLS


def _first(counts: Any) -> list[RunCount]:
    nowhere = list(counts.filter(school_id=None))
    return [*nowhere, *counts.exclude(school_id=None).order_by("school_id")[: SCHOOLS + 1 - len(nowhere)]]


def totals(rows: list[CategoryRow]) -> Counted:
    """All categories added."""
    return Counted(*(sum(getattr(row.counts, name) for row in rows) for name in COUNTS))


def follow_ups(run: ResetRun) -> list[FollowUp]:
    """What a completed run left to do, by kind of work."""
    own = Q(kind="rewrite_storage", key__startswith=f"run {run.pk} ") | Q(
        kind="remove_files", key__startswith=f"files_{run.pk.hex[:8]}_"
    )
    counted = (
        Job.objects.filter(own, district=run.district_id)
        .values("kind")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(state=JobState.DONE)),
            failed=Count("pk", filter=Q(state=JobState.FAILED)),
        )
        .order_by("-kind")
    )
    return [FollowUp(FOLLOW_UPS[row["kind"]], row["done"], row["failed"], row["total"]) for row in counted]


def _label(run: ResetRun, category: str) -> str:
    try:
        return suite_named(run.suite).category(category).label
    except LookupError:
        return category
