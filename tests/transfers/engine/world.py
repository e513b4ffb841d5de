"""Small districts for the tests of transfers: students with records of several years in every transferred table."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg import sql

from products.partitions import ensure_partitions
from products.renaissance.models import CbmAssessment, Mastery, Quiz, StarAssessment
from rostering.models import (
    Guardian,
    GuardianIdentity,
    School,
    Student,
    StudentDemographics,
    StudentGuardian,
    StudentIdentity,
)
from tenants.models import District
from tenants.schema import enter_district
from transfers.codes.models import Kind, TransferCode
from transfers.imports.models import Import, Offer, OfferedStudent
from transfers.imports.services import analyze_import, approve_import, import_students
from transfers.packet.tables import transferred_tables

NOW = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)
EXPIRES = NOW + dt.timedelta(days=30)
ADMIN = "district_admin:1"
YEARS = (2024, 2026)
RECORDS = 5
"""Of a student, in a year; see `add_records`."""
KNOWN = ("scaled_score", "percent_correct", "points_earned", "correct_per_minute", "level")


def make_school(district: District, name: str = "Lincoln") -> int:
    """A school; the entered district is left as it was."""
    with enter_district(district):
        return int(School.objects.create(sourced_id=f"school-{name}", name=name).pk)


def make_student(district: District, school: int, given: str, family: str, **facts: Any) -> int:
    """A student on the roster, without records."""
    grade = facts.pop("grade", "03")
    guardian = facts.pop("guardian", "")
    with enter_district(district):
        student = Student.objects.create(
            school_id=school, grade=grade, school_year=2026, rostered_on=dt.date(2025, 8, 20)
        )
        identity = {"sourced_id": f"s-{uuid.uuid4()}", "birth_date": dt.date(2017, 4, 5), **facts}
        StudentIdentity.objects.create(student=student, given_name=given, family_name=family, **identity)
        StudentDemographics.objects.create(student=student, sex="female")
        if guardian:
            adult = Guardian.objects.create()
            GuardianIdentity.objects.create(
                guardian=adult, sourced_id=f"g-{uuid.uuid4()}", given_name=guardian, family_name=family,
                email=f"{guardian}@example.org".lower(),
            )  # fmt: skip
            StudentGuardian.objects.create(student=student, guardian=adult, relation="parent")
        return int(student.pk)


def add_records(district: District, school: int, student: int, years: Sequence[int] = YEARS) -> None:
    """Five records in each of some school years: one of each table, and a second assessment in Spanish."""
    with enter_district(district):
        ensure_partitions(district.schema_name, years)
        for year in years:
            on = dt.date(year - 1, 10, 3)
            same = {"school_year": year, "school_id": school, "student_id": student, "occurred_on": on}
            for product, language in (("star_reading", "en"), ("star_early_lit", "es")):
                StarAssessment.objects.create(
                    id=uuid.uuid4(), product=product, language=language, scaled_score=500 + year % 100, percentile=None,
                    benchmark_category="On Watch", **same,
                )  # fmt: skip
            CbmAssessment.objects.create(
                id=uuid.uuid4(),
                product="star_cbm",
                measure="Letter Sounds",
                language="es",
                correct_per_minute=41,
                **same,
            )
            Quiz.objects.create(
                id=uuid.uuid4(), product="accelerated_reader", quiz_number=4711, title="El jardín", percent_correct=90,
                points_earned=Decimal("1.50"), **same,
            )  # fmt: skip
            Mastery.objects.create(id=uuid.uuid4(), product="star_math", skill="Fractions", level=80, **same)


def make_code(source: District, school: int, students: Sequence[int], at: dt.datetime = NOW) -> TransferCode:
    """An offer of students, and its code."""
    code = TransferCode.objects.create(
        mac=uuid.uuid4().hex, district=source, kind=Kind.GRADE, students=len(students), made_by=ADMIN, made_at=at,
        expires_at=at + dt.timedelta(days=30),
    )  # fmt: skip
    with enter_district(source):
        offer = Offer.objects.create(
            id=code.pk, kind=Kind.GRADE, school_id=school, grade="03", students=len(students), made_at=at
        )
        OfferedStudent.objects.bulk_create(OfferedStudent(offer=offer, student_id=key) for key in students)
    return code


def enter_code(code: TransferCode, destination: District, school: int, at: dt.datetime = NOW) -> uuid.UUID:
    """Use a code: an import that is to be analyzed."""
    key = uuid.uuid4()
    TransferCode.objects.filter(pk=code.pk).update(
        redeemed_at=at, redeemed_by=ADMIN, destination=destination, import_id=key, redemptions=code.redemptions + 1
    )
    with enter_district(destination):
        Import.objects.create(
            id=key, code_id=code.pk, source_district_id=code.district_id, source_district="Before",
            source_school="Old School", kind=Kind.GRADE, grade="03", school_id=school, requested_by=ADMIN,
            requested_at=at, expires_at=code.expires_at,
        )  # fmt: skip
    return key


def analyzed(code: TransferCode, destination: District, school: int, at: dt.datetime = NOW) -> Import:
    """The import of a code, ready for review."""
    key = enter_code(code, destination, school, at)
    with enter_district(destination):
        analyze_import(destination, key, at=at)
        return Import.objects.get(pk=key)


def imported(destination: District, transfer: Import, at: dt.datetime = NOW) -> Import:
    """An import, approved and done."""
    with enter_district(destination):
        approve_import(destination, transfer.pk, actor=ADMIN, at=at)
        import_students(destination, transfer.pk, at=at)
        return Import.objects.get(pk=transfer.pk)


def records_of(district: District, student: int | None) -> list[tuple[str, ...]]:
    """A student's records, each as text without school, student and id: what a score says, wherever it is."""
    found: list[tuple[str, ...]] = []
    with connection.cursor() as cursor:
        for table in transferred_tables():
            query = sql.SQL(
                "SELECT %s, school_year::text, (to_jsonb(t) - ARRAY['id', 'school_id', 'student_id'])::text"
                " FROM {} AS t WHERE student_id = %s"
            ).format(sql.Identifier(district.schema_name, table.name))
            cursor.execute(query, [table.name, student])
            found += [tuple(map(str, row)) for row in cursor.fetchall()]
    return sorted(found)


def record_count(district: District) -> int:
    """All records of a district's transferred tables."""
    total = 0
    with connection.cursor() as cursor:
        for table in transferred_tables():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(district.schema_name, table.name)))
            total += int(cursor.fetchone()[0])
    return total
