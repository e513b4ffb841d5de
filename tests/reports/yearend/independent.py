"""The reports' numbers computed a second time, in plain Python over all rows: nothing of the compiler is used.

Slow and simple on purpose: every row of both tables is looked at, kept or not, put into its group, and measured.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from products.datamap import Key
from products.registry import suite_named
from reports.yearend.measures import ByLatest, ByMonth, ByStaff, ByThing, ByValue, ShareOfStudents
from reports.yearend.scope import Grain, Scope
from reports.yearend.words import Field, Listing, Part, Report, StaffField, ThingField, Totals
from rostering.models import Section
from tests.reports.yearend.measuring import newest, of_nameless, of_student, of_students, rounded
from tests.reports.yearend.world import Row, World

SHOWN_DAYS = 180
RETAINED_SINCE = 2019
GRADES = {"PK": "Pre-kindergarten", "TK": "Transitional kindergarten", "KG": "Kindergarten", "UG": "Ungraded"}


def year_words(year: int) -> str:
    return f"{year - 1}\N{EN DASH}{year % 100:02}"


def grade_words(grade: str) -> str:
    return GRADES.get(grade) or (f"Grade {int(grade)}" if grade.isdigit() else "Grade not known")


@dataclass
class Computed:
    """What a report's part must be, in a scope."""

    world: World
    report: Report
    scope: Scope

    def __post_init__(self) -> None:
        scope, world = self.scope, self.world
        self.section_members = world.members(scope.section) if scope.section else set()
        self.group_members = world.group(scope.group) if scope.group else set()
        self.own: set[int] = set()
        self.pairs: set[tuple[int, int]] = set()
        self.current: set[int] = set()
        self.shown_classes: dict[tuple[int, int], list[Hashable]] = defaultdict(list)
        if scope.sight.educator_id is not None:
            self.own = world.own_sections(scope.sight.educator_id)
            for section in self.own:
                known = world.sections[section]
                for student in world.members(section):
                    self.pairs.add((student, known.school_year))
                    if known.school_year >= world.newest and world.students[student].status == "active":
                        self.current.add(student)
        for key, known in world.sections.items():
            if self._shows(known):
                for student in world.members(key):
                    self.shown_classes[student, known.school_year].append(key)

    # --- which rows -------------------------------------------------------------------------------------------------

    def rows(self, category: str, years: Iterable[int]) -> list[Row]:
        kept = suite_named(self.report.suite).category(category)
        table = next(table for table in kept.tables if table.key is Key.STUDENT)
        found = []
        for model in filter(None, (table.model, table.archive)):
            for row in self.world.rows(model):
                full = self._full(row, kept.products[0].code)
                if table.fact and not self._in_years(full, list(years), bool(table.archive), category):
                    continue
                if category == "action_areas" and full["occurred_on"] < self.scope.as_of - dt.timedelta(SHOWN_DAYS):
                    continue
                if self._is_asked(full) and self._is_seen(full):
                    found.append(full)
        return found

    def _full(self, row: Row, product: str) -> Row:
        student = self.world.students[row["student_id"]]
        full = {"product": product, "occurred_on": row.get("assigned_on"), "school_year": student.school_year, **row}
        full["school_id"] = row.get("school_id") or student.school_id
        return full

    def _in_years(self, row: Row, years: list[int], archived: bool, category: str) -> bool:
        year = row["school_year"]
        if category in ("progress", "portfolio") and self.report.suite == "literacy" and year < RETAINED_SINCE:
            return False
        if self.report.cumulative and archived and year < self.world.previous:
            return False
        return year in years

    def _is_asked(self, row: Row) -> bool:
        scope, student = self.scope, row["student_id"]
        day = row["occurred_on"]
        return all((
            row["product"] in {product.code for product in self.report.products},
            not scope.product or row["product"] == scope.product,
            scope.school is None or row["school_id"] == scope.school,
            scope.student is None or student == scope.student,
            scope.section is None or student in self.section_members,
            scope.group is None or (self.report.suite == "literacy" and student in self.group_members),
            not scope.grade or self.world.grade(student, row["school_year"]) == scope.grade,
            day is None or scope.since is None or day >= scope.since,
            day is None or scope.until is None or day <= scope.until,
        ))  # fmt: skip

    def _is_seen(self, row: Row) -> bool:
        sight, student = self.scope.sight, row["student_id"]
        if sight.school_id is not None and row["school_id"] != sight.school_id:
            return False
        if sight.educator_id is None:
            return True
        return student in self.current or (student, row["school_year"]) in self.pairs

    # --- tables -----------------------------------------------------------------------------------------------------

    def table(self, part: Part, grain: Grain) -> list[tuple[Any, ...]]:
        """The rows that the part must have, in no particular order."""
        if isinstance(part, Listing):
            return self._list(part)
        grain = grain if grain in part.grains else Grain.DISTRICT if part.fixed is None else part.fixed
        categories = dict.fromkeys((part.category, *(measure.of for measure in part.measures if measure.of)))
        years = [max(self.scope.years)] if part.is_summary else self.scope.years
        rows = {code: self.rows(code, years) for code in categories}
        groups: dict[Hashable, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        latest = self._latest(part, rows, grain) if isinstance(part.by, ByLatest) else None
        for code, each in rows.items():
            for row in each:
                for key in self._keys(part, row, grain, latest):
                    groups[key][code].append(row)
        made = [self._row(part, key, members, grain) for key, members in groups.items()]
        if any(isinstance(measure.what, ShareOfStudents) for measure in part.measures):
            made = self._with_shares(part, groups, grain)
        return made

    def _split(self, part: Totals, row: Row) -> tuple[Hashable, ...]:
        fact = any(
            table.fact for table in suite_named(self.report.suite).category(part.category).tables
            if table.key is Key.STUDENT
        )  # fmt: skip
        year = (row["school_year"],) if fact and not part.is_summary else (None,)
        return year + ((row["product"],) if len(self.report.products) > 1 and not part.is_summary else (None,))

    def _groups(self, row: Row, grain: Grain) -> list[Hashable]:
        student, year = row["student_id"], row["school_year"]
        match grain:
            case Grain.STUDENT:
                return [student if student in self.world.names else None]
            case Grain.GRADE:
                return [self.world.grade(student, year)]
            case Grain.SCHOOL:
                return [row["school_id"]]
            case Grain.DISTRICT:
                return [0]
        return [*self.shown_classes[student, year]]

    def _shows(self, section: Section) -> bool:
        scope = self.scope
        return all((
            scope.sight.school_id in (None, section.school_id),
            scope.school in (None, section.school_id),
            scope.section in (None, section.pk),
            scope.sight.educator_id is None or section.pk in self.own,
        ))  # fmt: skip

    def _keys(self, part: Totals, row: Row, grain: Grain, latest: Any) -> list[Hashable]:
        value: Hashable = None
        match part.by:
            case ByValue(column=column) | ByStaff(column=column) | ByThing(column=column):
                value = row[column]
            case ByMonth():
                value = row["occurred_on"].replace(day=1)
        found = []
        for group in self._groups(row, grain):
            own = value
            if latest is not None:
                own = latest[(row["student_id"], group if grain is Grain.SCHOOL else 0, self._split(part, row))]
            found.append((group, self._split(part, row), own))
        return found

    def _latest(self, part: Totals, rows: dict[str, list[Row]], grain: Grain) -> dict[Hashable, Any]:
        assert isinstance(part.by, ByLatest)
        by_student: dict[Hashable, list[Row]] = defaultdict(list)
        for row in rows[part.category]:
            at = row["school_id"] if grain is Grain.SCHOOL else 0
            by_student[(row["student_id"], at, self._split(part, row))].append(row)
        return {key: newest(each)[part.by.column] for key, each in by_student.items()}

    def _row(self, part: Totals, key: Any, members: dict[str, list[Row]], grain: Grain) -> tuple[Any, ...]:
        group, (year, product), value = key
        rows = [row for each in members.values() for row in each]
        students = {row["student_id"] for row in rows}
        is_student = grain is Grain.STUDENT and group is not None
        said: list[Any] = self._said(group, grain, rows, students)
        said += [year_words(year)] if year is not None else []
        said += [self.world.product_names(self.report.suite)[product]] if product is not None else []
        said += [self._value_words(part, value)] if part.by else []
        said += [] if grain is Grain.STUDENT else [len(students)]
        for measure in part.measures:
            own = members.get(measure.of or part.category, [])
            if grain is Grain.STUDENT:
                said += of_student(measure, own) if is_student else of_nameless(measure, own)
            else:
                said += of_students(measure, own)
        return tuple(said)

    def _said(self, group: Any, grain: Grain, rows: list[Row], students: set[int]) -> list[Any]:
        match grain:
            case Grain.STUDENT if group is None:
                return [f"Students without a name ({len(students)})", None, None, None]
            case Grain.STUDENT:
                who, years = self.world.names[group], {row["school_year"] for row in rows}
                at = {row["school_id"] for row in rows}
                school = self.world.schools[next(iter(at))].name if len(at) == 1 else "Several schools"
                name = ", ".join(filter(None, (who.family_name, who.given_name)))
                return [name, who.student_number, grade_words(self.world.grade(group, next(iter(years)))), school]
            case Grain.SECTION:
                section = self.world.sections[group]
                return [self.world.schools[section.school_id].name, section.title]
            case Grain.GRADE:
                return [grade_words(group)]
            case Grain.SCHOOL:
                return [self.world.schools[group].name]
        return []

    def _value_words(self, part: Totals, value: Any) -> str:
        match part.by:
            case ByMonth():
                return f"{value:%B %Y}"
            case ByStaff():
                who = self.world.staff.get(value)
                return f"{who.family_name}, {who.given_name}" if who else "Not stated"
            case ByThing(of=of, title=title):
                return str(getattr(of._default_manager.get(pk=value), title))
            case ByValue(column=column) | ByLatest(column=column):
                words = part.by.words if isinstance(part.by, ByValue) else ()
                return self._word(part.category, column, value, words) or "Not stated"
        raise AssertionError

    def _word(self, category: str, column: str, value: Any, words: Iterable[tuple[str, str]] = ()) -> Any:
        tables = suite_named(self.report.suite).category(category).tables
        model = next(table.model for table in tables if table.key is Key.STUDENT)
        choices = getattr(model._meta.get_field(column), "choices", None) or ()
        return dict(tuple(words) or choices).get(value, value)

    def _with_shares(self, part: Totals, groups: Any, grain: Grain) -> list[tuple[Any, ...]]:
        """Tables with a share have it as their last column."""
        sizes: dict[Hashable, int] = defaultdict(int)
        count = {
            key: len({row["student_id"] for rows in each.values() for row in rows}) for key, each in groups.items()
        }
        for (group, split, _), students in count.items():
            sizes[group, split] += students
        return [
            (*self._row(part, key, each, grain), rounded(Fraction(100 * count[key], sizes[key[0], key[1]])))
            for key, each in groups.items()
        ]

    def _list(self, part: Listing) -> list[tuple[Any, ...]]:
        found = []
        kept = suite_named(self.report.suite).category(part.category)
        is_fact = next(table for table in kept.tables if table.key is Key.STUDENT).fact
        for row in self.rows(part.category, self.scope.years):
            who = self.world.names.get(row["student_id"])
            if who is None:
                continue
            said = [
                ", ".join(filter(None, (who.family_name, who.given_name))),
                who.student_number,
                grade_words(self.world.grade(who.pk, row["school_year"])),
                self.world.schools[row["school_id"]].name,
            ]
            said += [year_words(row["school_year"])] if is_fact else []
            names = self.world.product_names(self.report.suite)
            said += [names[row["product"]]] if len(self.report.products) > 1 else []
            found.append((*said, row["occurred_on"], *(self._field(part, each, row) for each in part.fields)))
        return found

    def _field(self, part: Listing, each: Field | StaffField | ThingField, row: Row) -> Any:
        match each:
            case Field(column=column, words=words):
                return self._word(part.category, column, row[column], words)
            case StaffField(column=column):
                who = self.world.staff.get(row[column])
                return f"{who.family_name}, {who.given_name}" if who else ""
            case ThingField(column=column, of=of, title=title):
                return getattr(of._default_manager.get(pk=row[column]), title)
