"""What one table of a report is made in: which part, of whose sight, by which grain, of which students only."""

import dataclasses
from dataclasses import dataclass
from functools import cached_property

from psycopg import sql

from reports.yearend.compile.measuring import Measured, measured
from reports.yearend.compile.relation import Relation, relation
from reports.yearend.compile.text import Text
from reports.yearend.scope import Grain, Scope
from reports.yearend.words import Part, Report, Totals


@dataclass(frozen=True)
class Frame:
    """The frame of a table of totals.

    Attributes:
        students: SQL of an array: only these students' rows are read; None for all in the scope.
        sections: by section, only these; None for all in the scope.
        schools: only what is of these schools, or of none (None among them); None for all in the scope.
        split: with rows for each year and product where there would be none, so that numbers can be suppressed.
    """

    report: Report
    part: Totals
    scope: Scope
    grain: Grain
    students: Text | None = None
    sections: tuple[int, ...] | None = None
    schools: tuple[int | None, ...] | None = None
    split: bool = False

    @cached_property
    def relations(self) -> dict[str, Relation]:
        """The relations that are measured, by category: the part's own first."""
        codes = dict.fromkeys((self.part.category, *(measure.of for measure in self.part.measures if measure.of)))
        return {code: relation(self.report.suite, code) for code in codes}

    @cached_property
    def measures(self) -> list[Measured]:
        """Every column that measures, in order."""
        found = []
        for measure in self.part.measures:
            found += measured(measure, self.relations[measure.of or self.part.category])
        return found

    @property
    def own(self) -> Relation:
        """The relation of the part's own category."""
        return self.relations[self.part.category]

    @property
    def by_product(self) -> bool:
        """Whether each product has rows of its own."""
        return len(self.report.products) > 1 and (self.split or not self.part.is_summary)

    @property
    def by_year(self) -> bool:
        """Whether each school year has rows of its own: a table of what is so now has no years."""
        return self.own.is_fact and (self.split or not self.part.is_summary)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """By what a student's rows are put together first, beside the student."""
        names = ["school_year"]
        if self.by_product:
            names.append("product")
        if self.grain is Grain.SCHOOL:
            names.append("school_id")
        return tuple(names)

    def only(self, who: Text) -> list[Text]:
        """The condition that a student is one of those asked for."""
        return [] if self.students is None else [sql.SQL("{} = ANY({})").format(who, self.students)]

    def at(self, school: Text) -> list[Text]:
        """The condition that a school is one of those asked for."""
        if self.schools is None:
            return []
        keys = sql.Literal([key for key in self.schools if key is not None])
        of_them = sql.SQL("{} = ANY({}::bigint[])").format(school, keys)
        return [of_them if None not in self.schools else sql.SQL("({} OR {} IS NULL)").format(of_them, school)]


def grain_of(part: Part, grain: Grain) -> Grain:
    """By what a part's rows are when this is asked for: a breakdown by student is one of the whole district."""
    return grain if grain in part.grains else part.grains[-1]


def frame_of(report: Report, part: Totals, scope: Scope, grain: Grain) -> Frame:
    """The frame of a table of totals: a summary is of the newest chosen year."""
    chosen = dataclasses.replace(scope, years=(max(scope.years),)) if part.is_summary else scope
    return Frame(report, part, chosen, grain_of(part, grain))
