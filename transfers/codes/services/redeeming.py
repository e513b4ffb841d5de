"""Using a code: one statement decides who does."""

import datetime as dt
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q

from events.services import note_event
from events.types import TRANSFER_REDEEMED
from ledger.services import append_entry, append_later
from rostering.models import School
from tenants.jobs.services import enqueue_job
from tenants.locks import Lock, take_lock
from tenants.models import District
from transfers.codes import errors
from transfers.codes.models import TransferCode
from transfers.codes.services.looking_up import CodePreview, check_usable, preview_code
from transfers.imports.kinds import ANALYZE
from transfers.imports.models import Import


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
    thin = {**same, "source_district": seen.district.pk}
    note_event(district.pk, TRANSFER_REDEEMED, subject=f"transfer:{transfer.pk}", facts=thin, at=at)
    told = {**same, "destination_district": district.pk}
    append_later(
        seen.district, "code_redeemed", f"code_redeemed {transfer.pk}", actor="system:transfers", at=at, facts=told
    )
