"""Revoking a code that is not used yet."""

import datetime as dt
from typing import Final
from uuid import UUID

from django.db import transaction

from ledger.services import append_entry
from tenants.locks import Lock, take_lock
from tenants.models import District
from transfers.codes.errors import NotRevocableError
from transfers.codes.models import CodeState, TransferCode
from transfers.imports.models import Offer

WHY_NOT: Final = {
    CodeState.USED: "This code was used already, so it cannot be revoked: ask the other site to cancel its import.",
    CodeState.EXPIRED: "This code has expired: nobody can use it any more, and there is nothing to revoke.",
    CodeState.REVOKED: "This code was revoked already.",
}


def revoke_code(
    district: District, code_id: UUID, *, actor: str, at: dt.datetime, school_id: int | None = None
) -> TransferCode:
    """Revoke a code of the entered district: from now on nobody can use it. Nothing else changes.

    Args:
        school_id: the one school whose codes whoever asks may revoke; None for all.

    Raises:
        Offer.DoesNotExist: the district (or school) has no such code.
        NotRevocableError: it is used, expired or revoked already.
    """
    with transaction.atomic():
        take_lock(Lock.DISTRICT, district.pk)
        mine = Offer.objects.all() if school_id is None else Offer.objects.filter(school_id=school_id)
        offer = mine.get(pk=code_id)
        still_open = TransferCode.objects.filter(
            pk=offer.pk, district=district, redeemed_at=None, revoked_at=None, expires_at__gt=at
        )
        changed = still_open.update(revoked_at=at, revoked_by=actor)
        code = TransferCode.objects.get(pk=offer.pk)
        if not changed:
            raise NotRevocableError(WHY_NOT[code.state(at)])
        append_entry(district.pk, "code_revoked", actor=actor, at=at, facts={"code": str(code.pk)})
    return code
