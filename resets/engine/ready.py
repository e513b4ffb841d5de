"""What must hold before a reset: the old roster, partitions that move without being read, and ground that stays."""

from products.partitions import Problem, readiness
from resets.engine.errors import GroundChangedError, NewRosterError, NotReadyError
from resets.engine.ground import read_ground
from resets.engine.plan import Plan, Work
from rostering.models import Student

TOLD = 3
"""How many problems an error names."""


def check_roster(school_year: int) -> None:
    """Refuse a reset after the new roster: it "takes place BEFORE rostering for the new school year".

    Raises:
        NewRosterError: somebody of the entered district is rostered in a later school year.
    """
    if Student.objects.filter(school_year__gt=school_year).exists():
        year = f"{school_year}-{(school_year + 1) % 100:02}"
        raise NewRosterError(
            f"the roster after {year} has been imported already: the reset must take place BEFORE rostering for the "
            "new school year"
        )


def check_partitions(plan: Plan) -> None:
    """Refuse a plan whose moves would read rows while everybody waits.

    Only what this plan moves is asked about: another suite's year may be gone already, and a year without a partition
    has nothing to move.

    Raises:
        NotReadyError: names what is wrong, and how to mend it.
    """
    moving = {(part.table.name, year) for part in plan.doing(Work.MOVE) for year in part.years}
    parents = {part.relation for part in plan.doing(Work.MOVE)}
    twins = {part.table.archive_name for part in plan.doing(Work.MOVE)}
    problems = [
        problem
        for year in sorted({year for _, year in moving})
        for problem in readiness(plan.ground.schema, year)
        if (problem.table, year) in moving or _is_stray(problem, parents | twins)
    ]
    if problems:
        raise NotReadyError("; ".join(problem.message for problem in problems[:TOLD]))


def check_ground(plan: Plan) -> None:
    """Under the locks, what the plan was made of must still be so: a subscription renewed a moment ago counts.

    Raises:
        GroundChangedError: it is not; the next attempt plans anew.
    """
    ground = plan.ground
    if read_ground(plan.suite, ground.school_year, ground.reset_on) != ground:
        raise GroundChangedError("partitions or subscriptions changed while the reset waited for its locks")


def _is_stray(problem: Problem, parents: set[str]) -> bool:
    """A partition of no single year makes PostgreSQL read it with each ATTACH."""
    return problem.code == "default_partition" and problem.table in parents
