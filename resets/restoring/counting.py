"""What a restore brings back, counted per category and school, and what clashes with what came since."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import connection
from psycopg import sql

from resets.engine.counting import LineKey, Tallies, Tally
from resets.restoring.plan import Fact, RestorePlan, Small
from resets.restoring.statements import archived_rows, undone_rows
from rostering.models import Student

BySchool = dict[int | None, int]


@dataclass
class Back:
    """Rows that come back, by school, of each part; and rows of the undo tables that do not.

    Attributes:
        since: rows of small tables in which something was earned or assigned since the reset.
        lost: rows of undo tables whose student or playlist is gone, or that were assigned anew.
    """

    facts: dict[Fact, BySchool] = field(default_factory=dict)
    small: dict[Small, BySchool] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lost: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def lines(self) -> Tallies:
        """The lines of the evidence: `archived` what was, `changed` what the small tables get back."""
        lines: Tallies = defaultdict(Tally)
        for fact, by_school in self.facts.items():
            for school, rows in by_school.items():
                lines[LineKey(fact.position, fact.category, school)].archived += rows
        for small, by_school in self.small.items():
            for school, rows in by_school.items():
                lines[LineKey(small.part.position, small.category, school)].changed += rows
        return dict(lines)

    @property
    def rows(self) -> int:
        """All rows that come back."""
        return sum(sum(found.values()) for found in (*self.facts.values(), *self.small.values()))


def count_back(plan: RestorePlan) -> Back:
    """Count what a restore would bring back in the entered district."""
    back = Back()
    for fact in plan.facts:
        back.facts[fact] = {school: rows for school, rows in _rows(archived_rows(fact, plan)) if rows}
    for small in plan.small:
        back.small[small] = {}
        for school, rows, comes, since in _rows(undone_rows(small, plan)):
            back.small[small][school] = comes
            back.since[small.category] += since
            back.lost[small.category] += rows - comes
    return back


def rostered_since(plan: RestorePlan) -> tuple[int, int]:
    """(students of the schools who were rostered in a newer year since, students who have left)."""
    there = Student.objects.filter(school_id__in=plan.schools)
    returned = there.filter(school_year__gt=plan.run.school_year, status="active").count()
    return returned, there.filter(status="inactive", school_year__lte=plan.run.school_year).count()


def _rows(statement: sql.Composable) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
