"""Two committed districts that use Renaissance products: a grade of the one is on its way to the other."""

import datetime as dt
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from django.db import connections
from django_tenants.utils import schema_context

from accounts.models import Role
from products.models import Subscription
from products.partitions import ensure_partitions
from products.renaissance.models import Quiz, StarAssessment
from rostering.models import School, Student, StudentIdentity
from tenants.models import District, Job
from tenants.schema import enter_district
from tests.support.jobs import do_jobs
from tests.support.people import make_person

Value = TypeVar("Value")
SPRING = "2026-03-02T15:00:00+00:00"
GIVER, TAKER = "gina@birch.example", "tom@hazel.example"
GRADE = 103
KNOWN = 20
"""Of the grade, so many are on the other site already, with the same state ID."""


@dataclass
class Two:
    """The two districts, and the keys of their schools."""

    source: District
    destination: District
    old: int
    new: int


def two_districts(source: District, destination: District) -> Two:
    """Fill two new districts: a grade of 103 and a single student in the one, 20 of the grade in the other too."""
    made = Two(source, destination, _school(source, "Old School"), _school(destination, "New School"))
    grade = add_people(source, made.old, names(GRADE), "05")
    single = add_people(source, made.old, [("Nia", "Single")], "08")
    add_records(source, made.old, [*grade, *single])
    add_people(destination, made.new, names(KNOWN), "05")
    add_people(destination, made.new, [("Niah", "Single")], "08", prefix="OTHER-")
    make_person(source, Role.DISTRICT_ADMIN, GIVER)
    make_person(destination, Role.DISTRICT_ADMIN, TAKER)
    return made


def names(count: int) -> list[tuple[str, str]]:
    """Names that are unlike each other."""
    given = ("Amara", "Bruno", "Chidi", "Delphine", "Emeka", "Farah", "Gustav", "Hana", "Igor", "Jun", "Kofi")
    family = ("Okafor", "Lindqvist", "Marchetti", "Petrov", "Yamamoto", "Quiroga", "Zielinski", "Abernathy", "Dubois",
              "Castellanos")  # fmt: skip
    return [(given[number % 11], family[number // 11]) for number in range(count)]


def _school(district: District, name: str) -> int:
    with schema_context("public"):
        for product in ("star_reading", "accelerated_reader"):
            Subscription.objects.create(district=district, product=product, starts_on=dt.date(2025, 8, 1))
    with enter_district(district):
        return int(School.objects.create(sourced_id=name, name=name).pk)


def add_people(
    district: District, school: int, people: list[tuple[str, str]], grade: str, prefix: str = "ST-"
) -> list[int]:
    """Students on the roster, in committed rows; the state ID tells who is whom in both districts."""
    with enter_district(district):
        students = Student.objects.bulk_create(
            Student(school_id=school, grade=grade, school_year=2026, rostered_on=dt.date(2025, 8, 20)) for _ in people
        )
        StudentIdentity.objects.bulk_create(
            StudentIdentity(
                student=student, sourced_id=f"s-{uuid.uuid4()}", given_name=given, family_name=family,
                state_id=f"{prefix}{given}-{family}", birth_date=dt.date(2015, 1 + number % 12, 1 + number % 28),
            )
            for number, (student, (given, family)) in enumerate(zip(students, people, strict=True))
        )  # fmt: skip
        return [int(student.pk) for student in students]


def add_records(district: District, school: int, students: list[int]) -> None:
    """An assessment and a quiz of each student."""
    same = {"school_year": 2026, "school_id": school, "occurred_on": dt.date(2025, 10, 3)}
    with enter_district(district):
        ensure_partitions(district.schema_name, [2026])
        StarAssessment.objects.bulk_create(
            StarAssessment(
                id=uuid.uuid4(), product="star_reading", language="en", scaled_score=500, benchmark_category="On Watch",
                student_id=student, **same,
            )
            for student in students
        )  # fmt: skip
        Quiz.objects.bulk_create(
            Quiz(
                id=uuid.uuid4(), product="accelerated_reader", quiz_number=4711, title="El jardín", percent_correct=90,
                points_earned="1.50", student_id=student, **same,
            )
            for student in students
        )  # fmt: skip


def work(district: District, kind: str) -> None:
    """Do the newest job of a kind, as the worker would."""
    aside(lambda: _work(district, kind))


def _work(district: District, kind: str) -> None:
    job = Job.objects.filter(district=district, kind=kind).latest("created_at", "key")
    with enter_district(district):
        do_jobs(district, [job])


def aside(deed: Callable[[], Value]) -> Value:
    """Do something with the database beside a browser, whose event loop Django refuses: in a thread of its own."""

    def done() -> Value:
        try:
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()
