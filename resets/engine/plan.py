"""Compiling a policy: rules and data map in, parts out. Pure functions; a plan is data that prints as text.

A *part* is one rule applied to one relation (a live table, or an archive twin where rows are destroyed in it too).
"""

import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from products.datamap import Category, Key, Suite, Table
from products.partitions import partition_name, split_name
from resets.engine.errors import PlanError
from resets.engine.held_words import NOTHING_HELD, Held
from resets.policies.words import Anonymize, Archive, Delete, Policy, Retain, Rule, SetTo, Unassign


class Work(enum.StrEnum):
    """What is done to a relation."""

    KEEP = "keep"
    MOVE = "move the partitions to the archive"
    DROP = "drop the partitions"
    DELETE = "delete rows"
    SET = "set columns"
    UNASSIGN = "remove assignments"


@dataclass(frozen=True)
class Ground:
    """What a plan must know of the district, read from the catalogue beforehand.

    Attributes:
        live_years, archive_years: the school years that each fact table has partitions of, by live table.
        subscribed: the schools with an active subscription on the reset date; None where schools do not subscribe.
        held: what is on legal hold.
    """

    schema: str
    school_year: int
    reset_on: dt.date
    live_years: Mapping[str, tuple[int, ...]]
    archive_years: Mapping[str, tuple[int, ...]]
    subscribed: tuple[int, ...] | None = None
    held: Held = NOTHING_HELD

    def partition(self, table: str, year: int, *, in_archive: bool = False) -> str:
        """The partition of a live table, or of its archive twin, for a year.

        Of a year of which some schools were restored both have one, and the archived one has a name of its own.
        """
        is_split = year in self.live_years.get(table, ()) and year in self.archive_years.get(table, ())
        return split_name(table, year) if in_archive and is_split else partition_name(table, year)


@dataclass(frozen=True)
class Part:
    """One rule on one relation.

    Attributes:
        position: the rule's row in the policy.
        in_archive: the relation is the table's archive twin.
        years: the school years whose partitions are moved or dropped; of rows that are deleted one by one because
            others in the same partition are on hold, theirs.
        apart: the years that another part of the same rule deletes row by row.
    """

    position: int
    rule: Rule
    category: Category
    table: Table
    work: Work
    in_archive: bool = False
    years: tuple[int, ...] = ()
    apart: tuple[int, ...] = ()

    @property
    def relation(self) -> str:
        """The relation's name in the district's schema."""
        return self.table.archive_name if self.in_archive else self.table.name

    def partition(self, year: int, ground: Ground) -> str:
        """The relation's partition for a school year."""
        return ground.partition(self.table.name, year, in_archive=self.in_archive)

    @property
    def text(self) -> str:
        """The part in one line."""
        years = f" of {', '.join(map(str, self.years))}" if self.years else ""
        where = {None: "", True: ", subscribed schools", False: ", schools without a subscription"}
        held = ", but those on hold" if self.work is Work.DELETE and self.years else ""
        return f"{self.position + 1:2}. {self.relation}: {self.work}{years}{held}{where[self.rule.where.subscribed]}"


@dataclass(frozen=True)
class Plan:
    """All parts of a reset, in the policy's order."""

    policy: Policy
    suite: Suite
    ground: Ground
    parts: tuple[Part, ...]

    @property
    def return_days(self) -> int | None:
        """For how many days students may return, where the policy anonymizes after them."""
        return self.policy.return_days

    def joining(self) -> list[tuple[Part, int]]:
        """Live years that go to an archive which has rows of that year already: of schools that were not restored."""
        archived = self.ground.archive_years
        moving = (part for part in self.parts if part.work is Work.MOVE)
        return [(part, year) for part in moving for year in part.years if year in archived.get(part.table.name, ())]

    def doing(self, *works: Work) -> list[Part]:
        """The parts with one of these works."""
        return [part for part in self.parts if part.work in works]

    def as_text(self) -> str:
        """The plan for a person to read."""
        head = f"{self.suite.name}, school year {self.ground.school_year}, on {self.ground.reset_on}"
        tail = [f"    students may return for {self.return_days} days"] if self.return_days else []
        return "\n".join([head, *(part.text for part in self.parts), *tail])


def compile_plan(policy: Policy, suite: Suite, ground: Ground) -> Plan:
    """Compile a policy for a district.

    Raises:
        PlanError: a rule cannot be applied to a table; the message names both.
    """
    parts = [
        part
        for position, rule in enumerate(policy.rules)
        if not isinstance(rule.action, Anonymize)
        for category in _categories(policy, suite, rule)
        for table in category.tables
        for whole in _parts(position, rule, category, table, ground)
        for part in _left_out(whole, ground)
    ]
    return Plan(policy, suite, ground, tuple(parts))


def _categories(policy: Policy, suite: Suite, rule: Rule) -> Iterator[Category]:
    if rule.category != "*":
        yield suite.category(rule.category)
        return
    for category in suite.categories:
        own = [other for other in policy.rules if other.category == category.code]
        if not any(other.where.subscribed in (None, rule.where.subscribed) for other in own):
            yield category


def _parts(position: int, rule: Rule, category: Category, table: Table, ground: Ground) -> Iterator[Part]:
    if rule.where.subscribed is not None:
        _check_scope(rule, table, ground)
    work, years = _work(rule, table, ground)
    yield Part(position, rule, category, table, work, years=years)
    if isinstance(rule.action, Delete) and table.archive:
        archived = tuple(year for year in ground.archive_years.get(table.name, ()) if year <= ground.school_year)
        work = Work.DELETE if rule.where.subscribed is not None else Work.DROP
        yield Part(position, rule, category, table, work, True, archived if work is Work.DROP else ())


def _left_out(part: Part, ground: Ground) -> Iterator[Part]:
    """A partition in which something is on hold is not dropped: its other rows are deleted one by one."""
    held = ground.held.years_of(part.relation) if part.work is Work.DROP else ()
    apart = tuple(year for year in part.years if year in held)
    if not apart:
        yield part
        return
    yield replace(part, years=tuple(year for year in part.years if year not in held), apart=apart)
    yield replace(part, work=Work.DELETE, years=apart)


def _work(rule: Rule, table: Table, ground: Ground) -> tuple[Work, tuple[int, ...]]:
    """What a rule does to a live table, and to which years' partitions."""
    live = ground.live_years.get(table.name, ())
    over = tuple(year for year in live if year <= ground.school_year)
    columns = {field.column for field in table.model._meta.concrete_fields}
    match rule.action:
        case Archive() if table.archive is None:
            raise PlanError(f"{table.name} has no archive twin, so that its rule {rule.category!r} cannot archive it")
        case Archive():
            return Work.MOVE, over
        case Delete():
            drops = table.fact and rule.where.subscribed is None
            return (Work.DROP, over) if drops else (Work.DELETE, ())
        case Retain(since=int(since)) if table.fact:
            return Work.DROP, tuple(year for year in live if year < since)
        case SetTo(columns=names) if columns.issuperset(names):
            return Work.SET, ()
        case Unassign() if table.key is Key.STUDENT and not table.fact:
            return Work.UNASSIGN, ()
        case _:
            return Work.KEEP, ()


def _check_scope(rule: Rule, table: Table, ground: Ground) -> None:
    if ground.subscribed is None:
        raise PlanError(f"rule {rule.category!r} depends on subscriptions, but the suite keeps none per school")
    if "school_id" not in {field.column for field in table.model._meta.concrete_fields}:
        raise PlanError(f"{table.name} has no school_id, so that no rule can depend on the school's subscription")
