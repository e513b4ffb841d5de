"""Match Student and Create New Student. "Decide Later" changes nothing, so it needs no service.

Several reviewers at once do not overwrite each other: each decision says which version of the student it was taken on,
and is one conditional UPDATE. The import's row is shared meanwhile, so that nobody starts importing in between.
"""

import datetime as dt

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from psycopg import sql

from rostering.models import StudentIdentity
from tenants.schema import district_table
from transfers.imports.errors import TransferRefusedError
from transfers.imports.models import Decision, Import, ImportedStudent, IncomingStudent
from transfers.imports.services import approval_refusal
from transfers.review.errors import AlreadyDecidedError, RecordTakenError

SHARE = "SELECT FROM {imports} WHERE id = {key} FOR SHARE"


def match_student(incoming_id: int, student_id: int, version: int, *, actor: str, at: dt.datetime) -> IncomingStudent:
    """Match an incoming student of the entered district to a record of it.

    Args:
        incoming_id: the staged row's key.
        student_id: the record here.
        version: which one of the student the reviewer saw.

    Returns:
        the student as they are decided now.

    Raises:
        AlreadyDecidedError: another reviewer was first.
        RecordTakenError: another student of the transfer has the record.
        TransferRefusedError: the record is gone, or the transfer cannot be reviewed (any more).
    """
    with transaction.atomic():
        incoming = _held(incoming_id, at)
        if not StudentIdentity.objects.filter(pk=student_id).exists():
            raise TransferRefusedError("That record is not on this site any more. Search again.")
        try:
            with transaction.atomic():
                return _decide(incoming, version, Decision.MATCH, student_id, actor, at)
        except IntegrityError:
            others = IncomingStudent.objects.filter(transfer_id=incoming.transfer_id, match_key=student_id)
            if (other := others.first()) is None:
                raise
            raise RecordTakenError(name_of(other), other.pk) from None


def create_new_student(incoming_id: int, version: int, *, actor: str, at: dt.datetime) -> IncomingStudent:
    """Import an incoming student of the entered district as a new student, whoever they were matched to.

    Raises:
        AlreadyDecidedError: another reviewer was first.
        TransferRefusedError: the transfer cannot be reviewed (any more).
    """
    with transaction.atomic():
        return _decide(_held(incoming_id, at), version, Decision.NEW, None, actor, at)


def review_refusal(transfer: Import, at: dt.datetime) -> str:
    """Why an import cannot be reviewed now; empty when it can: whatever can still be imported can be reviewed."""
    return approval_refusal(transfer, at)


def name_of(person: IncomingStudent | ImportedStudent) -> str:
    """A student's name as pages write it."""
    return f"{person.given_name} {person.family_name}"


def _held(incoming_id: int, at: dt.datetime) -> IncomingStudent:
    """The student, whose import stays as it is until the caller's transaction ends."""
    incoming = IncomingStudent.objects.select_related("transfer").filter(pk=incoming_id).first()
    if incoming is None:
        raise TransferRefusedError("This student is not to be reviewed any more. Go back to the list.")
    if reason := review_refusal(incoming.transfer, at):  # before the lock: an import that goes on holds it for long
        raise TransferRefusedError(reason)
    query = sql.SQL(SHARE).format(
        imports=district_table(Import._meta.db_table), key=sql.Literal(str(incoming.transfer_id))
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
    if reason := review_refusal(Import.objects.get(pk=incoming.transfer_id), at):
        raise TransferRefusedError(reason)
    return incoming


def _decide(
    incoming: IncomingStudent, version: int, decision: Decision, student: int | None, actor: str, at: dt.datetime
) -> IncomingStudent:
    if student is not None and (line := _imported_to(incoming, student)):
        raise RecordTakenError(name_of(line))
    changed = IncomingStudent.objects.filter(pk=incoming.pk, version=version).update(
        match_key=student, decision=decision, decided_by=actor, decided_at=at, version=F("version") + 1
    )
    now = IncomingStudent.objects.filter(pk=incoming.pk).first()
    if now is None:
        raise TransferRefusedError("This student is not to be reviewed any more. Go back to the list.")
    if not changed:
        raise AlreadyDecidedError(now)
    return now


def _imported_to(incoming: IncomingStudent, student: int) -> ImportedStudent | None:
    """Who of the same transfer was imported to the record already, when not everybody was."""
    return ImportedStudent.objects.filter(transfer_id=incoming.transfer_id, student_id=student).first()
