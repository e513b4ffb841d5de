"""Entering a code: what it is for, and the one statement that decides who uses it."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q

from ledger.services import append_entry, append_later
from rostering.models import School, StudentIdentity
from tenants.errors import DistrictError
from tenants.jobs.services import enqueue_job
from tenants.locks import Lock, take_lock
from tenants.models import District
from tenants.schema import enter_district
from transfers.codes import errors
from transfers.codes.guesses import check_guesses, count_guess
from transfers.codes.macs import code_with
from transfers.codes.models import CodeState, TransferCode
from transfers.codes.subscribed import NO_RENAISSANCE, has_renaissance
from transfers.codes.symbols import read_code
from transfers.imports.kinds import ANALYZE
from transfers.imports.models import Import, Offer, OfferedStudent

REFUSED = {
    CodeState.USED: errors.UsedCodeError,
    CodeState.EXPIRED: errors.ExpiredCodeError,
    CodeState.REVOKED: errors.RevokedCodeError,
}


@dataclass(frozen=True)
class CodePreview:
    """\"You will see the previous district and school for the student(s) whose data can be imported with this code.\"

    Attributes:
        students: how many of them can still be imported.
        gone: how many were anonymized since the code was made.
    """

    code: TransferCode
    district: District
    school: str
    grade: str
    students: int
    gone: int


def find_code(district: District, typed: str, *, actor: str, at: dt.datetime) -> TransferCode:
    """The code that somebody of the entered district typed, when it can be used there now.

    Raises:
        CodeRefusedError: it cannot; each case has a class and words of its own.
        NotSubscribedError: the district has no Renaissance product.
    """
    symbols = read_code(typed)
    check_guesses(district, actor)
    code = code_with(symbols)
    if code is None:
        count_guess(district, actor)
        raise errors.UnknownCodeError
    check_usable(code, district, at)
    return code


def check_usable(code: TransferCode, district: District, at: dt.datetime) -> None:
    """Refuse a code that the entered district cannot use now.

    Raises:
        CodeRefusedError: it cannot be used here.
        NotSubscribedError: the district has no Renaissance product.
    """
    if code.district_id == district.pk:
        raise errors.OwnCodeError
    if code.district.removed_at is not None:
        raise errors.SourceGoneError
    state = code.state(at)
    if state in REFUSED:
        raise REFUSED[state]
    if not has_renaissance(district, at):
        raise errors.NotSubscribedError(NO_RENAISSANCE)


def preview_code(code: TransferCode) -> CodePreview:
    """Whose data a code lets a site import: read in the source's schema, outside of any transaction of the reader's.

    Raises:
        CodeRefusedError: nobody is left, or the source is gone.
    """
    source = code.district
    try:
        with enter_district(source):
            offer = Offer.objects.select_related("school").get(pk=code.pk)
            offered = OfferedStudent.objects.filter(offer=offer).values("student_id")
            students = StudentIdentity.objects.filter(pk__in=offered).count()
    except DistrictError as error:
        raise errors.SourceGoneError from error
    if not students:
        raise errors.NobodyLeftError
    return CodePreview(code, source, offer.school.name, offer.grade, students, offer.students - students)


def redeem_code(district: District, code: TransferCode, *, school: School, actor: str, at: dt.datetime) -> Import:
    """Use a code in the entered district: its import begins, and a worker analyzes the data.

    One conditional UPDATE decides who uses a code, however many try at the same moment.

    Args:
        code: as `find_code` found it.
        school: into which the students are enrolled.

    Raises:
        CodeRefusedError: it cannot be used any more; nothing was changed.
        NotSubscribedError: the district has no Renaissance product.
    """
    code = _checked(code.pk, district, at)
    seen, key = preview_code(code), uuid4()
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        if not _use(code, district, key, actor, at):
            _checked(code.pk, district, at)
            raise errors.UsedCodeError
        transfer = Import.objects.create(
            id=key, code_id=code.pk, source_district_id=seen.district.pk, source_district=seen.district.name,
            source_school=seen.school, kind=code.kind, grade=seen.grade, school=school, requested_by=actor,
            requested_at=at, expires_at=code.expires_at, students=seen.students,
        )  # fmt: skip
        enqueue_job(district, ANALYZE, str(key), due_at=at, payload={"import": str(key)})
        _record(district, seen, transfer, actor, at)
    return transfer


def _checked(key: UUID, district: District, at: dt.datetime) -> TransferCode:
    """The code as it is now, when it can be used."""
    code = TransferCode.objects.select_related("district").filter(pk=key).first()
    if code is None:
        raise errors.UnknownCodeError
    check_usable(code, district, at)
    return code


def _use(code: TransferCode, district: District, key: UUID, actor: str, at: dt.datetime) -> bool:
    """Whether this one has it. The conditions name the code's own columns only.

    With a condition on another table Django would put all of them into a subquery, and PostgreSQL would not look at
    them again after it had waited for somebody else's update of the row.
    """
    usable = TransferCode.objects.filter(
        ~Q(district_id=district.pk), pk=code.pk, redeemed_at=None, revoked_at=None, expires_at__gt=at
    )
    return bool(
        usable.update(
            redeemed_at=at, redeemed_by=actor, destination=district, import_id=key, redemptions=F("redemptions") + 1
        )
    )


def _record(district: District, seen: CodePreview, transfer: Import, actor: str, at: dt.datetime) -> None:
    same = {"code": str(seen.code.pk), "import": str(transfer.pk), "students": seen.students}
    mine = {**same, "source_district": seen.district.pk, "school": transfer.school_id}
    append_entry(district.pk, "code_redeemed", actor=actor, at=at, facts=mine)
    told = {**same, "destination_district": district.pk}
    append_later(
        seen.district, "code_redeemed", f"code_redeemed {transfer.pk}", actor="system:transfers", at=at, facts=told
    )
