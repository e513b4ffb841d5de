"""What comes back: the archived years that a run moved, and the undo tables that it wrote."""

from dataclasses import dataclass

from products.datamap import Table
from products.registry import suite_named
from resets.engine.ground import read_ground
from resets.engine.plan import Ground, Part, Plan, Work, compile_plan
from resets.engine.undo import undo_name
from resets.models import ResetRun, RunCount, RunState
from resets.policies.registry import policy_for


@dataclass(frozen=True)
class Fact:
    """An archived year of a fact table.

    Attributes:
        whole: the partition holds what this run archived and nothing else, and all of it comes back: it is moved.
    """

    table: Table
    category: str
    position: int
    year: int
    whole: bool


@dataclass(frozen=True)
class Small:
    """A small table, and the undo table that holds what the run took from it."""

    part: Part
    undo: str

    @property
    def category(self) -> str:
        """The category's code."""
        return self.part.category.code


@dataclass(frozen=True)
class RestorePlan:
    """What a restore does.

    Attributes:
        schools: whose rows come back; of facts always named, of small tables None brings those of no school too.
        undone: the schools that the restore is for; None for the whole suite.
    """

    run: ResetRun
    plan: Plan
    facts: tuple[Fact, ...]
    small: tuple[Small, ...]
    schools: tuple[int, ...]
    undone: tuple[int, ...] | None

    @property
    def ground(self) -> Ground:
        """What the district has now."""
        return self.plan.ground


def compile_restore(run: ResetRun, schools: tuple[int, ...] | None) -> RestorePlan:
    """Compile the undoing of a completed run of the entered district.

    Args:
        schools: keys of the schools that come back; None for the whole suite.
    """
    suite = suite_named(run.suite)
    ground = read_ground(suite, run.school_year, run.on)
    plan = compile_plan(policy_for(run.suite), suite, ground)
    wanted = _schools(run, schools)
    is_alone = schools is None and not run.restored_schools and not _others(run)
    moved = set(run.evidence.get("moves", ()))
    facts = tuple(
        Fact(part.table, part.category.code, part.position, year, is_alone)
        for part in plan.parts
        if part.work is Work.MOVE
        for year in ground.archive_years.get(part.table.name, ())
        if f"{Work.MOVE}: {part.relation} {year}" in moved
    )
    small = tuple(
        Small(part, undo_name(run.pk, part))
        for part in plan.doing(Work.SET, Work.UNASSIGN)
        if undo_name(run.pk, part) in run.undo_tables
    )
    return RestorePlan(run, plan, facts, small, wanted, schools)


def archived_schools(run: ResetRun) -> tuple[int, ...]:
    """The schools of which a run archived or changed something, rising."""
    counts = RunCount.objects.filter(run=run).exclude(school_id=None).exclude(archived=0, changed=0)
    return tuple(sorted({int(pk) for pk in counts.values_list("school_id", flat=True) if pk}))


def _schools(run: ResetRun, schools: tuple[int, ...] | None) -> tuple[int, ...]:
    """The schools that come back: of those that the run concerned, what is not back already."""
    concerned = set(archived_schools(run)) - set(run.restored_schools)
    return tuple(sorted(concerned if schools is None else concerned & set(schools)))


def _others(run: ResetRun) -> bool:
    """Whether another run of the same suite and year has put something into the same archive."""
    same = ResetRun.objects.filter(district=run.district_id, suite=run.suite, school_year=run.school_year)
    others = same.filter(state=RunState.COMPLETED).exclude(pk=run.pk)
    return others.exclude(undone_at__isnull=False, restored_schools=[]).exists()
