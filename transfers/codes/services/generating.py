"""Generate Transfer Code: who it is for is chosen now, in this district; the public schema gets a hash and counts."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from django.db import connection, transaction
from psycopg import sql

from accounts.pages import NOBODY
from ledger.services import append_entry
from rostering.models import School, Student
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import district_table
from transfers.codes.choices import Choice
from transfers.codes.errors import GeneratedAlreadyError, NobodyToGiveError, NotSubscribedError
from transfers.codes.macs import mac_of
from transfers.codes.models import Kind, TransferCode
from transfers.codes.subscribed import NO_RENAISSANCE, has_renaissance
from transfers.codes.symbols import new_code, written
from transfers.imports.models import Offer, OfferedStudent

VALID_FOR: Final = dt.timedelta(days=30)
"""\"Codes must be used within 30 days.\" To the second: then, and not before, it has expired."""
CHOOSE = """
INSERT INTO {offered} (offer_id, student_id)
SELECT {offer}, s.id FROM {student} AS s
JOIN {identity} AS i ON i.student_id = s.id
JOIN {school} AS c ON c.id = s.school_id AND c.is_active
WHERE s.status = 'active' AND {chosen}
"""


@dataclass(frozen=True)
class NewCode:
    """A code that was generated. The text is shown once, and kept nowhere."""

    text: str
    code: TransferCode
    offer: Offer


def generate_code(
    district: District,
    choice: Choice,
    *,
    actor: str,
    at: dt.datetime,
    school_id: int | None = None,
    key: UUID | None = None,
) -> NewCode:
    """Generate a transfer code in the entered district.

    "Only students who are currently enrolled in a school can be transferred": those who are active, have an identity
    and an active school are chosen now, and no other is fetched with the code later.

    Args:
        school_id: the one school that whoever asks may give from; None for every school.
        key: names the request, so that a form that is sent twice makes one code.

    Raises:
        NotSubscribedError: the district has no Renaissance product on that day.
        NobodyToGiveError: nobody is enrolled whom it would be for.
        GeneratedAlreadyError: the key was used before.
    """
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        if not has_renaissance(district, at):
            raise NotSubscribedError(NO_RENAISSANCE)
        offer = _offer(choice, school_id, key or uuid4(), at)
        offer.students = _choose_students(offer, choice)
        if not offer.students:
            raise NobodyToGiveError(_nobody(choice))
        offer.save(update_fields=["students"])
        text, facts = new_code(), {"kind": offer.kind, "students": offer.students, "made_by": actor, "made_at": at}
        code = TransferCode.objects.create(
            id=offer.pk, mac=mac_of(text), district=district, expires_at=at + VALID_FOR, **facts
        )
        known = {"code": str(code.pk), "kind": offer.kind, "school": offer.school_id, "students": offer.students}
        append_entry(district.pk, "code_generated", actor=actor, at=at, facts=known)
    return NewCode(written(text), code, offer)


def _offer(choice: Choice, school_id: int | None, key: UUID, at: dt.datetime) -> Offer:
    """The offer, for now of nobody.

    Raises:
        NobodyToGiveError: the school is none, or not theirs; the student is none, or not there.
        GeneratedAlreadyError: there is one of this key.
    """
    school, grade = choice.school_id, choice.grade
    if choice.kind == Kind.STUDENT:
        of = Student.objects.filter(pk=choice.student_id or NOBODY).values_list("school_id", "grade").first()
        school, grade = of or (None, "")
    schools = School.objects.filter(pk=school or NOBODY, is_active=True)
    if school_id is not None:
        schools = schools.filter(pk=school_id)
    found = schools.first()
    if found is None:
        raise NobodyToGiveError(_nobody(choice))
    if TransferCode.objects.filter(pk=key).exists():
        raise GeneratedAlreadyError(
            "A code was generated with this form already, and was shown then. If you have not copied it, revoke it in "
            "the list of codes, and generate a new one."
        )
    return Offer.objects.create(id=key, kind=choice.kind, school=found, grade=grade, students=0, made_at=at)


def _choose_students(offer: Offer, choice: Choice) -> int:
    chosen = (
        sql.SQL("s.id = {}").format(sql.Literal(choice.student_id))
        if choice.kind == Kind.STUDENT
        else sql.SQL("s.school_id = {} AND s.grade = {}").format(sql.Literal(offer.school_id), sql.Literal(offer.grade))
    )
    statement = sql.SQL(CHOOSE).format(
        offered=district_table(OfferedStudent._meta.db_table),
        offer=sql.Literal(offer.pk),
        student=district_table("rostering_student"),
        identity=district_table("rostering_studentidentity"),
        school=district_table("rostering_school"),
        chosen=chosen,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def _nobody(choice: Choice) -> str:
    who = "This student is" if choice.kind == Kind.STUDENT else "Nobody in this grade is"
    not_now = "not enrolled" if choice.kind == Kind.STUDENT else "enrolled"
    return (
        f"{who} {not_now} in a school that you may transfer data from. Only students who are currently enrolled in a "
        "school can be transferred. No code was generated."
    )
