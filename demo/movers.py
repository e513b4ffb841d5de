"""Families move: a student's history follows by transfer code, and a grade's waits for review on the served site."""

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Count
from psycopg import sql

from config.processes import Processes
from demo.verdict import Line
from demo.wait import wait_until
from products.datamap import Category
from products.registry import suite_named
from rostering.models import School, Student, StudentIdentity
from tenants import clock
from tenants.models import District
from tenants.schema import district_table, enter_district
from transfers.codes.services import Choice, find_code, generate_code, redeem_code
from transfers.imports.models import Import, ImportedStudent, ImportState
from transfers.imports.services import approve_import

if TYPE_CHECKING:
    from demo.story import Story

ADMIN = "district_admin:demo"
HERE_ALREADY = 6
"""Students of the grade that the new district has rostered already: some as they were, some written otherwise."""


def play(story: "Story", source: District, destination: District) -> list[Line]:
    """A student moves and is imported; then a grade, up to its import preview. Returns the lines of the student."""
    story.turn_to(clock.local_start(story.year.on(11, 9), 15, "UTC"))
    story.teller.act("November", f"Families move from {source.name} to {destination.name}")
    *_, students = _small_grade(source)
    moved = _import_one(source, destination, students[0], story.processes)
    story.teller.say(f"{destination.slug:14} {moved.rows:,} records of one student imported from {source.slug}")
    waiting = bring_grade(source, destination, story.processes)
    story.teller.say(
        f"{destination.slug:14} {waiting.students:,} students of grade {waiting.grade} wait to be reviewed: "
        "see People, Transfer Student Data"
    )
    return _lines(source, destination, students[0], moved)


def bring_grade(source: District, destination: District, processes: Processes) -> Import:
    """A grade of the source waits for review in the destination, which knows some of the students already."""
    school, grade, students = _small_grade(source)
    _roster_some(source, destination, students[1 : 1 + HERE_ALREADY])
    transfer = _redeem(source, destination, Choice.whole_grade(school, grade))
    _wait(destination, transfer, ImportState.READY, processes)
    return transfer


def _small_grade(source: District) -> tuple[int, str, list[int]]:
    """The smallest grade of a school with a class of students: (school, grade, students)."""
    with enter_district(source):
        active = Student.objects.filter(status="active", identity__isnull=False, school__isnull=False)
        active = active.exclude(grade__in=("12", ""))  # whoever is in the last grade moves on to no other school
        grades = active.values_list("school_id", "grade").annotate(n=Count("pk")).filter(n__gt=HERE_ALREADY)
        school, grade, _ = grades.order_by("n", "school_id", "grade")[0]
        students = active.filter(school_id=school, grade=grade).order_by("identity__family_name", "pk")
        return int(school or 0), grade, list(students.values_list("pk", flat=True))


def _import_one(source: District, destination: District, student: int, processes: Processes) -> Import:
    moved = _redeem(source, destination, Choice.one_student(student))
    _wait(destination, moved, ImportState.READY, processes)
    with enter_district(destination):
        approve_import(destination, moved.pk, actor=ADMIN, at=clock.now())
    _wait(destination, moved, ImportState.COMPLETED, processes)
    return moved


def _redeem(source: District, destination: District, choice: Choice) -> Import:
    at = clock.now()
    with enter_district(source):
        made = generate_code(source, choice, actor=ADMIN, at=at)
    with enter_district(destination):
        school = School.objects.filter(is_active=True).order_by("name")[0]
        code = find_code(destination, made.text, actor=ADMIN, at=at)
        return redeem_code(destination, code, school=school, actor=ADMIN, at=at)


def _wait(destination: District, transfer: Import, state: ImportState, processes: Processes) -> None:
    def reached() -> bool:
        with enter_district(destination):
            transfer.refresh_from_db()
        return transfer.state == state

    wait_until(reached, f"the import to be {state.label.lower()}", processes)


def _roster_some(source: District, destination: District, students: list[int]) -> None:
    """The new district's SIS knows some of them: half as they were, half under a name or date that is mistaken."""
    with enter_district(source):
        known = list(StudentIdentity.objects.filter(pk__in=students).select_related("student").order_by("pk"))
    with enter_district(destination):
        school = School.objects.filter(is_active=True).order_by("name")[0]
        for number, identity in enumerate(known):
            today = clock.today_in(destination.time_zone)
            student = Student.objects.create(
                school=school, grade=identity.student.grade, school_year=destination.school_year, rostered_on=today
            )
            StudentIdentity.objects.create(
                student=student,
                sourced_id=f"moved-{number}",
                student_number=f"E{number:05}",
                state_id=identity.state_id if number == 0 else "",
                given_name=identity.given_name if number % 2 == 0 else identity.given_name[:3],
                family_name=identity.family_name,
                birth_date=_birth_date(identity.birth_date, mistaken=number % 3 == 2),
            )


def _birth_date(on: dt.date | None, *, mistaken: bool) -> dt.date | None:
    return on.replace(year=on.year + 1, day=min(on.day, 28)) if on and mistaken else on


def _lines(source: District, destination: District, student: int, moved: Import) -> list[Line]:
    """Each category of the source's list: what the student has there still, and has here now."""
    with enter_district(destination):
        line = ImportedStudent.objects.get(transfer=moved, source_key=student)
        here = _counts(line.student_id or 0)
    with enter_district(source):
        there = _counts(student)
    return [
        Line(
            destination.slug, "transfer", category.label, "Taken along", there[category.code], here[category.code],
            0, 0, here[category.code] == there[category.code], f"from {source.slug}, which keeps its own",
        )
        for category in _categories()
    ]  # fmt: skip


def _categories() -> tuple[Category, ...]:
    return suite_named("renaissance").categories


def _counts(student: int) -> Counter[str]:
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        for category in _categories():
            for table in category.tables:
                count = sql.SQL("SELECT count(*) FROM {} WHERE student_id = %s").format(district_table(table.name))
                cursor.execute(count, [student])
                found[category.code] += cursor.fetchone()[0]
    return found
