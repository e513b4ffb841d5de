"""Everything of a district in memory, and who was where: for the independent computation."""

from dataclasses import dataclass, field
from typing import Any

from products.literacy.models import BenchmarkArchive, GroupMember, GroupMemberArchive, UsageArchive
from products.registry import suite_named
from rostering.models import (
    EducatorIdentity,
    Enrollment,
    School,
    Section,
    Student,
    StudentIdentity,
    StudentYear,
    TeachingAssignment,
)

Row = dict[str, Any]


@dataclass
class World:
    """Everything of the entered district, in memory."""

    students: dict[int, Student] = field(default_factory=Student.objects.in_bulk)
    names: dict[int, StudentIdentity] = field(default_factory=StudentIdentity.objects.in_bulk)
    schools: dict[int, School] = field(default_factory=School.objects.in_bulk)
    sections: dict[int, Section] = field(default_factory=Section.objects.in_bulk)
    staff: dict[int, EducatorIdentity] = field(default_factory=EducatorIdentity.objects.in_bulk)
    enrollments: list[Enrollment] = field(default_factory=lambda: list(Enrollment.objects.all()))
    taught: list[TeachingAssignment] = field(default_factory=lambda: list(TeachingAssignment.objects.all()))
    grades: dict[tuple[int, int], str] = field(
        default_factory=lambda: {(y.student_id, y.school_year): y.grade for y in StudentYear.objects.all()}
    )
    tables: dict[type, list[Row]] = field(default_factory=dict)
    classes: dict[int, set[int]] = field(default_factory=dict)

    def rows(self, model: type) -> list[Row]:
        if model not in self.tables:
            self.tables[model] = list(model._default_manager.values())
        return self.tables[model]

    @property
    def newest(self) -> int:
        return max(section.school_year for section in self.sections.values() if section.is_active)

    @property
    def previous(self) -> int:
        """The newest year of which literacy has something in its archive."""
        return max(row["school_year"] for model in (UsageArchive, BenchmarkArchive) for row in self.rows(model))

    def grade(self, student: int, year: int) -> str:
        known = self.students[student]
        return known.grade if known.school_year == year else self.grades.get((student, year), "")

    def members(self, section: int) -> set[int]:
        if section not in self.classes:
            self.classes[section] = self._members(section)
        return self.classes[section]

    def _members(self, section: int) -> set[int]:
        mine = self.sections[section]
        ended = mine.school_year < self.newest
        return {
            each.student_id
            for each in self.enrollments
            if each.section_id == section
            and (
                ended
                or (
                    mine.is_active
                    and each.is_active
                    and self.students[each.student_id].status in ("active", "anonymized")
                )
            )
        }

    def own_sections(self, educator: int) -> set[int]:
        return {
            each.section_id
            for each in self.taught
            if each.educator_id == educator
            and (
                self.sections[each.section_id].school_year < self.newest
                or (each.is_active and self.sections[each.section_id].is_active)
            )
        }

    def group(self, key: object) -> set[int]:
        return {row["student_id"] for model in (GroupMember, GroupMemberArchive) for row in self.rows(model)
                if row["group_id"] == key}  # fmt: skip

    def product_names(self, suite: str) -> dict[str, str]:
        return {product.code: product.name for product in suite_named(suite).products}
