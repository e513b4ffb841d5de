"""Making the records of new students: identity, demographics, guardians, and enrolled in the import's school."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from resets.engine.proof import Done
from rostering.intake.school_year import chosen_year, stored_sessions
from rostering.models import (
    Guardian,
    GuardianIdentity,
    Student,
    StudentDemographics,
    StudentGuardian,
    StudentIdentity,
)
from tenants.clock import date_in
from tenants.models import District
from transfers.imports.writing.identifiers import IDENTIFIERS
from transfers.packet.people import PacketGuardian, PacketPerson

SOURCED_ID: Final = "transfer-"
"""How the sourcedIds of records begin that an import made. A roster that has the student replaces it by its own."""


@dataclass(frozen=True)
class Place:
    """Where new students are enrolled: a school, in the school year that the roster is at."""

    school_id: int
    school_year: int
    on: dt.date


def place_of(district: District, school_id: int, at: dt.datetime) -> Place:
    """The school, and the district's current school year at a moment."""
    on = date_in(at, district.time_zone)
    return Place(school_id, chosen_year(stored_sessions(), district, on), on)


def make_students(
    people: Sequence[tuple[PacketPerson, frozenset[str]]], place: Place, done: Done
) -> list[StudentIdentity]:
    """Make a record for each person, without the identifiers that are named beside; returns them in the same order."""
    students = Student.objects.bulk_create(
        Student(school_id=place.school_id, grade=person.grade, school_year=place.school_year, rostered_on=place.on)
        for person, _ in people
    )
    identities = StudentIdentity.objects.bulk_create(
        _identity(student, person, dropped) for student, (person, dropped) in zip(students, people, strict=True)
    )
    known = StudentDemographics.objects.bulk_create(
        StudentDemographics(
            student=student, sex=person.sex, race=person.race, hispanic_or_latino=person.hispanic_or_latino
        )
        for student, (person, _) in zip(students, people, strict=True)
    )
    for model, rows in ((Student, students), (StudentIdentity, identities), (StudentDemographics, known)):
        done.add(model._meta.db_table, inserted=len(rows))
    _make_guardians(students, [person for person, _ in people], done)
    return identities


def _identity(student: Student, person: PacketPerson, dropped: frozenset[str]) -> StudentIdentity:
    return StudentIdentity(
        student=student,
        sourced_id=f"{SOURCED_ID}{uuid.uuid4()}",
        given_name=person.given_name,
        middle_name=person.middle_name,
        family_name=person.family_name,
        preferred_name=person.preferred_name,
        birth_date=person.birth_date,
        **{name: "" if name in dropped else getattr(person, name) for name in IDENTIFIERS},
    )


def _make_guardians(students: Sequence[Student], people: Sequence[PacketPerson], done: Done) -> None:
    """One record for each guardian; siblings who come together share theirs, told by the same name and address."""
    keys = [[_same(guardian, person) for guardian in person.guardians] for person in people]
    wanted = {
        key: guardian
        for person, own in zip(people, keys, strict=True)
        for guardian, key in zip(person.guardians, own, strict=True)
    }
    made = dict(zip(wanted, Guardian.objects.bulk_create(Guardian() for _ in wanted), strict=True))
    GuardianIdentity.objects.bulk_create(
        GuardianIdentity(
            guardian=made[key],
            sourced_id=f"{SOURCED_ID}{uuid.uuid4()}",
            given_name=guardian.given_name,
            family_name=guardian.family_name,
            email=guardian.email,
            phone=guardian.phone,
        )
        for key, guardian in wanted.items()
    )
    links = {
        (student.pk, made[key].pk): StudentGuardian(student=student, guardian=made[key], relation=guardian.relation)
        for student, person, own in zip(students, people, keys, strict=True)
        for guardian, key in zip(person.guardians, own, strict=True)
    }
    StudentGuardian.objects.bulk_create(links.values())
    for model, rows in ((Guardian, made), (GuardianIdentity, made), (StudentGuardian, links)):
        done.add(model._meta.db_table, inserted=len(rows))


def _same(guardian: PacketGuardian, person: PacketPerson) -> tuple[object, ...]:
    """What two guardians of one packet have in common when they are one person."""
    reached_at = guardian.email.strip().lower(), guardian.phone.strip()
    name = guardian.given_name.casefold(), guardian.family_name.casefold()
    return (*name, *reached_at) if any(reached_at) else (*name, person.source_key)
