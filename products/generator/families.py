"""Families with their children, and what each school year brings to them: a stream that follows from the seed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from products.generator.dice import chance, dice, ordered_id, pick
from products.generator.names import Language, draw_family, draw_given, draw_language
from products.generator.plan import GRADE_WEIGHTS, GRADES, KINDERGARTEN, LAST_GRADE, Plan

LEAVES, MOVES, NEW_SOURCED_ID, IN_PREK, TWINS, HELD_BACK = 0.03, 0.02, 0.005, 0.35, 0.03, 0.02
"""Of each student and year: leaves the district; moves within it; comes back under another sourcedId. Of all: attends
pre-kindergarten; has a twin, where there are siblings; started a year late."""
HOUSEHOLDS = (("mother",), ("mother", "father"), ("mother", "father"), ("guardian",))
JOINERS = 0.05
"""Children who join the district in a year, beside younger siblings who reach kindergarten."""
FAMILY_SPAN = 8
COHORT_SPAN = 1_000_000
ID_MODULUS = 99_999_989
"""A prime: multiplying by another number below it mixes the Student IDs and keeps them apart."""


@dataclass(frozen=True)
class Child:
    """A child by the grade that it is in (may be before pre-kindergarten or past grade 12) when its cohort starts."""

    number: int
    given: str
    middle: str
    sex: str
    first_grade: int
    birth_date: dt.date


@dataclass(frozen=True)
class Student:
    """A child who goes to school in a year."""

    child: Child
    sourced_id: str
    student_number: str
    grade: int
    zone: int
    came_from: int | None
    """The zone in which the year began, for a student who moved within it."""


@dataclass(frozen=True)
class Adult:
    """A guardian."""

    sourced_id: str
    given: str
    family: str
    relation: str
    phone: str


@dataclass(frozen=True)
class Family:
    """A family with those of its children who go to school in the year."""

    number: int
    name: str
    language: Language
    adults: tuple[Adult, ...]
    students: tuple[Student, ...]


def families(plan: Plan, years_on: int = 0) -> Iterator[Family]:
    """The district's families in the plan's school year, or that many years later.

    In the plan's year exactly `plan.students` children go to school. Each later year brings a cohort of joiners.
    """
    for cohort in range(years_on + 1):
        left = plan.students if cohort == 0 else round(plan.students * JOINERS)
        nth = 0
        while left > 0:
            number = cohort * COHORT_SPAN + nth
            family, left = _family(plan, cohort, number, left, years_on - cohort)
            nth += 1
            if family.students:
                yield family


def _family(plan: Plan, cohort: int, number: int, left: int, years: int) -> tuple[Family, int]:
    """One family some years after its cohort started; `left` counts down the children who started with the cohort."""
    rng = dice(plan.seed, "family", number)
    language = draw_language(rng)
    name = draw_family(rng, language)
    zone = rng.choices(range(len(plan.zones)), plan.zones)[0]
    adults = _adults(rng, plan.seed, number, language, name)
    students = []
    for child in _children(rng, plan, cohort, number, language):
        if _at_school(plan.seed, child, child.first_grade):
            if left == 0:
                continue
            left -= 1
        student = _student(plan, child, zone, cohort, years)
        if student is not None:
            students.append(student)
    return Family(number, name, language, adults, tuple(students)), left


def _children(rng: Random, plan: Plan, cohort: int, number: int, language: Language) -> list[Child]:
    start = plan.school_year + cohort
    grades = [KINDERGARTEN] if cohort and rng.random() < 0.6 else _grades(rng)
    birth_dates: dict[int, dt.date] = {}
    children = []
    for nth, grade in enumerate(grades):
        born_on = birth_dates.setdefault(grade, _birth_date(rng, start, grade))
        sex = "female" if rng.random() < 0.49 else "male"
        given = draw_given(rng, language, sex)
        middle = draw_given(rng, language, sex) if rng.random() < 0.3 else ""
        children.append(Child(number * FAMILY_SPAN + nth, given, middle, sex, grade, born_on))
    return children


def _grades(rng: Random) -> list[int]:
    """The grades of siblings, of which some are too young for school yet. The same grade twice: twins."""
    grades = rng.choices(range(len(GRADES)), GRADE_WEIGHTS)
    for _ in range(rng.choices((0, 1, 2, 3), (45, 35, 14, 6))[0]):
        if rng.random() < TWINS:
            grades.append(grades[-1])
            continue
        step = rng.choice((-4, -3, -2, -2, -1, 1, 2, 2, 3, 4))
        grade = grades[0] + step if -3 <= grades[0] + step <= LAST_GRADE else grades[0] - step
        if grade not in grades:
            grades.append(grade)
    return grades


def _birth_date(rng: Random, school_year: int, grade: int) -> dt.date:
    """Kindergartners turn five by the first of September; some children start a year late."""
    first = dt.date(school_year - 6 - grade - (rng.random() < HELD_BACK), 9, 2)
    return first + dt.timedelta(days=rng.randrange(365))


def _adults(rng: Random, seed: int, number: int, language: Language, name: str) -> tuple[Adult, ...]:
    adults = []
    for nth, relation in enumerate(
        rng.choice((("mother",), ("mother", "father"), ("mother", "father"), ("guardian",)))
    ):
        sex = "male" if relation == "father" else "female"
        family = name if rng.random() < 0.8 else draw_family(rng, language)
        phone = f"({rng.randrange(201, 990)}) 555-01{rng.randrange(100):02}"
        sourced_id = ordered_id(seed, number * 2 + nth, "guardian")
        adults.append(Adult(sourced_id, draw_given(rng, language, sex), family, relation, phone))
    return tuple(adults)


def _at_school(seed: int, child: Child, grade: int) -> bool:
    if grade == 0:
        return chance(seed, child.number, "prek") < IN_PREK
    return KINDERGARTEN <= grade <= LAST_GRADE


def _student(plan: Plan, child: Child, zone: int, cohort: int, years: int) -> Student | None:
    """The child some years on; None who is not at school (any more)."""
    grade = child.first_grade + years
    if not _at_school(plan.seed, child, grade):
        return None
    sourced_id = ordered_id(plan.seed, child.number, "student")
    came_from = None
    for year in range(cohort, cohort + years + 1):
        if year > cohort and chance(plan.seed, child.number, year, "leaves") < LEAVES:
            return None
        if year > cohort and chance(plan.seed, child.number, year, "renamed") < NEW_SOURCED_ID:
            sourced_id = ordered_id(plan.seed, child.number, "student", year)
        came_from = None
        if chance(plan.seed, child.number, year, "moves") < MOVES:
            came_from, zone = zone, pick(plan.seed, len(plan.zones), child.number, year, "to")
    student_number = f"{(child.number + 1) * 7_368_787 % ID_MODULUS:08}"
    return Student(child, sourced_id, student_number, grade, zone, came_from if came_from != zone else None)
