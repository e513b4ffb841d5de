"""Counts per rule, category and school: what a plan would do. The preview shows them; the execution must equal them.

Each fact table is read once, however many rules speak of it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import NamedTuple

from django.db import connection
from psycopg import sql

from resets.engine.held import is_held
from resets.engine.plan import Ground, Part, Plan, Work
from resets.engine.relations import differs, has_column, in_scope, relation, school_of


class LineKey(NamedTuple):
    """One line of a run's evidence."""

    position: int
    category: str
    school_id: int | None


@dataclass
class Tally:
    """Rows of one line. `before` is always the sum of the others."""

    retained: int = 0
    archived: int = 0
    deleted: int = 0
    changed: int = 0

    @property
    def before(self) -> int:
        """Rows that there were."""
        return self.retained + self.archived + self.deleted + self.changed

    def add(self, other: "Tally") -> None:
        """Add another tally to this one."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


Tallies = dict[LineKey, Tally]
FactCounts = dict[str, list[tuple[int, int, int, int]]]
"""Per relation: (school year, school, rows, of them on hold)."""


class PartTally(NamedTuple):
    """A part's own count at one school: for the execution to compare with what the database did."""

    part: Part
    school_id: int | None
    tally: Tally


def count_plan(plan: Plan) -> list[PartTally]:
    """Count every part of a plan in the entered district, by school."""
    facts: FactCounts = {}
    counted = []
    for part in plan.parts:
        by_school = _count_facts(part, plan.ground, facts) if part.table.fact else _count_rows(part, plan.ground)
        counted += [PartTally(part, school, tally) for school, tally in by_school.items()]
    return counted


def add_up(counted: Iterable[PartTally]) -> Tallies:
    """The lines of the evidence: the parts of one rule and category together."""
    lines: Tallies = defaultdict(Tally)
    for part, school, tally in counted:
        lines[LineKey(part.position, part.category.code, school)].add(tally)
    return dict(lines)


def _count_facts(part: Part, ground: Ground, known: FactCounts) -> dict[int | None, Tally]:
    if part.relation not in known:
        known[part.relation] = _read_facts(part, ground)
    found: dict[int | None, Tally] = defaultdict(Tally)
    for year, school, rows, held in known[part.relation]:
        if not _at_school(part, ground, school) or not _concerns(part, year):
            continue
        match part.work:
            case Work.MOVE if year in part.years:
                found[school].archived += rows
            case Work.DROP if year in part.years:
                found[school].deleted += rows
            case Work.DELETE:
                found[school].deleted += rows - held
                found[school].retained += held
            case _:
                found[school].retained += rows
    return found


def _concerns(part: Part, year: int) -> bool:
    """Whether a part speaks of a school year: of those with rows on hold one part deletes what another cannot drop."""
    return year not in part.apart and (part.work is not Work.DELETE or not part.years or year in part.years)


def _read_facts(part: Part, ground: Ground) -> list[tuple[int, int, int, int]]:
    """Rows by year and school, and of them on hold. In an archive twin only those that would be destroyed."""
    where: sql.Composable = sql.SQL("true")
    if part.in_archive and part.rule.where.subscribed is not None:
        where = in_scope(part, ground)
    elif part.in_archive:
        where = sql.SQL("t.school_year = ANY({})").format(sql.Literal([*part.years, *part.apart]))
    held: sql.Composable = sql.SQL("0")
    if ground.held.anything:
        held = sql.SQL("count(*) FILTER (WHERE {})").format(is_held(part.table, ground.schema, ground.held))
    query = sql.SQL("SELECT t.school_year, t.school_id, count(*), {} FROM {} AS t WHERE {} GROUP BY 1, 2").format(
        held, relation(ground, part.relation), where
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _at_school(part: Part, ground: Ground, school: int) -> bool:
    wanted = part.rule.where.subscribed
    return wanted is None or ground.subscribed is None or (school in ground.subscribed) == wanted


def _count_rows(part: Part, ground: Ground) -> dict[int | None, Tally]:
    found = {}
    for school, rows, touched in read_rows(part, ground):
        rest = rows - touched
        if part.work is Work.DELETE:
            found[school] = Tally(retained=rest, deleted=touched)
        else:
            found[school] = Tally(retained=rest, changed=touched)
    return found


def read_rows(part: Part, ground: Ground) -> list[tuple[int | None, int, int]]:
    """(school, rows, rows that the part would touch) of a small table."""
    joins, school = school_of(part.table, ground)
    query = sql.SQL("SELECT {}, count(*), count(*) FILTER (WHERE {}) FROM {} AS t{} WHERE {} GROUP BY 1").format(
        school, touched_by(part, ground), relation(ground, part.relation), joins, in_scope(part, ground)
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def touched_by(part: Part, ground: Ground) -> sql.Composable:
    """The condition on `t` for the rows of a small table that a part changes or deletes."""
    match part.work:
        case Work.SET:
            return differs(part)
        case Work.UNASSIGN:
            return sql.SQL("true")
        case Work.DELETE if ground.held.anything:
            held = is_held(part.table, ground.schema, ground.held)
            return sql.SQL("{} AND NOT {}").format(_over(part, ground), held)
        case Work.DELETE:
            return _over(part, ground)
        case _:
            return sql.SQL("false")


def due(part: Part, ground: Ground) -> sql.Composable:
    """The condition on `t` for the rows that a part deletes row by row, whether or not they are on hold."""
    if not part.table.fact:
        scope = in_scope(part, ground)
        return sql.SQL("{} AND {}").format(_over(part, ground), scope)
    years = sql.SQL("t.school_year = ANY({})").format(sql.Literal(list(part.years))) if part.years else sql.SQL("true")
    return sql.SQL("{} AND {}").format(in_scope(part, ground), years)


def _over(part: Part, ground: Ground) -> sql.Composable:
    """Rows of a small table that belong to a school year belong to one that is over."""
    if has_column(part.table, "school_year"):
        return sql.SQL("t.school_year <= {}").format(sql.Literal(ground.school_year))
    return sql.SQL("true")
