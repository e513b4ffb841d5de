"""Courses, classes and staff: all follow from the plan, so that nothing needs to be remembered."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from products.generator.dice import dice, ordered_id, pick
from products.generator.names import draw_family, draw_given, draw_language
from products.generator.plan import GRADES, Plan, SchoolPlan

ELEMENTARY = ("Homeroom", "Reading")
SECONDARY = ("English Language Arts", "Mathematics", "Science", "Social Studies")
LAST_ELEMENTARY = 6
CLASSES_OF_A_TEACHER = 5
"""In secondary schools, where a teacher has one subject; in elementary schools a teacher has one class."""
STAFF_SPAN = 10_000


@dataclass(frozen=True)
class Section:
    """One class of a school year."""

    sourced_id: str
    title: str
    course_id: str
    subject: str
    grade: int
    school: SchoolPlan
    teacher: int


@dataclass(frozen=True)
class Employee:
    """Somebody who works at a school."""

    sourced_id: str
    number: str
    given: str
    family: str
    role: str
    school: SchoolPlan


def subjects(grade: int) -> tuple[str, ...]:
    """What a grade is taught."""
    return ELEMENTARY if grade <= LAST_ELEMENTARY else SECONDARY


def course_id(subject: str, grade: int) -> str:
    """The sourcedId of a course, the same each year."""
    return f"course-{subject.replace(' ', '').lower()}-{GRADES[grade]}"


def section_id(year: int, school: SchoolPlan, grade: int, subject: str, nth: int) -> str:
    """The sourcedId of a class."""
    return f"class-{year}-{school.number}-{GRADES[grade]}-{subject[:4].strip().lower()}-{nth + 1}"


def section_of(plan: Plan, year: int, school: SchoolPlan, grade: int, *, subject: str, student: int) -> str:
    """The class of a subject that a student is in. Elementary classes stay together through the day."""
    apart = "" if grade <= LAST_ELEMENTARY else subject
    nth = pick(plan.seed, plan.sections(school, grade), student, year, school.number, apart)
    return section_id(year, school, grade, subject, nth)


def sections(plan: Plan, year: int) -> Iterator[Section]:
    """Every class of a school year."""
    for school in plan.schools:
        posts = _Posts()
        for grade in range(school.low, school.high + 1):
            for nth in range(plan.sections(school, grade)):
                for subject in subjects(grade):
                    title = f"{subject} {GRADES[grade]} {_letters(nth)}"
                    identity = section_id(year, school, grade, subject, nth)
                    teacher = school.number * STAFF_SPAN + posts.number(grade, subject, nth)
                    yield Section(identity, title, course_id(subject, grade), subject, grade, school, teacher)


def staff(plan: Plan) -> Iterator[Employee]:
    """Everybody who works in the district: the teachers that its classes need, and who leads each school."""
    teachers: dict[int, int] = {}
    for section in sections(plan, plan.school_year):
        number = section.school.number
        teachers[number] = max(teachers.get(number, 0), section.teacher % STAFF_SPAN)
    for school in plan.schools:
        base = school.number * STAFF_SPAN
        yield _employee(plan, base, "principal", school)
        for nth in range(1, teachers[school.number] + 1):
            yield _employee(plan, base + nth, "teacher", school)
        yield _employee(plan, base + STAFF_SPAN - 1, "counselor", school)


def teacher_id(plan: Plan, number: int) -> str:
    """The sourcedId of an employee by number."""
    return ordered_id(plan.seed, number, "staff")


class _Posts:
    """The teaching posts of a school, numbered as its classes need them."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, int], int] = {}
        self.classes: Counter[str] = Counter()

    def number(self, grade: int, subject: str, nth: int) -> int:
        """The number of a class's teacher, from 1."""
        if grade <= LAST_ELEMENTARY:
            post = (GRADES[grade], nth)
        else:
            post = (subject, self.classes[subject] // CLASSES_OF_A_TEACHER)
            self.classes[subject] += 1
        return self.numbers.setdefault(post, len(self.numbers) + 1)


def _employee(plan: Plan, number: int, role: str, school: SchoolPlan) -> Employee:
    rng = dice(plan.seed, "staff", number)
    language = draw_language(rng)
    given = draw_given(rng, language, "female" if rng.random() < 0.74 else "male")
    return Employee(teacher_id(plan, number), f"E{number + 1:07}", given, draw_family(rng, language), role, school)


def _letters(nth: int) -> str:
    """A, B, ... Z, AA, AB: what parallel classes are called."""
    return chr(65 + nth) if nth < 26 else _letters(nth // 26 - 1) + chr(65 + nth % 26)
