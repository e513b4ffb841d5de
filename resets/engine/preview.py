"""What a reset would do, counted: the same plan and the same counts as the execution's, without a lock."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from products.registry import suite_named
from resets.engine.counting import PartTally, Tally, add_up, count_plan
from resets.engine.ground import read_ground
from resets.engine.held_notes import held_note
from resets.engine.plan import Plan, compile_plan
from resets.models import ResetSchedule
from resets.policies.registry import action_words, policy_for
from resets.policies.words import Anonymize, Rule
from rostering.models import School
from tenants.models import District
from tenants.schema import enter_district

EVERYTHING = "Everything of schools without an active subscription"
ALL_STUDENTS = "Student data of whoever has not come back"


@dataclass(frozen=True)
class Counted:
    """Rows before, and what becomes of them."""

    before: int
    retained: int
    archived: int
    deleted: int
    changed: int


@dataclass(frozen=True)
class SchoolCounts(Counted):
    """The counts of one school; the name is empty for rows that belong to no school."""

    school_id: int | None
    name: str


@dataclass(frozen=True)
class PreviewLine(Counted):
    """One row of the policy, with counts in all and per school."""

    rule: Rule
    label: str
    action_words: str
    schools: tuple[SchoolCounts, ...]


@dataclass(frozen=True)
class Preview:
    """What a reset on `reset_on` would do, in the policy's order."""

    plan: Plan
    reset_on: dt.date
    lines: tuple[PreviewLine, ...]
    notes: tuple[str, ...]


def preview(district: District, suite_code: str, school_year: int, as_of: dt.date) -> Preview:
    """Count what the reset of a suite would do, on its scheduled date (today, while there is none).

    Raises:
        LookupError: no such suite.
        PlanError: a rule cannot be applied.
    """
    suite, policy = suite_named(suite_code), policy_for(suite_code)
    with enter_district(district):
        schedule = ResetSchedule.objects.filter(district=district, suite=suite_code, school_year=school_year).first()
        reset_on = schedule.on if schedule else as_of
        plan = compile_plan(policy, suite, read_ground(suite, school_year, reset_on))
        counted = count_plan(plan)
        names = dict(School.objects.values_list("id", "name"))
    lines = tuple(_line(plan, position, counted, names) for position in range(len(policy.rules)))
    return Preview(plan, reset_on, lines, _notes(plan))


def preview_notes(district: District, suite_code: str, school_year: int, on: dt.date) -> tuple[str, ...]:
    """What a reader should know beyond the counts, without counting.

    Raises:
        LookupError: no such suite.
        PlanError: a rule cannot be applied.
    """
    suite = suite_named(suite_code)
    with enter_district(district):
        return _notes(compile_plan(policy_for(suite_code), suite, read_ground(suite, school_year, on)))


def label_of(plan: Plan, rule: Rule) -> str:
    """What a rule is about, by the source's name for it."""
    if rule.category != "*":
        return plan.suite.category(rule.category).label
    return ALL_STUDENTS if isinstance(rule.action, Anonymize) else EVERYTHING


def _line(plan: Plan, position: int, counted: list[PartTally], names: dict[int, str]) -> PreviewLine:
    rule = plan.policy.rules[position]
    total, schools = Tally(), defaultdict[int | None, Tally](Tally)
    for key, tally in add_up(part for part in counted if part.part.position == position).items():
        total.add(tally)
        schools[key.school_id].add(tally)
    by_name = sorted((names.get(key or 0, ""), key, tally) for key, tally in schools.items() if tally.before)
    return PreviewLine(
        **_counts(total),
        rule=rule,
        label=label_of(plan, rule),
        action_words=action_words(rule.action),
        schools=tuple(SchoolCounts(**_counts(tally), school_id=key, name=name) for name, key, tally in by_name),
    )


def _counts(tally: Tally) -> dict[str, int]:
    return {"before": tally.before, **vars(tally)}


def _notes(plan: Plan) -> tuple[str, ...]:
    """What a reader should know beyond the rows: missed years, and what cannot be restored."""
    years = sorted({year for part in plan.parts for year in part.years if year < plan.ground.school_year})
    notes = [note] if (note := held_note(plan.ground)) else []
    if years:
        notes.append(f"Earlier school years are concerned too: {', '.join(map(str, years))}.")
    if any(line.work in ("delete rows", "drop the partitions") for line in plan.parts):
        notes.append("What is deleted cannot be restored. What is archived, set to zero or unassigned can be.")
    return tuple(notes)
