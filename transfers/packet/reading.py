"""Reading a packet in the source's schema, some students at a time. Nothing is written there.

A page is read in one transaction under the source's lock. So whoever is anonymized at the same moment was either read
before, whole, or is not there any more, and a reset or a merge never lies in the middle of a student.
"""

from collections import defaultdict
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from rostering.models import Student, StudentDemographics, StudentGuardian, StudentIdentity
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import district_table, enter_district
from transfers.imports.models import ImportedRow, OfferedStudent
from transfers.packet.people import PacketGuardian, PacketPage, PacketPerson, PacketRecord, PacketStudent
from transfers.packet.tables import OWN, transferred_tables

PAGE: Final = 50
"""Students read at a time, with all their records: what is in memory does not grow with the packet."""

RECORDS = """
SELECT DISTINCT ON (t.student_id, t.school_year, coalesce(l.source_id, t.id))
       t.student_id, t.school_year, coalesce(l.source_id, t.id)::text, (to_jsonb(t) - {own}::text[])::text
FROM {table} AS t
LEFT JOIN {lineage} AS l ON l.relation = {name} AND l.school_year = t.school_year AND l.row_id = t.id
WHERE t.student_id = ANY({students}::bigint[])
ORDER BY t.student_id, t.school_year, coalesce(l.source_id, t.id), t.id
"""
"""A record that came here itself, and got a new id because its own was taken, goes on under its own."""


def read_page(source: District, offer_id: UUID, *, after: int = 0, limit: int = PAGE) -> PacketPage:
    """Read students of an offer in the source's district, in the order of their keys; outside of any transaction.

    Args:
        after: the last key of the page before.

    Returns:
        those who still have an identity, with the records of all school years.

    Raises:
        DistrictError: the source was removed.
    """
    with enter_district(source), transaction.atomic():
        take_lock(Lock.DISTRICT, source.pk)
        keys = _keys(offer_id, after, limit)
        people = _people(keys)
        records = _records(keys)
        students = tuple(PacketStudent(people[key], tuple(records[key])) for key in keys)
    return PacketPage(students, keys[-1] if len(keys) == limit else None)


def _keys(offer_id: UUID, after: int, limit: int) -> list[int]:
    offered = OfferedStudent.objects.filter(offer_id=offer_id).values("student_id")
    named = StudentIdentity.objects.filter(pk__in=offered, pk__gt=after)
    return list(named.order_by("pk").values_list("pk", flat=True)[:limit])


def _people(keys: list[int]) -> dict[int, PacketPerson]:
    grades = dict(Student.objects.filter(pk__in=keys).values_list("pk", "grade"))
    known = {row.pk: row for row in StudentDemographics.objects.filter(pk__in=keys)}
    guardians = _guardians(keys)
    return {
        row.pk: _person(row, grades[row.pk], known.get(row.pk), guardians[row.pk])
        for row in StudentIdentity.objects.filter(pk__in=keys)
    }


def _person(
    who: StudentIdentity, grade: str, known: StudentDemographics | None, guardians: list[PacketGuardian]
) -> PacketPerson:
    return PacketPerson(
        source_key=who.pk,
        given_name=who.given_name,
        middle_name=who.middle_name,
        family_name=who.family_name,
        preferred_name=who.preferred_name,
        student_number=who.student_number,
        state_id=who.state_id,
        username=who.username,
        email=who.email,
        birth_date=who.birth_date,
        grade=grade,
        sex=known.sex if known else "",
        race=known.race if known else "",
        hispanic_or_latino=known.hispanic_or_latino if known else None,
        guardians=tuple(guardians),
    )


def _guardians(keys: list[int]) -> dict[int, list[PacketGuardian]]:
    found: dict[int, list[PacketGuardian]] = defaultdict(list)
    links = StudentGuardian.objects.filter(student_id__in=keys, guardian__identity__isnull=False)
    names = ("given_name", "family_name", "email", "phone")
    for student, relation, *values in links.order_by("student_id", "guardian_id").values_list(
        "student_id", "relation", *(f"guardian__identity__{name}" for name in names)
    ):
        found[student].append(PacketGuardian(*map(str, (*values, relation))))
    return found


def _records(keys: list[int]) -> dict[int, list[PacketRecord]]:
    found: dict[int, list[PacketRecord]] = defaultdict(list)
    for table in transferred_tables():
        statement = sql.SQL(RECORDS).format(
            own=sql.Literal(list(OWN)),
            table=district_table(table.name),
            name=sql.Literal(table.name),
            lineage=district_table(ImportedRow._meta.db_table),
            students=sql.Literal(keys),
        )
        with connection.cursor() as cursor:
            cursor.execute(statement)
            for student, year, row_id, row in cursor.fetchall():
                found[student].append(PacketRecord(table.name, year, row_id, row))
    return found
