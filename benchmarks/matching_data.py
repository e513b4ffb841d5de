"""Districts with many students and an import with some incoming ones, straight into their tables."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django.db import connection
from psycopg import sql

from benchmarks.database import found_district
from rostering.models import School
from tenants.models import District
from tenants.schema import district_table, enter_district
from transfers.imports.models import Import, IncomingStudent
from transfers.matching.people import Person
from transfers.matching.practice.districts import DistrictPair, make_pair

SEED = 5
NOON = dt.datetime(2025, 9, 1, 12, tzinfo=dt.UTC)
COLUMNS = {
    "rostering_student": "id grade status school_year rostered_on",
    "rostering_studentidentity": (
        "student_id sourced_id student_number state_id given_name middle_name family_name preferred_name username email"
        " birth_date"
    ),
    "rostering_studentdemographics": "student_id sex race",
    "rostering_guardian": "id status",
    "rostering_guardianidentity": "guardian_id sourced_id given_name family_name email phone",
    "rostering_studentguardian": "student_id guardian_id relation",
}


def matching_pair(site: int) -> DistrictPair:
    """A thousand incoming students, half of whom are on a site of that size."""
    return make_pair(SEED, site, back=500, twins=50, siblings=150, strangers=300)


def matching_district(slug: str, pair: DistrictPair) -> District:
    """A district with the pair's site, and an import with its incoming students, analyzed by ANALYZE alone."""
    district = found_district(slug)
    with enter_district(district):
        _fill(pair.site)
        school = School.objects.create(sourced_id="school", name="School")
        transfer = Import.objects.create(
            code_id=uuid4(), source_district_id=1, source_district="Elsewhere", source_school="", kind="grade",
            school=school, requested_by="system:bench", requested_at=NOON, expires_at=NOON + dt.timedelta(days=30),
        )  # fmt: skip
        IncomingStudent.objects.bulk_create((_incoming(transfer, person) for person in pair.incoming), batch_size=500)
        with connection.cursor() as cursor:
            for table in (*COLUMNS, "transfer_imports_incomingstudent"):
                cursor.execute(sql.SQL("ANALYZE {}").format(district_table(table)))
    return district


def _fill(people: Sequence[Person]) -> None:
    guardians = {guardian: nth for nth, guardian in enumerate(dict.fromkeys(g for p in people for g in p.guardians), 1)}
    _copy("rostering_student", ((p.key, p.grade, "active", 2026, "2025-08-15") for p in people))
    _copy("rostering_studentidentity", (
        (p.key, f"s{p.key}", p.student_number, p.state_id, p.given_name, p.middle_name, p.family_name,
         p.preferred_name, "", p.email, p.birth_date) for p in people
    ))  # fmt: skip
    _copy("rostering_studentdemographics", ((p.key, p.sex, "") for p in people))
    _copy("rostering_guardian", ((key, "active") for key in guardians.values()))
    _copy("rostering_guardianidentity", (
        (key, f"g{key}", g.given_name, g.family_name, g.email, g.phone) for g, key in guardians.items()
    ))  # fmt: skip
    _copy("rostering_studentguardian", ((p.key, guardians[g], "") for p in people for g in dict.fromkeys(p.guardians)))


def _copy(table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in COLUMNS[table].split())
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(district_table(table), columns)
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)


def _incoming(transfer: Import, person: Person) -> IncomingStudent:
    return IncomingStudent(
        transfer=transfer,
        source_key=person.key,
        given_name=person.given_name,
        middle_name=person.middle_name,
        family_name=person.family_name,
        preferred_name=person.preferred_name,
        student_number=person.student_number,
        state_id=person.state_id,
        email=person.email,
        birth_date=_date(person.birth_date),
        grade=person.grade,
        sex=person.sex,
        guardians=[vars(guardian) for guardian in person.guardians],
    )


def _date(text: str) -> dt.date | None:
    """A date that a database takes: one with an impossible day is unknown to it."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
