"""A district with imports to review, written by hand: students who are known here, doubtful ones, and new ones."""

import datetime as dt
import uuid
from typing import Any

from rostering.models import School, Student, StudentIdentity
from tenants.models import District
from tenants.schema import enter_district
from transfers.codes.models import Kind
from transfers.imports.models import Band, Import, ImportState, IncomingStudent, MatchCandidate

NOW = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)
TODAY = dt.date(2025, 8, 20)
EVIDENCE = [
    {"field": "To review", "verdict": "note", "words": "The match is uncertain"},
    {"field": "Given name", "verdict": "partly", "words": "Jo and Josephine: a nickname"},
    {"field": "Birth date", "verdict": "different", "words": "2017-04-05 and 2017-05-04: day and month swapped"},
]


def make_school(district: District, name: str) -> int:
    with enter_district(district):
        return int(School.objects.create(sourced_id=f"school-{name}", name=name).pk)


def make_students(district: District, school: int, names: list[str], **facts: Any) -> list[int]:
    """Students on the roster, by "Given Family"."""
    with enter_district(district):
        students = Student.objects.bulk_create(
            Student(
                school_id=school, grade=facts.get("grade", "05"), school_year=2026, rostered_on=dt.date(2025, 8, 20)
            )
            for _ in names
        )
        StudentIdentity.objects.bulk_create(
            StudentIdentity(
                student=student, sourced_id=f"s-{uuid.uuid4()}", given_name=name.split()[0],
                family_name=name.split()[1], birth_date=dt.date(2017, 4, 5), student_number=facts.get("number", ""),
                state_id=facts.get("state_id", ""),
            )
            for student, name in zip(students, names, strict=True)
        )  # fmt: skip
        return [int(student.pk) for student in students]


def make_import(district: District, school: int, state: str = ImportState.READY, **facts: Any) -> Import:
    with enter_district(district):
        values: dict[str, Any] = {
            "code_id": uuid.uuid4(), "source_district_id": 999, "source_district": "Birch Unified",
            "source_school": "Old School", "kind": Kind.GRADE, "grade": "05", "school_id": school, "state": state,
            "requested_by": "district_admin:1", "requested_at": NOW, "expires_at": NOW + dt.timedelta(days=30),
        }  # fmt: skip
        return Import.objects.create(**{**values, **facts})


def add_incoming(district: District, transfer: Import, names: list[str], **facts: Any) -> list[int]:
    """Students of the other site, by "Given Family"; all new unless `band` and such say otherwise."""
    with enter_district(district):
        first = IncomingStudent.objects.count()
        rows = IncomingStudent.objects.bulk_create(
            IncomingStudent(
                transfer=transfer, source_key=first + number, given_name=name.split()[0], family_name=name.split()[1],
                **{"grade": "05", "band": Band.NEW, "birth_date": dt.date(2017, 5, 4), **facts},
            )
            for number, name in enumerate(names)
        )  # fmt: skip
        return [int(row.pk) for row in rows]


def add_candidate(district: District, incoming: int, student: int, probability: float = 0.8) -> None:
    with enter_district(district):
        MatchCandidate.objects.create(
            incoming_id=incoming, student_id=student, probability=probability, evidence=EVIDENCE
        )
