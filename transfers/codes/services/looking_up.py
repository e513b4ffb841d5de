"""Looking a code up: whether it can be used here now, and whose data it lets a site import."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from rostering.models import StudentIdentity
from tenants.errors import DistrictError
from tenants.models import District
from tenants.schema import enter_district
from transfers.codes import errors
from transfers.codes.guesses import check_guesses, count_guess
from transfers.codes.macs import code_with
from transfers.codes.models import CodeState, TransferCode
from transfers.codes.subscribed import NO_RENAISSANCE, has_renaissance
from transfers.codes.symbols import read_code
from transfers.imports.models import Offer, OfferedStudent

REFUSED: Final = {
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
