"""A cancelled or failed import frees its code: "If you change your mind later, you can re-enter the transfer code"."""

import datetime as dt
from uuid import UUID

from ledger.replaying import current_replay
from ledger.services import append_later
from transfers.codes.models import TransferCode


def release_code(import_id: UUID, *, actor: str, at: dt.datetime) -> bool:
    """Let the code of an import be entered again, in the caller's transaction; its 30 days go on as they were.

    The district that made the code is told in its ledger.

    Returns:
        whether there was a code to release; a second call finds none, and changes nothing.
    """
    code = TransferCode.objects.select_related("district").filter(import_id=import_id).first()
    if code is None:
        return False
    mine = TransferCode.objects.filter(pk=code.pk, import_id=import_id)
    if not mine.update(redeemed_at=None, redeemed_by="", destination=None, import_id=None):
        return False
    if code.district.removed_at is None and current_replay() is None:  # in a replay its own ledger has the entry
        facts = {"code": str(code.pk), "import": str(import_id)}
        append_later(code.district, "code_released", f"code_released {import_id}", actor=actor, at=at, facts=facts)
    return True
